"""How PostgreSQL plans the statements of a scan."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from salon.entrance.queries import scan_statements
from salon.entrance.services.scans import record_scans
from salon.fair.models import Edition
from salon.platform.database.prepared_statements import driver
from salon.platform.settings.installation import Settings
from tests.conftest import settings_for
from tests.entrance.people import NINE, item, make_badge, make_station
from tests.postgres import Slate

pytestmark = pytest.mark.postgres

PLANS = """
SELECT generic_plans, custom_plans FROM pg_prepared_statements
WHERE statement LIKE '%FOR NO KEY UPDATE%'"""
OF_A_SCAN = """
SELECT count(*), sum(generic_plans), sum(custom_plans) FROM pg_prepared_statements
WHERE statement ~ 'has_kept_figures|FOR NO KEY UPDATE|FROM presences|INTO scans|INTO presences'"""


@pytest.fixture
def settings(slate: Slate, tmp_path: Path) -> Iterator[Settings]:
    yield settings_for(tmp_path, slate.url)
    slate.clean()


def test_the_search_of_badges_is_not_planned_at_each_scan(app: Flask) -> None:
    with app.app_context(), driver() as on, on.transaction():
        for _ in range(20):
            assert scan_statements.lock_badges.read(on, hashes=["0" * 64]) == []
        on.cursor.execute(PLANS)
        ((generic, custom),) = on.cursor.fetchall()
    assert (generic > 0, custom) == (True, 0)


def test_a_scan_plans_none_of_its_statements_anew(app: Flask, edition: Edition) -> None:
    badge, station_id = make_badge(edition), make_station(edition)
    for _ in range(20):
        record_scans(station_id, None, [item(badge.code)], NINE)
    with driver() as on:
        on.cursor.execute(OF_A_SCAN)
        ((statements, generic, custom),) = on.cursor.fetchall()
    assert (statements, generic > 0, custom) == (5, True, 0)


def test_a_connection_that_has_rested_keeps_its_plans(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its server is asked whether it is there before each use."""
    monkeypatch.setattr("salon.platform.database.postgresql_connections.IDLE_S", 0.0)
    with app.app_context():
        for _ in range(10):
            with driver() as on, on.transaction():
                scan_statements.lock_badges.read(on, hashes=["0" * 64])
        with driver() as on:
            on.cursor.execute(PLANS)
            assert len(on.cursor.fetchall()) == 1
