"""The steps of the first day; each saves by itself."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from salon.badges.services.places import write_department
from salon.badges.services.territory import Territory, change_territory, values_of
from salon.fair.engine.layout import NewStand
from salon.fair.models import Door, Edition, EditionDay
from salon.fair.queries import find_edition
from salon.fair.services import open_edition, put_rows
from salon.fair.services import settings as fair
from salon.fair.services.days import DayHours, change_days, days_of
from salon.fair.services.halls import add_hall, change_hall, hall_values, remove_hall
from salon.fair.services.place import change_place, place_of
from salon.fair.services.village import add_body
from salon.first_day import queries, rules
from salon.first_day.rules import SetUpStep
from salon.platform.database.db import transaction
from salon.platform.database.identity import Identity
from salon.platform.database.journal import write_entry
from salon.platform.database.marks import write_mark
from salon.platform.database.versions import stamp_of
from salon.platform.settings.clock import in_zone, now, paris
from salon.platform.words.territory import places_of
from salon.platform.words.texts import folded

OPENS, CLOSES = time(9), time(17, 30)
"""Hours of a day until they are set."""
STAND_SIDE = 3.0
"""Metres: the side of a stand of the village until the plan is drawn."""
HALL_GAP = 10.0
"""Metres between two halls on the plan of the park."""
LAST = 999
"""Place of a body in the list: after all others."""
HALL_DEFAULTS = {"aisle": 3.0, "power_kw": 9, "has_water": False, "description": ""}
DOORS: tuple[tuple[str, str, list[str]], ...] = (
    ("A", "Entrée des visiteurs", []),
    ("X", "Entrée des exposants", ["exhibitor", "agent", "organiser"]),
)


@dataclass(frozen=True)
class HallSize:
    """A hall in metres."""

    name: str
    width: float
    depth: float


def save_territory(territory: Territory, day_on: date, actor: Identity) -> None:
    """Create the edition on its territory, open on this day; or change the one in preparation."""
    edition = queries.find_edition_in_preparation()
    if edition is not None:
        change_territory(edition, territory, stamp_of(values_of(edition)), actor)
        return
    places = places_of(territory.department)
    with transaction() as session:
        edition = Edition(
            slug=_free_slug(day_on),
            name="Salon des maires",
            short_name="Salon des maires",
            place="",
            address="",
            city="",
            organiser="",
            registration_opens_at=now(),
            registration_closes_at=_closing_of(day_on, territory.time_zone),
            department=territory.department,
            village_name=territory.village_name,
            time_zone=territory.time_zone,
            days=[EditionDay(day_on=day_on, opens=OPENS, closes=CLOSES)],
        )
        session.add(edition)
        session.flush()
        for code, label, admits in DOORS:
            session.add(Door(edition_id=edition.id, code=code, label=label, admits=admits))
        write_department(session, territory.department, places, actor)
        write_entry(session, actor, "edition.begun", f"edition:{edition.id}", slug=edition.slug)
        _reach(session, SetUpStep.ORGANISER)


def _free_slug(day_on: date) -> str:
    year = str(day_on.year)
    return year if find_edition(year) is None else f"{year}-{day_on:%m-%d}"


def _closing_of(day_on: date, zone: str) -> datetime:
    with in_zone(zone):
        return max(paris(day_on, CLOSES), now() + timedelta(days=1))


def save_organiser(
    edition: Edition, name: str, short_name: str, organiser: str, actor: Identity
) -> None:
    """Name the fair and its organiser."""
    changes = {"name": name, "short_name": short_name, "organiser": organiser}
    fair.change_identity(edition, changes, stamp_of(fair.identity_of(edition)), actor)
    _pass_step(SetUpStep.ORGANISER)


def save_place(edition: Edition, place: str, address: str, city: str, actor: Identity) -> None:
    """Say where the fair is."""
    changes = {"place": place, "address": address, "city": city}
    change_place(edition, changes, stamp_of(place_of(edition)), actor)
    _pass_step(SetUpStep.PLACE)


def save_days(edition: Edition, days: Sequence[DayHours], actor: Identity) -> None:
    """Replace the days. Raises NoDay, DayTwice, DayClosesBeforeOpening."""
    change_days(edition, {"days": days}, stamp_of(days_of(edition)), actor)
    _pass_step(SetUpStep.DAYS)


def save_halls(edition: Edition, halls: Sequence[HallSize], actor: Identity) -> None:
    """Add, change and remove halls until they are these, side by side on the plan of the park.

    Raises NoHall, HallTwice, FloorFaults, HallStillUsed.
    """
    rules.check_halls([hall.name for hall in halls])
    rows = {hall.name: hall for hall in queries.halls_in_order(edition)}
    for hall in halls:
        row = rows.pop(hall.name, None)
        if row is None:
            x = max((placed.x + placed.width + HALL_GAP for placed in edition.halls), default=0.0)
            values = {**HALL_DEFAULTS, **asdict(hall), "x": x, "y": 0.0}
            add_hall(edition, values, str(uuid4()), actor)
        else:
            current = hall_values(row)
            change_hall(edition, row, {**current, **asdict(hall)}, stamp_of(current), actor)
    for row in rows.values():
        remove_hall(edition, row, stamp_of(hall_values(row)), actor)
    _pass_step(SetUpStep.HALLS)


def add_bodies(edition: Edition, names: Sequence[str], actor: Identity) -> None:
    """Add bodies to the village, each on a small stand of the first hall.

    A body of that name already there is left. Raises HallTooSmall.
    """
    present_names = {folded(body.name) for body in queries.bodies_of(edition)}
    fresh = [name for name in dict.fromkeys(names) if folded(name) not in present_names]
    hall = queries.halls_in_order(edition)[0]
    first = NewStand(f"V{len(hall.stands) + 1}", 0, 0, STAND_SIDE, STAND_SIDE)
    with transaction(hall) as session:
        stands = put_rows(session, hall, first, len(fresh))
    for name, stand in zip(fresh, stands, strict=True):
        words = {"name": name, "short_name": name, "topics": "", "presentation": ""}
        add_body(edition, {**words, "stand_id": stand.id, "place": LAST}, str(uuid4()), actor)
    _pass_step(SetUpStep.VILLAGE)


def save_registration(
    edition: Edition, opens_at: datetime, closes_at: datetime, actor: Identity
) -> None:
    """Date the registration. Raises RegistrationClosesBeforeOpening."""
    rules.check_registration(opens_at, closes_at)
    with transaction(edition) as session:
        edition.registration_opens_at, edition.registration_closes_at = opens_at, closes_at
        write_entry(session, actor, "edition.registration_dated", f"edition:{edition.id}")
        _reach(session, SetUpStep.SHARE)


def open_fair(edition: Edition, actor: Identity) -> None:
    """Show the fair to the public: the first day is over."""
    open_edition(edition.id, actor)


def _pass_step(step: SetUpStep) -> None:
    with transaction() as session:
        _reach(session, step.following)


def _reach(session: Session, step: SetUpStep) -> None:
    """Mark a step as reached; going back to an earlier one does not lose the place."""
    if step.number > queries.step_reached().number or step == SetUpStep.ORGANISER:
        write_mark(session, queries.STEP_MARK, step.value)
