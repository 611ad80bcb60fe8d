"""The steps of the first day; each saves by itself."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from salon.badges.services.places import write_department
from salon.badges.services.territory import Territory, change_territory, values_of
from salon.fair.actions import FairAction
from salon.fair.engine.layout import NewStand
from salon.fair.models import Door, Edition, EditionDay
from salon.fair.queries import find_edition
from salon.fair.services import open_edition, put_rows
from salon.fair.services import settings as fair
from salon.fair.services.acts import FairAct
from salon.fair.services.days import DayHours, change_days, days_of
from salon.fair.services.halls import add_hall, change_hall, hall_values, remove_hall
from salon.fair.services.place import change_place, place_of
from salon.fair.services.village import add_body
from salon.first_day import queries, rules
from salon.first_day.rules import SetUpStep
from salon.platform.database.act import Act
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


def save_territory(act: Act, territory: Territory, day_on: date) -> None:
    """Create the edition on its territory, open on this day; or change the one in preparation."""
    edition = queries.find_edition_in_preparation()
    if edition is not None:
        change_territory(FairAct.of(act, edition), territory, stamp_of(values_of(edition)))
        return
    places = places_of(territory.department)
    with act.transaction() as session:
        edition = Edition(
            slug=_free_slug(day_on),
            name="Salon des maires",
            short_name="Salon des maires",
            place="",
            address="",
            city="",
            organiser="",
            registration_opens_at=act.now,
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
        write_department(act, session, territory.department, places)
        write_entry(
            session, act.actor, FairAction.EDITION_BEGUN, f"edition:{edition.id}", slug=edition.slug
        )
        _reach(session, SetUpStep.ORGANISER)


def _free_slug(day_on: date) -> str:
    year = str(day_on.year)
    return year if find_edition(year) is None else f"{year}-{day_on:%m-%d}"


def _closing_of(day_on: date, zone: str) -> datetime:
    with in_zone(zone):
        return max(paris(day_on, CLOSES), now() + timedelta(days=1))


def save_organiser(act: FairAct, name: str, short_name: str, organiser: str) -> None:
    """Name the fair and its organiser."""
    changes = {"name": name, "short_name": short_name, "organiser": organiser}
    fair.change_identity(act, changes, stamp_of(fair.identity_of(act.edition)))
    _pass_step(act, SetUpStep.ORGANISER)


def save_place(act: FairAct, place: str, address: str, city: str) -> None:
    """Say where the fair is."""
    changes = {"place": place, "address": address, "city": city}
    change_place(act, changes, stamp_of(place_of(act.edition)))
    _pass_step(act, SetUpStep.PLACE)


def save_days(act: FairAct, days: Sequence[DayHours]) -> None:
    """Replace the days. Raises NoDay, DayTwice, DayClosesBeforeOpening."""
    change_days(act, {"days": days}, stamp_of(days_of(act.edition)))
    _pass_step(act, SetUpStep.DAYS)


def save_halls(act: FairAct, halls: Sequence[HallSize]) -> None:
    """Add, change and remove halls until they are these, side by side on the plan of the park.

    Raises NoHall, HallTwice, FloorFaults, HallStillUsed.
    """
    rules.check_halls([hall.name for hall in halls])
    rows = {hall.name: hall for hall in queries.halls_in_order(act.edition)}
    for hall in halls:
        row = rows.pop(hall.name, None)
        if row is None:
            x = max(
                (placed.x + placed.width + HALL_GAP for placed in act.edition.halls), default=0.0
            )
            values = {**HALL_DEFAULTS, **asdict(hall), "x": x, "y": 0.0}
            add_hall(act, values, str(uuid4()))
        else:
            current = hall_values(row)
            change_hall(act, row, {**current, **asdict(hall)}, stamp_of(current))
    for row in rows.values():
        remove_hall(act, row, stamp_of(hall_values(row)))
    _pass_step(act, SetUpStep.HALLS)


def add_bodies(act: FairAct, names: Sequence[str]) -> None:
    """Add bodies to the village, each on a small stand of the first hall.

    A body of that name already there is left. Raises HallTooSmall.
    """
    present_names = {folded(body.name) for body in queries.bodies_of(act.edition)}
    fresh = [name for name in dict.fromkeys(names) if folded(name) not in present_names]
    hall = queries.halls_in_order(act.edition)[0]
    first = NewStand(f"V{len(hall.stands) + 1}", 0, 0, STAND_SIDE, STAND_SIDE)
    with act.transaction(hall) as session:
        stands = put_rows(session, hall, first, len(fresh))
    for name, stand in zip(fresh, stands, strict=True):
        words = {"name": name, "short_name": name, "topics": "", "presentation": ""}
        add_body(act, {**words, "stand_id": stand.id, "place": LAST}, str(uuid4()))
    _pass_step(act, SetUpStep.VILLAGE)


def save_registration(act: FairAct, opens_at: datetime, closes_at: datetime) -> None:
    """Date the registration. Raises RegistrationClosesBeforeOpening."""
    rules.check_registration(opens_at, closes_at)
    with act.transaction(act.edition) as session:
        act.edition.registration_opens_at, act.edition.registration_closes_at = opens_at, closes_at
        write_entry(
            session, act.actor, FairAction.EDITION_REGISTRATION_DATED, f"edition:{act.edition.id}"
        )
        _reach(session, SetUpStep.SHARE)


def open_fair(act: FairAct) -> None:
    """Show the fair to the public: the first day is over."""
    open_edition(act, act.edition.id)


def _pass_step(act: Act, step: SetUpStep) -> None:
    with act.transaction() as session:
        _reach(session, step.following)


def _reach(session: Session, step: SetUpStep) -> None:
    """Mark a step as reached; going back to an earlier one does not lose the place."""
    if step.number > queries.step_reached().number or step == SetUpStep.ORGANISER:
        write_mark(session, queries.STEP_MARK, step.value)
