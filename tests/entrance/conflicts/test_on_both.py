"""Conflicts, kind by kind: nothing lost, nothing twice, and a person sees what is odd."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from salon.badges.models import Badge
from salon.entrance.models import (
    Conflict,
    ConflictKind,
    Direction,
    Presence,
    Scan,
    Settlement,
    Verdict,
)
from salon.entrance.services.conflicts import Oddity, record_oddities
from salon.entrance.services.presences import rebuild_presences
from salon.entrance.services.scan_items import Reading, ScanItem
from salon.entrance.services.scans import apply_scans, record_scans
from salon.entrance.services.situation import StationDoors
from salon.fair.models import Edition
from salon.platform.database.db import current_session, transaction
from salon.platform.database.prepared_statements import driver
from tests.entrance.conflicts.made import conflicts, gone_out, kinds, let_in
from tests.entrance.people import NINE, item, make_badge, make_station, presences, scans
from tests.races import ROUNDS, race
from tests.statements import note_prepared

HOUR = timedelta(hours=1)
LATER = NINE + 2 * HOUR


def send(station: int, edition: Edition, *items: ScanItem) -> list[Verdict]:
    """Send the scans of a station that has a network again, two hours after nine."""
    return [scan.verdict for scan in record_scans(station, edition.id, items, LATER)]


def test_the_same_scan_sent_again_has_no_effect(app: Flask, edition: Edition) -> None:
    station, badge = make_station(edition), make_badge(edition)
    with transaction(badge):
        badge.revoked_at = NINE - HOUR
    scan = let_in(badge.code, 5)
    first = send(station, edition, scan)
    assert send(station, edition, scan) == first == send(station, edition, scan, scan)[:1]
    assert len(scans()) == 1
    assert kinds() == [(ConflictKind.REVOKED, scan.scan_id)]


@pytest.mark.parametrize("order", ["first door first", "last door first"])
def test_one_badge_at_two_doors(app: Flask, edition: Edition, order: str) -> None:
    """Whoever sends first: the first by time is the entry, the other is the double."""
    first_station, second_station = make_station(edition, "A"), make_station(edition, "B")
    badge = make_badge(edition)
    entry, double = let_in(badge.code, 12), let_in(badge.code, 14, door="B")
    sendings = [(first_station, entry), (second_station, double)]
    for station, chosen_scan in sendings if order == "first door first" else sendings[::-1]:
        send(station, edition, chosen_scan)
    assert {scan.scan_id for scan in scans()} == {entry.scan_id, double.scan_id}
    assert kinds() == [(ConflictKind.DOUBLE, double.scan_id)]
    conflict = conflicts()[0]
    assert (conflict.station_id, conflict.badge_id, conflict.settlement) == (
        second_station,
        badge.id,
        "",
    )
    presence = presences()[badge.id]
    assert (presence.first_entry_at, presence.first_door) == (entry.scanned_at, "A")
    assert presence.is_inside


def test_three_doors_whatever_the_order_leave_two_doubles(app: Flask, edition: Edition) -> None:
    badge = make_badge(edition)
    three = [
        let_in(badge.code, minute, door=door) for minute, door in ((1, "A"), (2, "B"), (3, "C"))
    ]
    for name, chosen_scan in zip("CAB", (three[2], three[0], three[1]), strict=True):
        send(make_station(edition, name), edition, chosen_scan)
    assert sorted(kinds()) == sorted((ConflictKind.DOUBLE, scan.scan_id) for scan in three[1:])


@pytest.mark.parametrize("sent", ["in time", "the entry last", "all at once"])
def test_who_went_out_in_between_is_no_double(app: Flask, edition: Edition, sent: str) -> None:
    """Re-entry counted as re-entry, distinct visitors unchanged."""
    first_station, second_station = make_station(edition, "A"), make_station(edition, "B")
    badge = make_badge(edition)
    day = [let_in(badge.code, 1), gone_out(badge.code, 2), let_in(badge.code, 3, door="B")]
    if sent == "all at once":
        assert send(first_station, edition, *day[::-1]) == [
            Verdict.RE_ENTRY,
            Verdict.EXIT,
            Verdict.ACCEPTED,
        ]
    else:
        for scan in day if sent == "in time" else [*day[1:], day[0]]:
            send(second_station if scan.door == "B" else first_station, edition, scan)
    assert kinds() == []
    assert presences()[badge.id].first_entry_at == day[0].scanned_at
    entered = select(func.count()).select_from(Presence).where(Presence.first_entry_at.is_not(None))
    assert current_session().scalar(entered) == 1


def test_a_late_entry_makes_a_double_of_the_one_that_follows_even_after_an_exit(
    app: Flask, edition: Edition
) -> None:
    first_station, second_station = make_station(edition, "A"), make_station(edition, "B")
    badge = make_badge(edition)
    second = let_in(badge.code, 14, door="B")
    send(second_station, edition, second, gone_out(badge.code, 30, door="B"))
    assert kinds() == []
    send(first_station, edition, let_in(badge.code, 12))
    assert kinds() == [(ConflictKind.DOUBLE, second.scan_id)]
    assert not presences()[badge.id].is_inside


def test_a_host_who_was_warned_leaves_no_double(app: Flask, edition: Edition) -> None:
    """Asked with a network, the fair answered « Déjà entré »: somebody has seen to it."""
    first_station, second_station = make_station(edition, "A"), make_station(edition, "B")
    badge = make_badge(edition)
    send(first_station, edition, item(badge.code, 10))
    assert send(second_station, edition, item(badge.code, 20, door="B")) == [Verdict.ALREADY_INSIDE]
    assert kinds() == []


def revoke(badge: Badge, at: Any) -> None:
    with transaction(badge):
        badge.revoked_at = at


def test_revoked_before_the_scan_and_the_device_did_not_know(app: Flask, edition: Edition) -> None:
    station, badge = make_station(edition), make_badge(edition)
    revoke(badge, NINE - HOUR)
    scan = let_in(badge.code, 5)
    assert send(station, edition, scan) == [Verdict.REVOKED]
    assert kinds() == [(ConflictKind.REVOKED, scan.scan_id)]
    assert presences()[badge.id].is_inside
    rebuild_presences(edition.id)
    assert presences()[badge.id].is_inside


def test_revoked_after_the_scan_was_good_when_it_was_read(app: Flask, edition: Edition) -> None:
    station, badge = make_station(edition), make_badge(edition)
    revoke(badge, NINE + HOUR)
    assert send(station, edition, let_in(badge.code, 5)) == [Verdict.ACCEPTED]
    assert kinds() == []


def test_with_a_network_a_revoked_badge_is_refused_whatever_the_clock_says(
    app: Flask, edition: Edition
) -> None:
    station, badge = make_station(edition), make_badge(edition)
    revoke(badge, NINE + HOUR)
    assert send(station, edition, item(badge.code, 5)) == [Verdict.REVOKED]
    assert kinds() == []


def test_unknown_to_the_list_but_good_when_sent(app: Flask, edition: Edition) -> None:
    """Let in, and settled by itself: nobody has anything to do."""
    station, badge = make_station(edition), make_badge(edition)
    scan = let_in("", 5, code_hash=badge.code_hash, shown="to_confirm")
    assert send(station, edition, scan) == [Verdict.ACCEPTED]
    assert kinds() == [(ConflictKind.UNKNOWN, scan.scan_id)]
    assert conflicts()[0].settlement == Settlement.KNOWN_SINCE
    assert presences()[badge.id].is_inside


def test_unknown_to_the_list_and_sent_to_the_desk_is_not_inside(
    app: Flask, edition: Edition
) -> None:
    """The device kept the person out: the next scan, at the desk's door, is the first entry."""
    station, badge = make_station(edition), make_badge(edition)
    refused = let_in(badge.code, 5, shown="to_confirm", was_let_in=False)
    send(station, edition, refused)
    assert presences() == {}
    assert not scans()[0].is_counted
    assert send(station, edition, item(badge.code, 9)) == [Verdict.ACCEPTED]
    assert rebuild_presences(edition.id) == 1


@pytest.mark.parametrize("was_let_in", [True, False])
def test_unknown_for_ever(app: Flask, edition: Edition, was_let_in: bool) -> None:
    station = make_station(edition)
    scan = let_in("", 5, code_hash="ab" * 32, shown="to_confirm", was_let_in=was_let_in)
    assert send(station, edition, scan) == [Verdict.INVALID]
    assert kinds() == [(ConflictKind.UNKNOWN, scan.scan_id)]
    conflict = conflicts()[0]
    assert (conflict.settlement, conflict.detail, conflict.badge_id) == (
        "",
        {"code_hash": "ab" * 32},
        None,
    )


def test_invalid_is_refused_and_kept_as_it_was_read(app: Flask, edition: Edition) -> None:
    station = make_station(edition)
    scan = item('WIFI:S:salon;P:"><svg onload=alert(1)>;;', 5, shown="invalid")
    assert send(station, edition, scan) == [Verdict.INVALID]
    assert (scans()[0].code, scans()[0].is_counted) == (scan.code, False)
    assert kinds() == []


def test_what_the_server_refuses_is_kept_for_somebody_to_read(app: Flask, edition: Edition) -> None:
    station = make_station(edition)
    oddity = Oddity(str(uuid.uuid4()), '{"door": ""}', "Une porte est attendue.")
    assert [record_oddities(edition, station, [oddity, oddity], LATER) for _ in range(2)] == [1, 0]
    assert kinds() == [(ConflictKind.UNREADABLE, oddity.scan_id)]
    assert conflicts()[0].detail == {"sent": oddity.sent, "problem": oddity.problem}


@pytest.mark.parametrize(
    "wrong", [timedelta(hours=2, minutes=5), -timedelta(days=1), -timedelta(days=365 * 51)]
)
def test_a_clock_that_is_not_believed_refuses_nothing(
    app: Flask, edition: Edition, wrong: timedelta
) -> None:
    station, badge = make_station(edition), make_badge(edition)
    scan = let_in(badge.code, scanned_at=LATER + wrong)
    assert send(station, edition, scan) == [Verdict.ACCEPTED]
    assert kinds() == [(ConflictKind.CLOCK, scan.scan_id)]
    assert (scans()[0].scanned_at, scans()[0].happened_at) == (scan.scanned_at, LATER)


def test_late_scans_take_one_statement_more_whatever_their_number(
    app: Flask, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    station, badges = make_station(edition), [make_badge(edition) for _ in range(6)]
    send(station, edition, *(let_in(badge.code, 60) for badge in badges))
    run = note_prepared(monkeypatch)
    send(station, edition, *(let_in(badge.code, 30, door="B") for badge in badges))
    assert (len(run), run.count("read_passages"), run.count("add_conflicts")) == (8, 1, 1)
    assert len(conflicts()) == 6


@pytest.mark.race
def test_two_stations_send_one_badge_at_the_same_moment(app: Flask, edition: Edition) -> None:
    """Each round: two scans kept, one entry, one double, the one that is later."""
    first_station, second_station = make_station(edition, "A"), make_station(edition, "B")
    doubles = []
    for _ in range(ROUNDS):
        badge = make_badge(edition)
        entry, double = let_in(badge.code, 12), let_in(badge.code, 14, door="B")
        race(
            app,
            [
                lambda candidate=entry: send(first_station, edition, candidate),
                lambda candidate=double: send(second_station, edition, candidate),
            ],
        )
        doubles.append((ConflictKind.DOUBLE, double.scan_id))
        assert presences()[badge.id].first_entry_at == entry.scanned_at
    assert len(scans()) == 2 * ROUNDS
    assert kinds() == doubles
    assert current_session().scalar(select(func.count()).select_from(Conflict)) == ROUNDS
    assert current_session().scalar(select(func.count()).select_from(Scan)) == 2 * ROUNDS


@pytest.mark.race
def test_without_the_lock_a_double_escapes(app: Flask, edition: Edition) -> None:
    """The control: each statement on its own, two entries are accepted and nobody is told."""
    place = StationDoors(make_station(edition), edition.id, {})

    def unguarded(scan: ScanItem) -> None:
        with driver() as on:
            apply_scans(on, place, [Reading(scan, scan.code_hash, scan.scanned_at)], LATER)

    for _ in range(60):
        code_hash, before = make_badge(edition).code_hash, len(conflicts())
        pair = [let_in("", 12, code_hash=code_hash), let_in("", 14, door="B", code_hash=code_hash)]
        race(app, [lambda candidate=scan: unguarded(candidate) for scan in pair])
        if len(conflicts()) == before:
            return
    pytest.fail("no double escaped in 60 rounds: this race proves nothing")


def test_going_out_is_never_a_conflict_but_for_its_clock(app: Flask, edition: Edition) -> None:
    station, badge = make_station(edition), make_badge(edition)
    revoke(badge, NINE - HOUR)
    scan = item(badge.code, 5, direction=Direction.OUT, shown="exit", was_let_in=True)
    assert send(station, edition, scan) == [Verdict.EXIT]
    assert kinds() == []
