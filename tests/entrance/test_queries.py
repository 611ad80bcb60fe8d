"""The figures of the day, on real databases."""

from datetime import timedelta

import pytest
from flask import Flask

from salon.entrance.models import Direction
from salon.entrance.queries.live import Count, live_figures
from salon.entrance.queries.stations import last_scans
from salon.entrance.services.scans import record_scans
from salon.fair.models import Edition
from salon.platform.database.db import current_session, transaction
from tests.entrance.people import NINE, add_badge, item, make_badge, make_station

pytestmark = pytest.mark.on_both

HOUR = timedelta(hours=1)
DAY = NINE.date()


def test_people_are_counted_once_by_category_epci_door_and_quarter(
    app: Flask, edition: Edition
) -> None:
    station = make_station(edition)
    mayor = make_badge(edition)
    agent = make_badge(edition, category="agent", commune_code=None, organisation="SDIS")
    president = make_badge(edition, commune_code=None, epci_siren="200066348")
    only_left = make_badge(edition)
    batch = [
        item(mayor.code, 1),
        item(mayor.code, 3),
        item(agent.code, 16, door="X"),
        item(president.code, 50),
        item(president.code, 55, direction=Direction.OUT),
        item(only_left.code, 56, direction=Direction.OUT),
    ]
    record_scans(station, edition.id, batch, NINE + HOUR)
    current_session().rollback()  # the session may have read before the scans were written
    figures = live_figures(edition, DAY, NINE + HOUR)
    assert (figures.entered, figures.inside, sum(figures.expected.values())) == (3, 2, 4)
    assert (figures.communes, figures.all_communes) == (1, 5)
    assert figures.by_category == [Count("Élu", 2, 2, 1), Count("Agent", 1, 1, 1)]
    assert figures.by_door == [Count("Porte A", 2, 2, 1), Count("Porte X", 1, 1, 1)]
    assert {count.label: count.entered for count in figures.by_epci} == {
        "CA de Béziers-Méditerranée": 1,
        "CC du Minervois au Caroux": 1,
        "Autres organismes": 1,
    }
    assert figures.by_quarter == [
        (NINE, 1),
        (NINE + timedelta(minutes=15), 1),
        (NINE + timedelta(minutes=30), 0),
        (NINE + timedelta(minutes=45), 1),
    ]
    assert last_scans(edition.id) == {station: NINE + HOUR}


def test_a_replaced_badge_does_not_leave_a_ghost_inside(app: Flask, edition: Edition) -> None:
    badge, station = make_badge(edition), make_station(edition)
    record_scans(station, edition.id, [item(badge.code)], NINE)
    with transaction(badge) as session:
        badge.revoked_at = NINE
        session.flush()
        second = add_badge(session, badge.attendee)
    assert live_figures(edition, DAY, NINE).inside == 1
    batch = [item(second.code, 10), item(second.code, 20, direction=Direction.OUT)]
    record_scans(station, edition.id, batch, NINE + HOUR)
    current_session().rollback()
    figures = live_figures(edition, DAY, NINE + HOUR)
    assert (figures.entered, figures.inside) == (1, 0)


def test_nobody_is_inside_on_the_next_day(app: Flask, edition: Edition) -> None:
    badge, station = make_badge(edition), make_station(edition)
    record_scans(station, edition.id, [item(badge.code)], NINE)
    current_session().rollback()  # the session may have read before the scans were written
    figures = live_figures(edition, DAY, NINE + timedelta(days=1))
    assert (figures.entered, figures.inside) == (1, 0)
