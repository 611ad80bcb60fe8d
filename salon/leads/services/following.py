"""A stand's notes on its contacts, and its downloads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from salon.exhibitors.models import Exhibitor
from salon.leads.actions import LeadAction
from salon.leads.models import Interest, Lead, LeadConsent
from salon.leads.models.labels import Purpose
from salon.leads.queries.leads import lines_of
from salon.leads.queries.shared import LeadLine
from salon.leads.services.reading import lock_lead
from salon.platform.database.act import Act
from salon.platform.database.journal import write_entry
from salon.platform.database.versions import check_version


@dataclass(frozen=True)
class FollowUp:
    """The notes of a stand on a contact. `is_done`: the promised follow-up is done."""

    interest: Interest
    note: str
    follow_up: str
    follow_up_on: date | None
    is_done: bool


def change_lead(act: Act, line: LeadLine, version: int, follow_up: FollowUp) -> None:
    """Save the note, the interest and the promise. Raises StaleVersion."""
    with act.transaction() as session:
        lead = lock_lead(session, line.id)
        check_version(version, lead.version)
        lead.interest, lead.note = follow_up.interest, follow_up.note
        lead.follow_up, lead.follow_up_on = follow_up.follow_up, follow_up.follow_up_on
        if follow_up.is_done:
            lead.follow_up_done_at = lead.follow_up_done_at or act.now
        else:
            lead.follow_up_done_at = None
        if session.is_modified(lead):
            lead.changed_by = act.actor.display_name
            write_entry(
                session,
                act.actor,
                LeadAction.CHANGED,
                f"exhibitor:{lead.exhibitor_id}",
                rows=lead.id,
            )


def take_file(act: Act, exhibitor: Exhibitor, purpose: Purpose, kind: str) -> Sequence[LeadLine]:
    """Return the lines of a file for one purpose, and record the download for the visitors.

    The contacts are locked before the consents are read, in a statement of their own: a concurrent
    withdrawal either comes first and is obeyed, or comes after and shows the download.
    """
    with act.transaction() as session:
        ids = select(Lead.id).where(Lead.exhibitor_id == exhibitor.id).order_by(Lead.id)
        session.scalars(ids.with_for_update()).all()
        lines = lines_of(exhibitor.id, purpose)
        shared = [line.id for line in lines if line.person is not None]
        live = (
            LeadConsent.lead_id.in_(shared),
            LeadConsent.purpose == purpose,
            LeadConsent.withdrawn_at.is_(None),
        )
        session.execute(update(LeadConsent).where(*live).values(downloaded_at=act.now))
        subject = f"exhibitor:{exhibitor.id}"
        write_entry(
            session,
            act.actor,
            LeadAction.LEADS_EXPORTED,
            subject,
            format=kind,
            purpose=purpose,
            rows=len(shared),
        )
    return lines
