"""A station's queue taken in from a file, on both databases: once, whole, nothing thrown away."""

from datetime import timedelta
from typing import Any

from flask import Flask

from salon.accounts.queries import get_station
from salon.entrance.imports.exported_queue import read_export
from salon.entrance.models import ConflictKind, Verdict
from salon.entrance.services.imports import Imported, import_scans
from salon.fair.models import Edition
from salon.platform.database.db import transaction
from tests.entrance.conflicts.made import NADIA, conflicts, kinds
from tests.entrance.imports.made import line, queue
from tests.entrance.people import NINE, make_badge, make_station, presences, scans
from tests.entrance.zones.made import make_codes
from tests.factories import act_in

LATER = NINE + timedelta(days=3)


def take_in(edition: Edition, station: int, content: bytes) -> Imported:
    export = read_export(content)
    station_row = get_station(station)
    return import_scans(act_in(edition, NADIA, LATER), station_row, export.items, export.oddities)


def test_a_file_is_as_good_as_the_network_even_days_later(app: Flask, edition: Edition) -> None:
    """Its times are believed: they are those of the day of the fair."""
    day = edition.days[0]
    with transaction(day):
        day.day_on = NINE.date()
    station, badge = make_station(edition), make_badge(edition)
    lines = [line(badge.code, 5), line(badge.code, 7, door="B"), line("A" * 26, 8)]
    imported = take_in(edition, station, queue(station, *lines))
    assert (imported.new, imported.already_received, imported.to_check) == (3, 0, 2)
    assert imported.verdicts == {
        Verdict.ACCEPTED: 1,
        Verdict.ALREADY_INSIDE: 1,
        Verdict.INVALID: 1,
    }
    assert presences()[badge.id].first_entry_at == NINE + timedelta(minutes=5)
    assert {kind for kind, _ in kinds()} == {ConflictKind.DOUBLE, ConflictKind.UNKNOWN}
    assert {scan.station_id for scan in scans()} == {station}


def test_taken_in_twice_it_adds_nothing(app: Flask, edition: Edition) -> None:
    station = make_station(edition)
    codes = make_codes(edition, 30)
    lines: list[Any] = [line(codes[n % 30], n % 60) for n in range(1_100)]
    wrong = [{"scan_id": "x"}, "rien", None, {**line("y"), "door": ""}]
    content = queue(station, *lines, *wrong, lines[0])
    first = take_in(edition, station, content)
    before = (len(scans()), len(conflicts()))
    second = take_in(edition, station, content)
    assert (first.new, first.already_received, first.oddities) == (1_100, 1, 4)
    assert (second.new, second.already_received, second.oddities, second.to_check) == (
        0,
        1_101,
        0,
        0,
    )
    assert (len(scans()), len(conflicts())) == before
    assert before[0] == 1_100


def test_what_is_badly_formed_comes_to_somebody_s_eyes(app: Flask, edition: Edition) -> None:
    station = make_station(edition)
    payload = {"scan_id": line("")["scan_id"], "sent": "{}", "problem": "refusé"}
    named = {**line("z"), "direction": "sideways"}
    imported = take_in(
        edition, station, queue(station, named, 12, oddities=[payload, {"scan_id": 4}])
    )
    assert (imported.new, imported.oddities, imported.to_check) == (0, 4, 4)
    stored_conflicts = conflicts()
    assert {conflict.kind for conflict in stored_conflicts} == {ConflictKind.UNREADABLE}
    assert {payload["scan_id"], named["scan_id"]} <= {
        conflict.scan_id for conflict in stored_conflicts
    }
    assert any("sideways" in conflict.detail["sent"] for conflict in stored_conflicts)
    assert any(conflict.detail["sent"] == "12" for conflict in stored_conflicts)


def test_hostile_lines_are_kept_as_text(app: Flask, edition: Edition) -> None:
    """Characters that a database cannot store, half characters, 4 000 others."""
    station = make_station(edition)
    lines = [
        line("\x00\ud800" + "é" * 4_000),
        line("x", shown="\x00"),
        line("x", door="\x00"),
        {"scan_id": "\x00", "code": "\ud800<svg onload=alert(1)>"},
    ]
    imported = take_in(edition, station, queue(station, *lines))
    assert (imported.new, imported.oddities) == (1, 3)
    assert scans()[0].code.startswith("\\x00\\ud800é")
    assert any("<svg onload" in conflict.detail.get("sent", "") for conflict in conflicts())


def test_a_clock_of_another_year_is_still_a_matter_for_somebody(
    app: Flask, edition: Edition
) -> None:
    station, badge = make_station(edition), make_badge(edition)
    old = line(badge.code, scanned_at="1970-01-01T00:00:00+00:00")
    assert take_in(edition, station, queue(station, old)).to_check == 1
    assert kinds() == [(ConflictKind.CLOCK, old["scan_id"])]
