"""A fair of two days and 300 people, drawn from a seed: what was read, and when it was sent.

Some come on both days, some leave by no door, some have a new badge on the second day. A station
is kept overnight and sends the next morning; a phone loses what it holds for a minute, then sends
it late, out of order and twice; rooms are visited; badges are refused.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from salon.badges.models import AttendeeStatus, Badge, Category
from salon.entrance.models import Direction
from salon.entrance.services.scan_items import ScanItem
from salon.entrance.services.scans import record_scans
from salon.fair.models import Edition, EditionDay, EditionState
from salon.platform.database.db import current_session, transaction
from tests.entrance.people import add_badge, make_badges, make_station
from tests.entrance.zones.made import make_zone
from tests.factories import COMMUNES, EPCIS, make_edition, make_places

FIRST, SECOND = date(2021, 10, 1), date(2021, 10, 2)
DAYS = (FIRST, SECOND)
PEOPLE, CANCELLED, RENEWED = 300, 6, 8
PARIS = timedelta(hours=2)
VISITS = ("", "", "", FIRST.isoformat(), SECOND.isoformat(), f"{FIRST} {SECOND}")


def at(day: date, hour: int, minute: float = 0) -> datetime:
    """Return an instant of a clock in Paris, in autumn."""
    return datetime.combine(day, time(hour), UTC) - PARIS + timedelta(minutes=minute)


@dataclass(frozen=True)
class Sending:
    """A scan as one station sends it at a moment."""

    sent_at: datetime
    station: int
    item: ScanItem


@dataclass
class DrawnFair:
    """The fair, and what is still to be sent."""

    edition: Edition
    sendings: list[Sending] = field(default_factory=list)

    def send_until(self, moment: datetime) -> None:
        """Let the stations send what they sent until then, each in its batches."""
        due = [sending for sending in self.sendings if sending.sent_at <= moment]
        self.sendings = [sending for sending in self.sendings if sending.sent_at > moment]
        batches: dict[tuple[datetime, int], list[ScanItem]] = defaultdict(list)
        for sending in sorted(due, key=lambda sending: sending.sent_at):
            batches[sending.sent_at, sending.station].append(sending.item)
        for (sent_at, station), items in batches.items():
            record_scans(station, self.edition.id, items, sent_at)
        current_session().rollback()


def draw(seed: int) -> DrawnFair:
    """Make the fair, its people and its badges, and draw their passages."""
    chance = Random(seed)
    make_places()
    edition = make_edition(day=FIRST, state=EditionState.HELD, slug="2021")
    with transaction() as session:
        session.add(
            EditionDay(edition_id=edition.id, day_on=SECOND, opens=time(9), closes=time(16))
        )
    current_session().expire_all()
    make_zone(edition, "C", label="Salle Riquet", capacity=None)
    badges = make_badges(edition, [_person(chance) for _ in range(PEOPLE)])
    with transaction() as session:
        for badge in badges[-CANCELLED:]:
            badge.attendee.status, badge.revoked_at = AttendeeStatus.CANCELLED, at(FIRST, 8)
        session.flush()
        renewed = {}
        for badge in badges[:RENEWED]:
            badge.revoked_at = at(SECOND, 8)
            session.flush()
            renewed[badge.id] = add_badge(session, badge.attendee)
    stations = {name: make_station(edition, name) for name in ("phone", "night", "x", "room")}
    fair = DrawnFair(edition)
    for badge in badges:
        for day in DAYS:
            current = renewed.get(badge.id, badge) if day == SECOND else badge
            fair.sendings += _sent(chance, stations, list(_passages(chance, current, day)), day)
    return fair


def _person(chance: Random) -> dict[str, object]:
    place = chance.random()
    values: dict[str, object] = {"commune_code": chance.choice(COMMUNES)[0]}
    if place < 0.2:
        values = {"commune_code": None, "epci_siren": chance.choice(EPCIS)[0]}
    elif place < 0.3:
        values = {"commune_code": None, "organisation": "SDIS"}
    return {
        **values,
        "category": chance.choice([*Category] + [Category.ELECTED, Category.VISITOR] * 3),
        "visit_days": chance.choice(VISITS),
        "half_day": chance.choice(("morning", "afternoon", "whole_day")),
    }


Passage = tuple[Badge, datetime, str, Direction]


def _passages(chance: Random, badge: Badge, day: date) -> Iterator[Passage]:
    """Yield what a person does on a day: nothing, one stay or two; the last one often unread."""
    if chance.random() < 0.35:
        return
    entered = at(day, 9, chance.randrange(240))
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        door = chance.choice("AAAX")
        yield badge, entered, door, Direction.IN
        if chance.random() < 0.08:
            yield badge, entered + timedelta(seconds=40), door, Direction.IN
        if chance.random() < 0.3:
            yield badge, entered + timedelta(minutes=5), "C", Direction.IN
        left = entered + timedelta(minutes=chance.randrange(20, 120))
        if chance.random() < 0.3:
            return  # by no door that reads badges
        yield badge, left, chance.choice("AX"), Direction.OUT
        entered = left + timedelta(minutes=chance.randrange(5, 60))


def _sent(
    chance: Random, stations: dict[str, int], passages: Sequence[Passage], day: date
) -> Iterator[Sending]:
    for badge, happened, door, direction in passages:
        name = {"X": "x", "C": "room"}.get(door) or chance.choice(("phone", "night"))
        is_kept = name == "night" and day == FIRST
        is_lost = name == "phone" and at(day, 10) <= happened < at(day, 10, 20)
        alone = is_kept or is_lost
        item = ScanItem(
            scan_id=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
            code=badge.code,
            scanned_at=happened,
            door=door,
            direction=direction,
            shown="accepted" if alone and direction == Direction.IN else "",
            was_let_in=alone and direction == Direction.IN,
        )
        if is_kept:
            yield Sending(at(SECOND, 7, 30), stations[name], item)
        elif is_lost:
            late = at(day, 10, chance.choice((40, 25, 55)))
            yield Sending(late, stations[name], item)
            if chance.random() < 0.5:
                yield Sending(late + timedelta(minutes=2), stations[name], item)
        else:
            yield Sending(happened + timedelta(seconds=1), stations[name], item)
