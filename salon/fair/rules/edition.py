"""Rules of an edition, and its phases in time."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from salon.fair.models import Edition, Hall, ProgrammeItem
from salon.platform.words import formats
from salon.platform.words.errors import RuleBroken

AREA_TOLERANCE = 0.01
"""Share of a hall's announced area by which width × depth may differ from it."""


class EditionAlreadyLoaded(RuleBroken):
    message = "Cette édition est déjà dans la base : rien n’a été chargé."


class DatesOutOfOrder(RuleBroken):
    status = 400
    message = (
        "Une édition a au moins un jour, chaque jour ouvre avant de fermer, "
        "et les inscriptions ouvrent avant de fermer."
    )


class RegistrationClosesFirst(RuleBroken):
    status = 400
    message = "Les inscriptions ferment avant d’ouvrir : relisez ces deux dates."


class NoDay(RuleBroken):
    status = 400
    message = "Le salon ouvre au moins un jour : indiquez-le avec ses heures."


class DayTwice(RuleBroken):
    status = 400


class DayClosesBeforeOpening(RuleBroken):
    status = 400


class HallAreaDiffers(RuleBroken):
    status = 400


class ProgrammeOutsideOpeningHours(RuleBroken):
    status = 400


def check_dates_are_in_order(edition: Edition) -> None:
    """At least one day; days and registrations open before they close."""
    in_order = (
        bool(edition.days)
        and all(day.opens < day.closes for day in edition.days)
        and edition.registration_opens_at < edition.registration_closes_at
    )
    if not in_order:
        raise DatesOutOfOrder


def check_registration_opens_first(opens_at: datetime, closes_at: datetime) -> None:
    if opens_at >= closes_at:
        raise RegistrationClosesFirst


class OpeningDay(Protocol):
    @property
    def day_on(self) -> date: ...

    @property
    def opens(self) -> time: ...

    @property
    def closes(self) -> time: ...


def check_days(days: Sequence[OpeningDay]) -> None:
    """At least one day, each once, and each opens before it closes."""
    if not days:
        raise NoDay
    for day, count in Counter(day.day_on for day in days).items():
        if count > 1:
            raise DayTwice(f"Le {formats.day(day)} est indiqué deux fois.")
    for opening in days:
        if opening.opens >= opening.closes:
            raise DayClosesBeforeOpening(
                f"Le {formats.day(opening.day_on)}, le salon ferme avant d’ouvrir."
            )


def check_hall_has_its_area(hall: Hall) -> None:
    """Width × depth is the announced area, within 1 %."""
    if abs(hall.width * hall.depth - hall.area) > AREA_TOLERANCE * hall.area:
        raise HallAreaDiffers(
            f"Hall {hall.name} : {hall.width:g} m × {hall.depth:g} m ne font pas {hall.area:g} m²."
        )


def check_item_is_in_opening_hours(item: ProgrammeItem, edition: Edition) -> None:
    for day in edition.days:
        if day.opens_at <= item.starts_at < item.ends_at <= day.closes_at:
            return
    raise ProgrammeOutsideOpeningHours(
        f"« {item.title} » ne tient pas dans les heures d’ouverture."
    )


class Phase(StrEnum):
    """Phase of an edition, which decides what a visitor can do next."""

    ANNOUNCED = "announced"
    REGISTERING = "registering"
    CLOSED = "closed"
    EVE = "eve"
    OPENING_SOON = "opening_soon"
    OPEN = "open"
    FINISHED = "finished"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


def phase_of(edition: Edition, now: datetime) -> Phase:
    """Return the phase at `now`, in local time; a night between two days is an eve."""
    if not edition.is_as_planned:
        return Phase(edition.standing.value)
    left = [day for day in edition.days if day.closes_at > now]
    if not left:
        return Phase.FINISHED
    today = now.date()
    if left[0].opens_at <= now:
        return Phase.OPEN
    if left[0].day_on == today:
        return Phase.OPENING_SOON
    if left[0].day_on == today + timedelta(days=1):
        return Phase.EVE
    if now < edition.registration_opens_at:
        return Phase.ANNOUNCED
    return Phase.REGISTERING if registrations_are_open(edition, now) else Phase.CLOSED


def registrations_are_open(edition: Edition, now: datetime) -> bool:
    """Return whether online registration is open; on the day, the welcome desk registers."""
    is_in_time = edition.registration_opens_at <= now < edition.registration_closes_at
    return is_in_time and edition.is_as_planned


def on_now_and_next(
    items: Sequence[ProgrammeItem], now: datetime
) -> tuple[list[ProgrammeItem], list[ProgrammeItem]]:
    """Return the items on at `now` (local time), and the next ones to start that day."""
    on_now = [item for item in items if item.starts_at <= now < item.ends_at]
    later = [
        item
        for item in items
        if item.starts_at > now and item.starts_at.astimezone(now.tzinfo).date() == now.date()
    ]
    first = min((item.starts_at for item in later), default=None)
    return on_now, [item for item in later if item.starts_at == first]
