"""The forecast starts from the arrivals measured at the edition before. On both databases."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from salon.entrance.engine.forecast import QUARTER, MeasuredArrivals, forecast
from salon.entrance.models import KeptFigure
from salon.entrance.queries.arrivals import FEWEST, find_measured_arrivals, measured_arrivals
from salon.entrance.services.scans import record_scans
from salon.fair.models import Edition, EditionState
from salon.platform.database.db import transaction
from salon.platform.database.identity import Role
from tests.entrance.people import NINE, item, make_badge, make_station
from tests.factories import make_edition, make_places, set_time, sign_in
from tests.fair.test_practical import text_of


@pytest.fixture
def past(app: Flask) -> Edition:
    """21 people who entered, of 25: six at the opening, fifteen half an hour later."""
    make_places()
    edition = make_edition(day=date(2021, 10, 1))
    station = make_station(edition)
    badges = [make_badge(edition) for _ in range(25)]
    for number, badge in enumerate(badges[:21]):
        minutes = 5 if number < 6 else 35
        at = NINE + timedelta(minutes=minutes)
        record_scans(station, edition.id, [item(badge.code, minutes)], at)
    with transaction(edition):
        edition.state, edition.is_current = EditionState.HELD, None
    return edition


@pytest.mark.on_both
def test_arrivals_are_read_from_scans_then_from_the_figures_kept(past: Edition) -> None:
    measured = measured_arrivals(past)
    assert measured is not None
    assert (dict(measured.people), measured.registered) == ({0: 6, 2: 15}, 25)
    assert (measured.turnout, measured.busiest) == (21 / 25, (2, 15))
    bare = make_edition(slug="2020", day=date(2020, 10, 2), is_current=False)
    assert measured_arrivals(bare) is None
    with transaction() as session:
        for index, value in ((0, FEWEST - 1), (3, 1)):
            at = bare.days[0].opens_at + index * QUARTER
            session.add(
                KeptFigure(edition_id=bare.id, kind="quarter", label=at.isoformat(), value=value)
            )
    arrivals = measured_arrivals(bare)
    assert arrivals is not None
    assert dict(arrivals.people) == {0: FEWEST - 1, 3: 1}


@pytest.mark.on_both
def test_the_latest_measured_edition_counts(past: Edition) -> None:
    make_edition(slug="2022", day=date(2022, 9, 30), is_current=False, state=EditionState.HELD)
    following = make_edition(slug="2023", day=date(2023, 9, 29))
    measured, edition = find_measured_arrivals(following)
    assert measured is not None
    assert edition is past
    assert find_measured_arrivals(past) == (None, None)


def test_people_come_again_as_they_came() -> None:
    opens = datetime.fromisoformat("2023-09-29T07:00:00+00:00")
    measured = MeasuredArrivals({-1: 5, 0: 20, 40: 25}, registered=100)
    people = forecast({"morning": 60, "afternoon": 40}, opens, opens + timedelta(hours=8), measured)
    assert people == {opens - QUARTER: 10, opens: 40}
    late = MeasuredArrivals({40: 25}, registered=100)
    assert forecast({"morning": 60}, opens, opens + timedelta(hours=8), late) == {}
    assert MeasuredArrivals({0: 5}, registered=0).turnout == 1


def test_the_live_page_says_what_the_forecast_follows(
    app: Flask, past: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    following = make_edition(slug="2022", day=date(2022, 9, 30))
    make_badge(following)
    opening = following.days[0].opens_at
    set_time(monkeypatch, opening, "salon.entrance.routes.live")
    organiser = sign_in(app, Role.ORGANISER)
    words = text_of(organiser.get("/organisation/entrees"))
    assert "mesurées en 2021" in words
    assert "21 personnes entrées pour 25 inscrits" in words
    rows = organiser.get("/organisation/entrees.json").json["tables"]["quarter"]
    assert [row[2] for row in rows] == [0, 0, 1]
