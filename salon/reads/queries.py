"""Named reads of what the API answers; each page costs a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from salon.appointments.models import Appointment, AppointmentStatus
from salon.appointments.queries.offers import offers_of
from salon.fair.models import Edition, PartnerBody, ProgrammeItem, Stand, Theme
from salon.platform.database.db import current_session

HELD = (AppointmentStatus.BOOKED, AppointmentStatus.MET, AppointmentStatus.MISSED)
"""States of an appointment that takes, or took, an agent's time."""


@dataclass(frozen=True)
class PublicSlot:
    """A time of an agent, who is not named, on a theme."""

    starts_at: datetime
    ends_at: datetime
    stand: str
    is_free: bool


def programme_after(edition: Edition, last_id: int, most: int) -> Sequence[ProgrammeItem]:
    """Return at most `most` items of the public programme beyond a row, by row, with room and
    theme."""
    statement = (
        select(ProgrammeItem)
        .where(
            ProgrammeItem.edition_id == edition.id,
            ProgrammeItem.is_draft.is_(False),
            ProgrammeItem.id > last_id,
        )
        .options(joinedload(ProgrammeItem.theme))
        .order_by(ProgrammeItem.id)
        .limit(most)
    )
    return current_session().scalars(statement).all()


def themes_after(edition: Edition, last_id: int, most: int) -> Sequence[Theme]:
    """Return at most `most` themes beyond a row, by row, with their body, its stand and hall."""
    statement = (
        select(Theme)
        .where(Theme.edition_id == edition.id, Theme.withdrawn_at.is_(None), Theme.id > last_id)
        .options(joinedload(Theme.body).joinedload(PartnerBody.stand).joinedload(Stand.hall))
        .order_by(Theme.id)
        .limit(most)
    )
    return current_session().scalars(statement).all()


def slots_of(edition: Edition, theme: Theme, now: datetime) -> list[PublicSlot]:
    """Return the slots of a theme by time: those on offer now, and those that are taken.

    None while the fair is postponed or cancelled: nothing is booked then.
    """
    if not edition.is_as_planned:
        return []
    appointments = select(Appointment.starts_at, Appointment.ends_at, Appointment.stand_id).where(
        Appointment.edition_id == edition.id,
        Appointment.theme_id == theme.id,
        Appointment.status.in_(HELD),
    )
    rows = [(*row, False) for row in current_session().execute(appointments)]
    for offer in offers_of(edition, theme.id, now):
        rows += [(slot.starts_at, slot.ends_at, slot.stand_id, True) for slot in offer.slots]
    numbers = _stand_numbers({stand_id for _, _, stand_id, _ in rows})
    slots = [
        PublicSlot(starts_at, ends_at, numbers[stand_id], is_free)
        for starts_at, ends_at, stand_id, is_free in rows
    ]
    return sorted(slots, key=lambda slot: (slot.starts_at, slot.stand, slot.is_free))


def _stand_numbers(stand_ids: set[int]) -> dict[int, str]:
    stands = select(Stand.id, Stand.number).where(Stand.id.in_(stand_ids))
    return dict(current_session().execute(stands).all())
