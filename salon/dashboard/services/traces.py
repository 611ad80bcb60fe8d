"""Texts written by people and devices that may name a person.

Rows of the person themselves are blanked elsewhere. Left out: the organiser's published texts, a
company's own data, what the law requires on an invoice, keys.
"""

from sqlalchemy import inspect
from sqlalchemy.orm import InstrumentedAttribute, Session

from salon.accounts.models import Station
from salon.appointments.models import (
    Appointment,
    AppointmentDocument,
    BookingRequest,
    NextStep,
    WaitingEntry,
)
from salon.badges.models import Attendee, Badge, Printing, PrintRun
from salon.billing.models import Payment, SalesDocument
from salon.dashboard.services.mask import Mask
from salon.entrance.models import Conflict, EntranceSettings, Scan
from salon.exhibitors.models import Document, Exhibitor, Invitation
from salon.kiosk.models import PrintJob
from salon.leads.models import Lead, LeadReading
from salon.paper.models import PaperPack
from salon.placement.models import PlanProposal
from salon.platform.journal import JournalEntry
from salon.platform.mail.outbox import Message
from salon.safety.models import SafetyForm
from salon.staffing.models import AgentPeriod, Exchange, Publication, RotaRun, Shift, StandIn

TEXTS = (
    *(JournalEntry.details, JournalEntry.actor_name),
    *(Message.context, Message.author, Message.last_error),
    *(PrintRun.filters, PrintRun.asked_by, Printing.printed_by, Badge.revoked_reason),
    *(Attendee.registered_by, Attendee.function_other, Attendee.needs_note),
    *(Station.name, Scan.code, EntranceSettings.urgent_numbers),
    *(Conflict.detail, Conflict.note, Conflict.settled_by),
    *(PrintJob.asked_by, PaperPack.asked_by),
    *(Exhibitor.status_reason, Exhibitor.wish_note, Exhibitor.presentation),
    *(Document.name, Document.reason, Document.uploaded_by),
    *(Invitation.label, SafetyForm.answers, SafetyForm.overrides),
    *(Payment.recorded_by, SalesDocument.created_by, PlanProposal.asked_by),
    *(Publication.note, Publication.published_by, Shift.noted_by),
    *(StandIn.reason, StandIn.closed_by, Exchange.words, AgentPeriod.note),
    *(RotaRun.asked_by, RotaRun.result, RotaRun.progress),
    *(Appointment.subject, Appointment.project, Appointment.deadline),
    *(Appointment.note, Appointment.booked_by, BookingRequest.question),
    *(NextStep.words, NextStep.owner, AppointmentDocument.name, WaitingEntry.subject),
    *(Lead.note, Lead.follow_up, Lead.changed_by, LeadReading.read_by),
)


def cover_texts(session: Session, mask: Mask) -> None:
    """Mask the person in every text that may name them."""
    for column in TEXTS:
        mask.cover(session, key_of(column), column, names_alone=True)


def key_of(column: InstrumentedAttribute[object]) -> InstrumentedAttribute[int]:
    """Return the primary key of the table of a column."""
    mapper = inspect(column.class_)
    (key,) = mapper.primary_key
    return mapper.get_property_by_column(key).class_attribute  # type: ignore[no-any-return]
