"""Search of people at the doors, and figures of the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from salon.accounts.models import Station
from salon.badges.models import Attendee, AttendeeStatus, Badge, Category, Commune, Epci
from salon.badges.queries import near_attendees
from salon.entrance.models import Presence, Scan, Verdict
from salon.entrance.queries import scan_statements
from salon.entrance.queries.scan_statements import PRESENCES, BadgeRow, occupies_place
from salon.entrance.rules.scans import COUNTED
from salon.entrance.rules.zones import midnight_before
from salon.platform.database.db import current_session, is_on_sqlite
from salon.platform.words.search import FEW
from salon.platform.words.texts import folded

SEARCH_LIMIT = 20
QUARTER = 15 * 60


def search_badges(edition_id: int, text: str) -> list[tuple[BadgeRow, dict[str, Any]]]:
    """Return people whose name holds each word of `text`, with the state of their valid badge, else
    of their latest one.

    When they are few, people whose name is near it come after them.
    """
    own_badge = aliased(Badge)
    latest = (
        select(own_badge.id)
        .where(own_badge.attendee_id == Attendee.id)
        .order_by(own_badge.revoked_at.is_not(None), own_badge.id.desc())
        .limit(1)
        .correlate(Attendee)
        .scalar_subquery()
    )
    has_name = and_(
        *(Attendee.name_key.contains(word, autoescape=True) for word in folded(text).split())
    )
    exact = select(Attendee.id).where(Attendee.edition_id == edition_id, has_name).limit(FEW)
    near_ids: list[int] = []
    if len(current_session().scalars(exact).all()) < FEW:
        near_ids = near_attendees(edition_id, text)
    statement = (
        scan_statements.badges_with_holders()
        .add_columns(Presence.is_inside)
        .outerjoin(Presence, Presence.badge_id == Badge.id)
        .where(Badge.edition_id == edition_id, Badge.id == latest)
        .where(or_(has_name, Attendee.id.in_(near_ids)))
        .order_by(~has_name, Attendee.name_key, Badge.id)
        .limit(SEARCH_LIMIT)
    )
    return [
        (badge, {"code_hash": badge.code_hash, **_state(badge, bool(is_inside))})
        for *values, is_inside in current_session().execute(statement)
        for badge in (BadgeRow(*values),)
    ]


def _state(badge: BadgeRow, is_inside: bool) -> dict[str, str]:
    if badge.revoked_at is not None or badge.status != AttendeeStatus.REGISTERED:
        return {"state": "revoked", "state_label": "Badge annulé"}
    if is_inside:
        return {"state": "inside", "state_label": "Déjà entré"}
    return {"state": "valid", "state_label": "Badge valable"}


@dataclass(frozen=True)
class Count:
    """A line of a table of the day: people who entered, and people inside now."""

    label: str
    entered: int
    inside: int = 0


@dataclass(frozen=True)
class Refusal:
    """A refused scan, as shown on the live page."""

    happened_at: datetime
    verdict: Verdict
    door: str
    station: str
    holder: str


@dataclass(frozen=True)
class Live:
    """The figures of an edition at a moment. People are counted once, whatever their badges."""

    entered: int
    inside: int
    communes: int
    all_communes: int
    expected: int
    by_category: list[Count]
    by_epci: list[Count]
    by_door: list[Count]
    by_quarter: list[tuple[datetime, int]]
    refusals: list[Refusal]


def live_figures(edition_id: int, now: datetime) -> Live:
    """Return all figures of the live page."""
    is_inside = _inside(now)
    by_category = [
        Count(Category(category).label, entered, inside_count)
        for category, entered, inside_count in current_session().execute(
            _people(edition_id, Attendee.category, is_inside).order_by(
                func.count(Attendee.id.distinct()).desc()
            )
        )
    ]
    communes = current_session().scalar(
        select(func.count(Attendee.commune_code.distinct()))
        .join(Badge, Badge.attendee_id == Attendee.id)
        .join(Presence, Presence.badge_id == Badge.id)
        .where(Badge.edition_id == edition_id, Presence.first_entry_at.is_not(None))
    )
    expected = current_session().scalar(
        select(func.count())
        .select_from(Attendee)
        .where(Attendee.edition_id == edition_id, Attendee.status == AttendeeStatus.REGISTERED)
    )
    return Live(
        entered=sum(count.entered for count in by_category),
        inside=sum(count.inside for count in by_category),
        communes=communes or 0,
        all_communes=current_session().scalar(select(func.count()).select_from(Commune)) or 0,
        expected=expected or 0,
        by_category=by_category,
        by_epci=_by_epci(edition_id, is_inside),
        by_door=[
            Count(f"Porte {door}", entered, inside_count)
            for door, entered, inside_count in current_session().execute(
                _people(edition_id, Presence.first_door, is_inside).order_by(Presence.first_door)
            )
        ],
        by_quarter=entries_by_quarter(edition_id),
        refusals=_refusals(edition_id),
    )


def expected_by_half_day(edition_id: int) -> dict[str, int]:
    """Return registered people by half-day: morning, afternoon, whole day."""
    statement = (
        select(Attendee.half_day, func.count().label("people"))
        .where(Attendee.edition_id == edition_id, Attendee.status == AttendeeStatus.REGISTERED)
        .group_by(Attendee.half_day)
    )
    return {row.half_day: row.people for row in current_session().execute(statement)}


def _people(edition_id: int, group: Any, is_inside: ColumnElement[bool]) -> Select[Any]:
    """Return (group, people who entered, people inside) of an edition."""
    return (
        select(
            group,
            func.count(Attendee.id.distinct()),
            func.count(case((is_inside, Attendee.id)).distinct()),
        )
        .select_from(Presence)
        .join(Badge, Badge.id == Presence.badge_id)
        .join(Attendee, Attendee.id == Badge.attendee_id)
        .where(Badge.edition_id == edition_id, Presence.first_entry_at.is_not(None))
        .group_by(group)
    )


def _inside(now: datetime) -> ColumnElement[bool]:
    """Match badges inside since today; a replaced badge counts only until its successor is
    scanned."""
    return and_(
        Presence.is_inside, Presence.last_at >= midnight_before(now), occupies_place(PRESENCES)
    )


def _by_epci(edition_id: int, is_inside: ColumnElement[bool]) -> list[Count]:
    siren = func.coalesce(Attendee.epci_siren, Commune.epci_siren)
    statement = (
        _people(edition_id, Epci.name, is_inside)
        .outerjoin(Commune, Commune.code == Attendee.commune_code)
        .outerjoin(Epci, Epci.siren == siren)
        .order_by(func.count(Attendee.id.distinct()).desc(), Epci.name)
    )
    return [
        Count(name or "Autres organismes", entered, inside_count)
        for name, entered, inside_count in current_session().execute(statement)
    ]


def entries_by_quarter(edition_id: int) -> list[tuple[datetime, int]]:
    """Return the people whose first entry is in each quarter hour, from the first to the last,
    empty ones included."""
    first_entries = (
        select(func.min(Presence.first_entry_at).label("at"))
        .join(Badge, Badge.id == Presence.badge_id)
        .where(Badge.edition_id == edition_id, Presence.first_entry_at.is_not(None))
        .group_by(Badge.attendee_id)
        .subquery()
    )
    if is_on_sqlite():
        seconds: Any = func.strftime("%s", first_entries.c.at)
    else:
        seconds = func.extract("epoch", first_entries.c.at)
    quarter = func.floor(seconds / QUARTER)
    statement = select(quarter, func.count()).select_from(first_entries).group_by(quarter)
    counts = {int(index): count for index, count in current_session().execute(statement)}
    if not counts:
        return []
    first, last = min(counts), max(counts)
    return [
        (datetime.fromtimestamp(index * QUARTER, UTC), counts.get(index, 0))
        for index in _span(first, last, sorted(counts))
    ]


def _span(first: int, last: int, quarters_seen: Sequence[int]) -> Sequence[int]:
    """Return every quarter between two, unless they are days apart: then only those with
    entries."""
    return range(first, last + 1) if last - first <= 2 * 96 else quarters_seen


def _refusals(edition_id: int) -> list[Refusal]:
    statement = (
        select(
            Scan.happened_at,
            Scan.verdict,
            Scan.door,
            Station.name,
            Attendee.first_name,
            Attendee.last_name,
        )
        .join(Station, Station.id == Scan.station_id)
        .outerjoin(Badge, Badge.id == Scan.badge_id)
        .outerjoin(Attendee, Attendee.id == Badge.attendee_id)
        .where(Scan.edition_id == edition_id, Scan.verdict.not_in(COUNTED))
        .order_by(Scan.id.desc())
        .limit(8)
    )
    return [
        Refusal(at, Verdict(verdict), door, station, f"{first or ''} {last or ''}".strip())
        for at, verdict, door, station, first, last in current_session().execute(statement)
    ]
