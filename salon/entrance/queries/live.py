"""Search of people at the doors, and figures of a day."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import compress
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from salon.accounts.models import Station
from salon.badges.engine.matching import place_key
from salon.badges.models import Attendee, AttendeeStatus, Badge, Category, Commune, Epci
from salon.badges.queries import has_short_code, near_attendees
from salon.badges.queries.visit_days import expected_by_half_day
from salon.entrance.engine.forecast import QUARTER, quarter_of
from salon.entrance.models import Direction, Presence, Scan, Verdict
from salon.entrance.queries import entries, inside, scan_statements
from salon.entrance.queries.scan_statements import BadgeRow
from salon.entrance.rules.scans import COUNTED, BadgeFacts, DoorTerms, PresenceFacts, judge
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.words.search import FEW, MOST_WORDS
from salon.platform.words.texts import folded

SEARCH_LIMIT = 20
Value = TypeVar("Value")
Entry = tuple[int, datetime, str, Category, str | None, str | None]
"""Person, instant, door, category, commune and EPCI."""


def search_badges(
    edition_id: int, text: str, now: datetime
) -> list[tuple[BadgeRow, dict[str, Any]]]:
    """Return people whose name or place holds each word of `text`, or whose badge has that number,
    with the state of their valid badge, else of their latest one.

    Names come first. When they are few, people whose name is near it come after them.
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
    has_place = and_(*(_is_in_place(word) for word in text.split()[:MOST_WORDS]))
    exact = select(Attendee.id).where(Attendee.edition_id == edition_id, has_name).limit(FEW)
    near_ids: list[int] = []
    if len(current_session().scalars(exact).all()) < FEW:
        near_ids = near_attendees(edition_id, text)
    statement = (
        scan_statements.badges_with_holders()
        .add_columns(
            Presence.is_inside, Presence.first_entry_at, Presence.first_door, Presence.last_at
        )
        .outerjoin(Presence, Presence.badge_id == Badge.id)
        .where(Badge.edition_id == edition_id, Badge.id == latest)
        .where(or_(has_name, has_place, Attendee.id.in_(near_ids), has_short_code(text)))
        .order_by(~has_name, ~has_place, Attendee.name_key, Badge.id)
        .limit(SEARCH_LIMIT)
    )
    matches = []
    for *values, is_inside, first_at, first_door, last_at in current_session().execute(statement):
        badge = BadgeRow(*values)
        presence = PresenceFacts(is_inside, first_at, first_door, last_at) if last_at else None
        matches.append((badge, {"code_hash": badge.code_hash, **_state(badge, presence, now)}))
    return matches


def _is_in_place(word: str) -> ColumnElement[bool]:
    """Match people whose name holds a word, or the commune or body that they represent."""
    key = place_key(word) or word
    return or_(
        Attendee.name_key.contains(folded(word) or word, autoescape=True),
        Commune.search_key.contains(key, autoescape=True),
        Epci.name.icontains(word, autoescape=True),
        Attendee.organisation.icontains(word, autoescape=True),
    )


STATES = {
    Verdict.REVOKED: ("revoked", Verdict.REVOKED.label),
    Verdict.ALREADY_INSIDE: ("inside", Verdict.ALREADY_INSIDE.label),
    Verdict.RE_ENTRY: ("valid", Verdict.RE_ENTRY.label),
    Verdict.ACCEPTED: ("valid", "Badge valable"),
}


def _state(badge: BadgeRow, presence: PresenceFacts | None, now: datetime) -> dict[str, str]:
    """Return what a scan at a door open to all would answer now."""
    is_revoked = badge.revoked_at is not None or badge.status != AttendeeStatus.REGISTERED
    facts = BadgeFacts(badge.edition_id, badge.category, is_revoked, badge.is_vip)
    verdict = judge(facts, presence, DoorTerms(badge.edition_id), Direction.IN, now)
    state, label = STATES[verdict]
    return {"state": state, "state_label": label}


@dataclass(frozen=True)
class Count:
    """A line of a table of a day: people who entered that day, those of them who had not come on an
    earlier one, and people inside now."""

    label: str
    entered: int
    first_time: int = 0
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
    """The figures of a day of an edition. People are counted once, whatever their badges.

    `entries`: those of people who came back included. `first_time`: people who had not come on an
    earlier day. `inside`: people inside at the moment asked about, whichever the day. `expected`:
    people registered for that day, by half-day.
    """

    entries: int
    entered: int
    first_time: int
    inside: int
    communes: int
    all_communes: int
    expected: dict[str, int]
    by_category: list[Count]
    by_epci: list[Count]
    by_door: list[Count]
    by_quarter: list[tuple[datetime, int]]
    refusals: list[Refusal]


def live_figures(edition: Edition, day: date, now: datetime) -> Live:
    """Return all figures of the live page for a day."""
    span = entries.span_of(day)
    rows = current_session().execute(_entries_with_holders(edition.id, *span)).all()
    firsts: dict[int, Row[*Entry]] = {}
    for row in rows:
        firsts.setdefault(row[0], row)
    earlier = _came_before(edition.id, span[0])
    ids_inside = set(current_session().scalars(inside.ids_of_entered(edition.id, now)))
    is_new = [attendee_id not in earlier for attendee_id in firsts]
    is_inside = [attendee_id in ids_inside for attendee_id in firsts]
    columns = tuple(zip(*firsts.values(), strict=True)) or 6 * ((),)
    _, instants, doors, categories, communes, epcis = columns

    def count(values: Sequence[Value], label_of: Callable[[Value], str]) -> list[Count]:
        first_time, present = (
            Counter(compress(values, is_new)),
            Counter(compress(values, is_inside)),
        )
        counts = [
            Count(label_of(value), entered, first_time[value], present[value])
            for value, entered in Counter(values).items()
        ]
        return sorted(counts, key=lambda row: (-row.entered, row.label))

    return Live(
        entries=len(rows),
        entered=len(firsts),
        first_time=sum(is_new),
        inside=len(ids_inside),
        communes=len({*communes} - {None}),
        all_communes=current_session().scalar(select(func.count()).select_from(Commune)) or 0,
        expected=expected_by_half_day(edition, day),
        by_category=count(categories, lambda category: Category(category).label),
        by_epci=count(epcis, lambda name: name or "Autres organismes"),
        by_door=sorted(count(doors, lambda code: f"Porte {code}"), key=lambda row: row.label),
        by_quarter=_series(Counter(map(quarter_of, instants))),
        refusals=_refusals(edition.id, *span),
    )


def _series(people: Counter[datetime]) -> list[tuple[datetime, int]]:
    """Return the quarter hours from the first arrival to the last, empty ones included."""
    if not people:
        return []
    first, length = min(people), (max(people) - min(people)) // QUARTER
    return [(at, people[at]) for at in (first + QUARTER * rank for rank in range(length + 1))]


def _entries_with_holders(edition_id: int, since: datetime, until: datetime) -> Select[*Entry]:
    """Select the entries of a span, each with the category, the commune and the EPCI of its
    person."""
    siren = func.coalesce(Attendee.epci_siren, Commune.epci_siren)
    return (
        entries.entries_of(edition_id, since, until)
        .join(Attendee, Attendee.id == Badge.attendee_id)
        .outerjoin(Commune, Commune.code == Attendee.commune_code)
        .outerjoin(Epci, Epci.siren == siren)
        .add_columns(Attendee.category, Attendee.commune_code, Epci.name)
    )


def _came_before(edition_id: int, midnight: datetime) -> set[int]:
    """Return the people who entered the fair before a day."""
    statement = (
        select(Badge.attendee_id)
        .join(Presence, Presence.badge_id == Badge.id)
        .where(Badge.edition_id == edition_id, Presence.first_entry_at < midnight)
    )
    return set(current_session().scalars(statement))


def _refusals(edition_id: int, since: datetime, until: datetime) -> list[Refusal]:
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
        .where(
            Scan.edition_id == edition_id,
            Scan.verdict.not_in(COUNTED),
            Scan.happened_at >= since,
            Scan.happened_at < until,
        )
        .order_by(Scan.id.desc())
        .limit(8)
    )
    return [
        Refusal(at, Verdict(verdict), door, station, f"{first or ''} {last or ''}".strip())
        for at, verdict, door, station, first, last in current_session().execute(statement)
    ]
