"""Scans of one badge that come at once, on both databases."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError

from salon.entrance.models import Presence, Verdict
from salon.entrance.services.scan_items import Reading, ScanItem
from salon.entrance.services.scans import apply_scans, record_scans
from salon.entrance.services.situation import StationDoors
from salon.fair.models import Edition
from salon.platform.database import db
from salon.platform.database.db import transaction
from salon.platform.database.prepared_statements import driver
from tests.entrance.people import (
    NINE,
    derived,
    item,
    make_badge,
    make_station,
    presences,
    scans,
    verdicts,
)
from tests.races import race


@pytest.mark.race
def test_twelve_scans_at_once_of_one_badge_let_in_one(app: Flask, edition: Edition) -> None:
    badge, station = make_badge(edition), make_station(edition)
    batch = [item(badge.code) for _ in range(12)]
    rows = race(
        app, [lambda candidate=scan: at_once(station, edition.id, candidate) for scan in batch]
    )
    assert Counter(rows) == {"accepted": 1, "already_inside": 11}
    assert presences() == derived()


@pytest.mark.race
def test_without_the_lock_one_badge_is_let_in_twice(app: Flask, edition: Edition) -> None:
    """The control: the same code, each statement on its own, shows the double soon enough."""
    badge = make_badge(edition)
    place = StationDoors(make_station(edition), edition.id, {})

    def unguarded(scan: ScanItem) -> str:
        reading = Reading(scan, badge.code_hash, NINE)
        with driver() as on:
            results = apply_scans(on, place, [reading], NINE)
        return str(results[scan.scan_id].verdict)

    for _ in range(50):
        with transaction() as session:
            session.execute(delete(Presence))
        batch = [item(badge.code) for _ in range(6)]
        counts = Counter(race(app, [lambda candidate=scan: unguarded(candidate) for scan in batch]))
        if counts["accepted"] > 1:
            return
    pytest.fail("no double in 50 rounds: this race proves nothing")


def at_once(station: int, edition_id: int, scan: ScanItem) -> str:
    return str(record_scans(station, edition_id, [scan], NINE)[0].verdict)


@pytest.mark.race
@pytest.mark.parametrize("has_badge", [True, False], ids=["a badge", "no badge"])
def test_twelve_sendings_at_once_of_one_scan_get_one_answer(
    app: Flask, edition: Edition, has_badge: bool
) -> None:
    """Without a badge no row can be locked: the unique constraint decides, the loser reads."""
    station = make_station(edition)
    scan = item(make_badge(edition).code if has_badge else "autre chose")
    rows = race(app, [lambda: at_once(station, edition.id, scan)] * 12)
    assert set(rows) == {"accepted" if has_badge else "invalid"}
    assert len(scans()) == 1


@pytest.mark.race
def test_batches_that_cross_neither_wait_for_each_other_nor_count_twice(
    app: Flask, edition: Edition
) -> None:
    station = make_station(edition)
    codes = [make_badge(edition).code for _ in range(6)] + ["inconnu"] * 6
    batch = [item(code) for code in codes]

    def send(order: int) -> list[Verdict]:
        own_batch = batch if order % 2 else batch[::-1]
        return sorted(verdicts(record_scans(station, edition.id, own_batch, NINE)))

    rows = race(app, [lambda n=n: send(n) for n in range(8)])
    assert all(row == rows[0] for row in rows)
    assert len(scans()) == 12


def test_a_writer_that_stays_makes_scans_wait_then_give_up(
    app: Flask, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not acknowledged is not written; the error is that of a busy database."""
    badge, station = make_badge(edition), make_station(edition)
    monkeypatch.setattr(db, "BUSY_TIMEOUT_MS", 50)
    with transaction(badge) as session, pytest.raises(OperationalError):
        if session.get_bind().dialect.name == "postgresql":
            with driver() as on:
                on.cursor.execute("SET lock_timeout = 50")
                with on.transaction():
                    reading = Reading(item(badge.code), badge.code_hash, NINE)
                    apply_scans(on, StationDoors(station, edition.id, {}), [reading], NINE)
        record_scans(station, edition.id, [item(badge.code)], NINE)
    assert scans() == []
