"""Attendance as it may be published, from presences and from the figures saved. Both databases."""

from datetime import date, timedelta

import pytest
from flask import Flask

from salon.entrance.models import KeptFigure
from salon.entrance.queries.attendance import (
    GroupCount,
    attendance_of,
    count_entered,
    entered_by_quarter,
    entry_figures,
)
from salon.entrance.services.scans import record_scans
from salon.fair.models import Edition
from salon.platform.database.db import current_session, transaction
from tests.entrance.people import NINE, add_badge, item, make_badge, make_badges, make_station
from tests.factories import make_edition, make_places

pytestmark = pytest.mark.on_both
EPCI = GroupCount("CA de Béziers-Méditerranée", 8, "243400769")


@pytest.fixture
def fair(app: Flask) -> Edition:
    """Fourteen people let in: 8 mayors of an EPCI, 6 of another; two of the press among them."""
    make_places()
    edition = make_edition(day=date(2021, 10, 1))
    station = make_station(edition)
    badges = make_badges(
        edition,
        [{}] * 7
        + [{"category": "press"}]
        + [{"commune_code": None, "epci_siren": "200066348"}] * 5
        + [{"commune_code": None, "organisation": "SDIS", "category": "press"}],
    )
    minutes = [1, 2, 3, 4, 5, 16, 17, 31, 46, 47, 48, 49, 50, 95]
    batch = [item(badge.code, at) for badge, at in zip(badges, minutes, strict=True)]
    record_scans(station, edition.id, batch, NINE + timedelta(hours=3))
    current_session().rollback()
    return edition


def test_small_counts_are_merged_and_the_totals_agree(fair: Edition) -> None:
    attendance = attendance_of(fair, fair.ends_at)
    assert attendance is not None
    assert attendance.people == 14
    assert [(count.starts_at - NINE, count.people) for count in attendance.by_quarter] == [
        (timedelta(minutes=0), 5),
        (timedelta(minutes=15), 9),
    ]
    assert attendance.by_category == [GroupCount("Autres", 14)]
    assert attendance.by_epci == [EPCI, GroupCount("Autres", 6)]


def test_nothing_is_told_while_people_enter_nor_of_very_few(fair: Edition) -> None:
    assert attendance_of(fair, fair.ends_at - timedelta(seconds=1)) is None
    few = make_edition(slug="2020", day=date(2020, 10, 2), is_current=False)
    assert attendance_of(few, few.ends_at) is None
    station = make_station(few)
    badges = [make_badge(few) for _ in range(4)]
    record_scans(station, few.id, [item(badge.code) for badge in badges], few.ends_at)
    current_session().rollback()
    assert count_entered(few.id) == 4
    assert attendance_of(few, few.ends_at) is None


def test_the_figures_saved_before_a_purge_count_as_well(fair: Edition) -> None:
    with transaction() as session:
        for kind, label, value in (
            ("total", "", 6),
            ("category", "Presse et médias", 6),
            ("epci", EPCI.label, 6),
            ("quarter", NINE.isoformat(), 6),
        ):
            session.add(KeptFigure(edition_id=fair.id, kind=kind, label=label, value=value))
    attendance = attendance_of(fair, fair.ends_at)
    assert attendance is not None
    assert (attendance.people, count_entered(fair.id)) == (20, 20)
    assert entry_figures(fair)["total"] == {"": 20}
    assert entered_by_quarter(fair.id)[NINE] == 11
    assert attendance.by_epci[0].people == 14
    for table in (attendance.by_quarter, attendance.by_category, attendance.by_epci):
        assert sum(row.people for row in table) == 20
        assert min(row.people for row in table) >= 5


def test_a_person_of_two_badges_enters_once(fair: Edition) -> None:
    badge, station = make_badge(fair), make_station(fair)
    record_scans(station, fair.id, [item(badge.code, 1)], NINE)
    with transaction(badge) as session:
        badge.revoked_at = NINE
        session.flush()
        second = add_badge(session, badge.attendee)
    record_scans(station, fair.id, [item(second.code, 100)], NINE + timedelta(hours=2))
    current_session().rollback()
    assert entered_by_quarter(fair.id).total() == count_entered(fair.id) == 15
