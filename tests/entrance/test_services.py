"""Recording scans on real databases: order, idempotency, races, nothing dropped."""

import uuid
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from salon.accounts.models import StationKind
from salon.accounts.queries import get_station
from salon.accounts.services.stations import create_station, restore_station, revoke_station
from salon.entrance.models import Direction, Presence, Scan, Verdict
from salon.entrance.rules.scans import NoEditionOpen, PresenceFacts
from salon.entrance.rules.stations import StationExists
from salon.entrance.services.presences import rebuild_presences
from salon.entrance.services.scan_items import Reading, ScanResult
from salon.entrance.services.scans import apply_scans, record_scans
from salon.entrance.services.situation import StationDoors
from salon.entrance.services.stations import open_station
from salon.fair.models import Edition, EditionDay
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.invariants import erasing
from salon.platform.database.prepared_statements import driver
from tests.entrance.people import (
    NINE,
    add_badge,
    derived,
    item,
    make_badge,
    make_station,
    presences,
    scans,
    verdicts,
)
from tests.factories import make_edition
from tests.statements import note_prepared

HOUR = timedelta(hours=1)


def test_a_day_of_one_badge(app: Flask, edition: Edition) -> None:
    badge, station = make_badge(edition), make_station(edition)

    def scan(minutes: int, direction: Direction) -> ScanResult:
        other_scan = item(badge.code, minutes, direction=direction)
        return record_scans(station, edition.id, [other_scan], other_scan.scanned_at)[0]

    first = scan(0, Direction.IN)
    assert first.verdict == Verdict.ACCEPTED
    assert first.holder
    assert first.holder.on_behalf_of == "Espondeilhan"
    second = scan(5, Direction.IN)
    assert second.verdict == Verdict.ALREADY_INSIDE
    assert second.presence
    assert (second.presence.first_entry_at, second.presence.first_door) == (NINE, "A")
    assert scan(60, Direction.OUT).verdict == Verdict.EXIT
    assert scan(90, Direction.IN).verdict == Verdict.RE_ENTRY
    assert presences() == {badge.id: PresenceFacts(True, NINE, "A", NINE + timedelta(minutes=90))}


def test_the_code_is_read_in_an_address_of_any_host(app: Flask, edition: Edition) -> None:
    badge, station = make_badge(edition), make_station(edition)
    scan = item(f"HTTPS://AUTRE.EXAMPLE/B/{badge.code}")
    assert verdicts(record_scans(station, edition.id, [scan], NINE)) == [Verdict.ACCEPTED]
    assert scans()[0].code == scan.code


def test_refused_scans_are_kept_and_change_no_presence(app: Flask, edition: Edition) -> None:
    station = make_station(edition)
    former = make_edition(is_current=False)
    revoked, foreign = make_badge(edition), make_badge(former)
    with transaction(revoked):
        revoked.revoked_at = NINE
    cancelled = make_badge(edition)
    with transaction(cancelled.attendee):
        cancelled.attendee.status, cancelled.revoked_at = "cancelled", NINE
    batch = [
        item(revoked.code),
        item(cancelled.code),
        item(foreign.code),
        item(make_badge(edition).code, door="X"),
        item("A" * 26),
        item("\ud800\x00\x07" + "é" * 4000),
        item(""),
    ]
    results = record_scans(station, edition.id, batch, NINE)
    assert verdicts(results) == [
        Verdict.REVOKED,
        Verdict.REVOKED,
        Verdict.WRONG_EDITION,
        Verdict.NOT_ALLOWED_HERE,
        Verdict.INVALID,
        Verdict.INVALID,
        Verdict.INVALID,
    ]
    assert len(scans()) == len(batch)
    assert scans()[5].code.startswith("\\ud800\\x00\\x07é")
    assert all(len(scan.code) <= 512 for scan in scans())
    assert presences() == {}


@pytest.mark.on_both
def test_a_batch_is_applied_in_the_order_of_its_times_and_answered_as_sent(
    app: Flask, edition: Edition
) -> None:
    badge, station = make_badge(edition), make_station(edition)
    batch = [
        item(badge.code, 30, direction=Direction.OUT),
        item(badge.code, 45),
        item(badge.code, 0),
    ]
    results = record_scans(station, edition.id, batch, NINE + HOUR)
    assert verdicts(results) == [Verdict.EXIT, Verdict.RE_ENTRY, Verdict.ACCEPTED]
    assert [result.scan_id for result in results] == [scan.scan_id for scan in batch]
    assert presences()[badge.id].first_entry_at == NINE


@pytest.mark.on_both
def test_a_scan_sent_again_has_no_effect_and_the_same_answer(app: Flask, edition: Edition) -> None:
    badge, other_badge, station = make_badge(edition), make_badge(edition), make_station(edition)
    scan = item(badge.code)
    first = record_scans(station, edition.id, [scan], NINE)
    assert record_scans(station, edition.id, [scan], NINE + HOUR) == first
    with_another_code = item(other_badge.code, scan_id=scan.scan_id)
    twice = record_scans(station, edition.id, [with_another_code, scan], NINE + HOUR)
    assert verdicts(twice) == [Verdict.ACCEPTED, Verdict.ACCEPTED]
    assert len(scans()) == 1
    assert list(presences()) == [badge.id]


@pytest.mark.on_both
def test_a_scan_twice_in_a_batch_counts_once(app: Flask, edition: Edition) -> None:
    badge, other_badge, station = make_badge(edition), make_badge(edition), make_station(edition)
    other_scan = item(badge.code)
    batch = [other_scan, other_scan, item(other_badge.code, scan_id=other_scan.scan_id)]
    assert verdicts(record_scans(station, edition.id, batch, NINE)) == [Verdict.ACCEPTED] * 3
    assert [scan.badge_id for scan in scans()] == [badge.id]


def test_a_scan_handed_over_by_another_station_is_the_same_scan(
    app: Flask, edition: Edition
) -> None:
    badge = make_badge(edition)
    scan = item(badge.code)
    results = [
        record_scans(make_station(edition, name), edition.id, [scan], NINE)[0].verdict
        for name in ("A", "B")
    ]
    assert results == [Verdict.ACCEPTED, Verdict.ACCEPTED]
    assert len(scans()) == 1


def test_a_late_batch_of_another_door_sets_the_first_entry_right(
    app: Flask, edition: Edition
) -> None:
    badge = make_badge(edition)
    first_station, second_station = make_station(edition, "A"), make_station(edition, "B")
    record_scans(first_station, edition.id, [item(badge.code, 30)], NINE + HOUR)
    late = record_scans(
        second_station, edition.id, [item(badge.code, 0, door="B")], NINE + 2 * HOUR
    )
    assert verdicts(late) == [Verdict.ALREADY_INSIDE]
    assert presences()[badge.id] == PresenceFacts(True, NINE, "B", NINE + timedelta(minutes=30))
    assert presences() == derived()


@pytest.mark.on_both
def test_a_first_day_sent_on_the_second_counts_on_its_own_day(app: Flask, edition: Edition) -> None:
    """A door without network all day sends its queue when the fair opens again."""
    tomorrow = NINE + timedelta(days=1)
    day = edition.days[0]
    with transaction(day) as session:
        day.day_on = NINE.date()
        session.add(
            EditionDay(
                edition_id=edition.id,
                day_on=tomorrow.date(),
                opens=day.opens,
                closes=day.closes,
            )
        )
    badges, station = [make_badge(edition) for _ in range(3)], make_station(edition)
    first_day = [item(badge.code, 5) for badge in badges]
    assert verdicts(record_scans(station, None, first_day, tomorrow)) == [Verdict.ACCEPTED] * 3
    minutes = 24 * 60 + 10
    second_day = [item(badge.code, minutes) for badge in badges]
    results = record_scans(station, None, second_day, tomorrow + HOUR)
    assert verdicts(results) == [Verdict.RE_ENTRY] * 3
    first_at, last_at = NINE + timedelta(minutes=5), NINE + timedelta(minutes=minutes)
    assert set(presences().values()) == {PresenceFacts(True, first_at, "A", last_at)}


@pytest.mark.on_both
@pytest.mark.parametrize(
    ("wrong", "is_trusted"),
    [
        (timedelta(hours=2), False),
        (timedelta(days=-1), False),
        (timedelta(days=-365 * 51), False),
        (timedelta(hours=-11), True),
    ],
)
def test_a_wrong_clock_refuses_nothing(
    app: Flask, edition: Edition, wrong: timedelta, is_trusted: bool
) -> None:
    badge, station = make_badge(edition), make_station(edition)
    scan = item(badge.code, scanned_at=NINE + wrong)
    assert verdicts(record_scans(station, edition.id, [scan], NINE)) == [Verdict.ACCEPTED]
    row = scans()[0]
    assert (row.scanned_at, row.received_at) == (NINE + wrong, NINE)
    assert row.happened_at == (row.scanned_at if is_trusted else NINE)


@pytest.mark.on_both
def test_five_hundred_scans_take_as_many_statements_as_one(
    app: Flask, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    station, badge = make_station(edition), make_badge(edition)
    run = note_prepared(monkeypatch)
    record_scans(station, edition.id, [item(badge.code)], NINE)
    for_one = run.copy()
    run.clear()
    batch = [item(badge.code, n / 100) for n in range(499)] + [item("inconnu")]
    results = record_scans(station, edition.id, batch, NINE + HOUR)
    assert run == for_one
    assert len(run) == 6
    assert Counter(verdicts(results)) == {"already_inside": 499, "invalid": 1}
    assert len(scans()) == 501


@pytest.mark.on_both
def test_presences_are_rebuilt_from_the_scans(app: Flask, edition: Edition) -> None:
    station = make_station(edition)
    badges = [make_badge(edition) for _ in range(3)]
    batch = [item(badge.code, n) for n, badge in enumerate(badges)]
    batch.append(item(badges[0].code, 20, direction=Direction.OUT))
    record_scans(station, edition.id, batch, NINE + HOUR)
    before = presences()
    with transaction() as session:
        session.execute(delete(Presence))
    assert rebuild_presences(edition.id) == 3
    assert presences() == before == derived()


STEP = st.tuples(
    st.integers(0, 2),
    st.sampled_from(Direction),
    st.integers(0, 40),
    st.sampled_from(["A", "X"]),
    st.integers(0, 5),
)


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(batches=st.lists(st.lists(STEP, min_size=1, max_size=6), min_size=1, max_size=5))
def test_presence_always_equals_what_the_scans_say(
    app: Flask, edition: Edition, batches: list[list[Any]]
) -> None:
    """Whatever the order of arrival, the times, the doors and the repetitions."""
    with transaction() as session, erasing(session):
        session.execute(delete(Presence))
        session.execute(delete(Scan))
    badges = known_badges(edition)
    station = make_station(edition)
    for batch in batches:
        sent = [
            item(
                badges[person],
                minutes,
                direction=direction,
                door=door,
                scan_id=str(uuid.UUID(int=number * 100 + person)),
            )
            for person, direction, minutes, door, number in batch
        ]
        record_scans(station, edition.id, sent, NINE + HOUR)
        assert presences() == derived()
    stored = presences()
    rebuild_presences(edition.id)
    assert presences() == stored


def known_badges(edition: Edition) -> list[str]:
    """Return three badges of the edition, made once: two elected, one exhibitor for door X."""
    app_badges: list[str] = edition.__dict__.setdefault("_badges", [])
    if not app_badges:
        categories = ("elected", "visitor", "exhibitor")
        app_badges.extend(make_badge(edition, category=category).code for category in categories)
    return app_badges


@pytest.mark.on_both
def test_a_station_asked_twice_is_one_station(app: Flask, edition: Edition) -> None:
    first = open_station(Act(SYSTEM), "Tablette", StationKind.SCANNER, "A", edition.id)
    assert (
        open_station(Act(SYSTEM), "Tablette", StationKind.SCANNER, "A", edition.id).id == first.id
    )
    with pytest.raises(StationExists, match="«\u00a0tablette 2\u00a0» est libre"):
        open_station(Act(SYSTEM), "tablette", StationKind.SCANNER, "X", edition.id)


@pytest.mark.on_both
def test_no_two_stations_in_use_have_one_name(app: Flask, edition: Edition) -> None:
    first = create_station(Act(SYSTEM), "Tablette", "A", edition.id)
    assert create_station(Act(SYSTEM), "tablette", "A", edition.id).name == "tablette 2"
    assert create_station(Act(SYSTEM), "Tablette 2", "A", edition.id).name == "Tablette 3"
    revoke_station(Act(SYSTEM), first.id)
    assert create_station(Act(SYSTEM), "Tablette", "A", edition.id).name == "Tablette"
    restore_station(Act(SYSTEM), first.id)
    assert get_station(first.id).name == "Tablette 4"


@pytest.mark.on_both
def test_a_replacement_badge_is_another_badge_of_the_same_person(
    app: Flask, edition: Edition
) -> None:
    badge, station = make_badge(edition), make_station(edition)
    record_scans(station, edition.id, [item(badge.code)], NINE)
    with transaction(badge) as session:
        badge.revoked_at = NINE
        session.flush()
        second = add_badge(session, badge.attendee)
    results = record_scans(
        station, edition.id, [item(badge.code, 5), item(second.code, 6)], NINE + HOUR
    )
    assert verdicts(results) == [Verdict.REVOKED, Verdict.ACCEPTED]


def test_a_station_without_edition_scans_for_the_current_one(app: Flask, edition: Edition) -> None:
    badge, station = make_badge(edition), make_station(None)
    assert verdicts(record_scans(station, None, [item(badge.code)], NINE)) == [Verdict.ACCEPTED]


def test_without_any_edition_a_station_is_told_so(app: Flask) -> None:
    with pytest.raises(NoEditionOpen):
        record_scans(make_station(None), None, [item("A" * 26)], NINE)


def test_a_driver_s_error_is_the_one_that_the_house_knows(app: Flask, edition: Edition) -> None:
    """A station that does not exist breaks a foreign key; nothing is kept of the transaction."""
    badge = make_badge(edition)
    reading = Reading(item(badge.code), badge.code_hash, NINE)
    with pytest.raises(IntegrityError), driver() as on, on.transaction():
        apply_scans(on, StationDoors(999, edition.id, {}), [reading], NINE)
    assert scans() == []
    assert presences() == {}
