"""The rows that the arguments of addresses and the subjects of messages name, by their edition."""

from salon.accounts.models import ReadToken
from salon.appointments.models import (
    Appointment,
    AppointmentDocument,
    BookingRequest,
    Hold,
    NextStep,
    Ticket,
    Topic,
    WaitingEntry,
)
from salon.badges.models import Attendee, Badge, Group, PrintRun
from salon.billing.models import Payment, Refund, SalesDocument, StatementLine
from salon.dashboard.queries.messages import SUBJECTS
from salon.entrance.models import Conflict
from salon.exhibitors.models import (
    AddedTask,
    Contact,
    Document,
    Exhibitor,
    Invitation,
    NegotiatedLine,
    PriceItem,
)
from salon.fair.access import find_request_edition
from salon.fair.models import (
    Door,
    Edition,
    FairFile,
    Hall,
    Landmark,
    PartnerBody,
    ProgrammeItem,
    Room,
    Stand,
    Theme,
    Zone,
)
from salon.fair.queries import find_edition_of_row
from salon.invitations.models import OrganisationInvitation
from salon.leads.models import Lead
from salon.mailings.models import Mailing
from salon.open_data.models import DataRelease
from salon.paper.models import PaperPack
from salon.placement.models import PlanProposal
from salon.staffing.models import Agent, Exchange, RotaRun, Shift, StandIn, StandInAsk

ROWS = {
    "agent_id": (Agent.id,),
    "appointment_id": (Appointment.id,),
    "ask_id": (StandInAsk.id,),
    "attendee_id": (Attendee.id,),
    "badge_id": (Badge.id,),
    "body_id": (PartnerBody.id,),
    "conflict_id": (Conflict.id,),
    "contact_id": (Contact.id,),
    "door_id": (Door.id,),
    "exchange_id": (Exchange.id,),
    "exhibitor_id": (Exhibitor.id,),
    "file_id": (FairFile.id,),
    "grant_id": (NegotiatedLine.id,),
    "hall_id": (Hall.id,),
    "invitation_id": (Invitation.id,),
    "landmark_id": (Landmark.id,),
    "lead_id": (Lead.id,),
    "line_id": (StatementLine.id,),
    "mailing_id": (Mailing.id,),
    "pack_id": (PaperPack.id,),
    "payment_id": (Payment.id,),
    "proposal_id": (PlanProposal.id,),
    "read_token_id": (ReadToken.id,),
    "refund_id": (Refund.id,),
    "release_id": (DataRelease.id,),
    "room_id": (Room.id,),
    "shift_id": (Shift.id,),
    "stand_id": (Stand.id,),
    "step_id": (NextStep.id,),
    "stand_in_id": (StandIn.id,),
    "task_id": (AddedTask.id,),
    "theme_id": (Theme.id,),
    "ticket_id": (Ticket.id,),
    "topic_id": (Topic.id,),
    "zone_id": (Zone.id,),
    "appointments.document_id": (AppointmentDocument.id,),
    "badges.run_id": (PrintRun.id,),
    "billing.document_id": (SalesDocument.id,),
    "billing.item_id": (PriceItem.id,),
    "exhibitor_space.document_id": (Document.id,),
    "fair.item_id": (ProgrammeItem.id,),
    "staffing.run_id": (RotaRun.id,),
    "token": (
        Agent.calendar_token,
        Appointment.private_token,
        Badge.private_token,
        BookingRequest.private_token,
        Exhibitor.private_token,
        Group.private_token,
        Hold.token,
        OrganisationInvitation.private_token,
        Ticket.private_token,
        WaitingEntry.private_token,
    ),
}


def find_edition_about(subject: str) -> Edition | None:
    """Return the edition of the row of a subject (`exhibitor:12`), else that of the request."""
    kind, _, number = subject.partition(":")
    edition, keys = None, {**SUBJECTS, "edition": Edition.id}
    if kind in keys and number.isdigit():
        edition = find_edition_of_row((keys[kind],), int(number))
    return edition or find_request_edition()
