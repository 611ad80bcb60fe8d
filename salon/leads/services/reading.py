"""Record the badges that a stand scans; only what the visitor shares is revealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from salon.badges.models import Attendee, AttendeeStatus, Badge
from salon.exhibitors.models import Exhibitor
from salon.leads.actions import LeadAction
from salon.leads.models import Interest, Lead, LeadReading
from salon.leads.queries.leads import get_line
from salon.leads.queries.shared import LeadLine
from salon.leads.rules import effective_read_at, is_readable, merged_note
from salon.platform.database.act import Act
from salon.platform.database.db import upsert
from salon.platform.database.journal import write_entry
from salon.platform.words.labels import LabelledEnum

TWO = 2


class ReadState(LabelledEnum):
    KEPT = "kept", "Contact gardé"
    UNKNOWN = "unknown", "Code inconnu"
    ENDED = "ended", "Badge plus valable"


@dataclass(frozen=True)
class ReadItem:
    """A reading as a device sends it.

    The badge is given by the SHA-256 of its code or by its eight typed characters. `note` and
    `interest` may follow later under the same `reading_id`, then without the badge.
    """

    reading_id: str
    read_at: datetime
    code_hash: str = ""
    short_code: str = ""
    note: str = ""
    interest: Interest = Interest.UNSAID


@dataclass(frozen=True)
class ReadResult:
    reading_id: str
    state: ReadState
    line: LeadLine | None = None


def record_readings(act: Act, exhibitor: Exhibitor, items: Sequence[ReadItem]) -> list[ReadResult]:
    """Record the visitors met at a stand; return the results in the order sent. Idempotent.

    A code that is no badge of this edition is not recorded. Lock order: contacts by attendee, so
    that two devices of a stand never deadlock.
    """
    outcomes: dict[str, tuple[ReadState, int | None]] = {}
    with act.transaction() as session:
        badges = {item.reading_id: _find_badge(session, exhibitor, item) for item in items}
        for item in sorted(items, key=lambda reading: _place(badges[reading.reading_id])):
            badge = badges[item.reading_id]
            outcomes[item.reading_id] = _record(act, session, exhibitor, item, badge)
        kept_count = sum(state == ReadState.KEPT for state, _ in outcomes.values())
        subject = f"exhibitor:{exhibitor.id}"
        write_entry(
            session, act.actor, LeadAction.LEADS_READ, subject, count=len(items), found=kept_count
        )
    results = []
    for item in items:
        state, lead_id = outcomes[item.reading_id]
        line = get_line(exhibitor.id, lead_id) if lead_id is not None else None
        results.append(ReadResult(item.reading_id, state, line))
    return results


def _place(badge: Badge | None) -> int:
    return badge.attendee_id if badge is not None else 0


def _find_badge(session: Session, exhibitor: Exhibitor, item: ReadItem) -> Badge | None:
    if not (item.code_hash or item.short_code):
        return None
    statement = select(Badge).where(Badge.edition_id == exhibitor.edition_id)
    if item.code_hash:
        statement = statement.where(Badge.code_hash == item.code_hash)
    else:
        statement = statement.where(
            Badge.code.startswith(item.short_code, autoescape=True), Badge.revoked_at.is_(None)
        )
    two = session.scalars(statement.options(joinedload(Badge.attendee)).limit(TWO)).all()
    return two[0] if len(two) == 1 else None


def _record(
    act: Act, session: Session, exhibitor: Exhibitor, item: ReadItem, badge: Badge | None
) -> tuple[ReadState, int | None]:
    """Return (state of the reading, id of the contact)."""
    reading = session.scalar(select(LeadReading).where(LeadReading.reading_id == item.reading_id))
    if reading is not None:
        lead = lock_lead(session, reading.lead_id)
        if lead.exhibitor_id != exhibitor.id:
            return ReadState.UNKNOWN, None
        _add_words(act, lead, item)
        return ReadState.KEPT, lead.id
    if badge is None:
        return ReadState.UNKNOWN, None
    read_at = effective_read_at(item.read_at, act.now)
    is_here = badge.attendee.status == AttendeeStatus.REGISTERED
    if not is_here or not is_readable(badge.revoked_at, read_at):
        return ReadState.ENDED, None
    lead = get_or_create_lead(session, exhibitor, badge.attendee, read_at)
    add_reading(session, lead, item.reading_id, act.actor.display_name, read_at, act.now)
    _add_words(act, lead, item)
    return ReadState.KEPT, lead.id


def _add_words(act: Act, lead: Lead, item: ReadItem) -> None:
    note = merged_note(lead.note, item.note)
    interest = lead.interest if item.interest == Interest.UNSAID else item.interest
    if (note, interest) != (lead.note, lead.interest):
        lead.note, lead.interest, lead.changed_by = note, interest, act.actor.display_name


def lock_lead(session: Session, lead_id: int) -> Lead:
    """Return the contact, locked until the end of the transaction."""
    statement = select(Lead).where(Lead.id == lead_id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def get_or_create_lead(
    session: Session, exhibitor: Exhibitor, attendee: Attendee, met_at: datetime
) -> Lead:
    """Return the contact of this stand and person, locked; insert it on first use."""
    session.flush()
    session.execute(
        upsert(Lead)
        .values(
            edition_id=exhibitor.edition_id,
            exhibitor_id=exhibitor.id,
            attendee_id=attendee.id,
            met_at=met_at,
        )
        .on_conflict_do_nothing()
    )
    statement = select(Lead.id).where(
        Lead.exhibitor_id == exhibitor.id, Lead.attendee_id == attendee.id
    )
    lead = lock_lead(session, session.scalars(statement).one())
    if met_at < lead.met_at:
        lead.met_at = met_at
    return lead


def add_reading(
    session: Session, lead: Lead, reading_id: str, read_by: str, read_at: datetime, now: datetime
) -> None:
    """Insert a reading. Idempotent by `reading_id`."""
    session.execute(
        upsert(LeadReading)
        .values(
            reading_id=reading_id,
            lead_id=lead.id,
            read_by=read_by,
            read_at=read_at,
            received_at=now,
        )
        .on_conflict_do_nothing()
    )
