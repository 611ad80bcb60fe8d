"""Stands added in rows: where the floor is free, numbered on."""

import pytest
from flask import Flask

from salon.fair import rules, services
from salon.fair.engine.layout import NewStand, placed
from salon.fair.engine.stand_rows import number_after
from salon.fair.models import Edition, Hall
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM, Role
from tests.exhibitors.make import make_hall, make_stand
from tests.factories import new_key, sign_in


@pytest.fixture
def hall(edition: Edition) -> Hall:
    """Return a hall of 10 m by 12 m, with a stand in its north-west corner."""
    hall = make_hall(edition, name="2", width=10.0, depth=12.0, aisle=3.0)
    make_stand(hall, number="1", x=0, y=0)
    current_session().expire_all()
    return hall


def spots(hall: Hall) -> dict[str, tuple[float, float]]:
    current_session().expire_all()
    return {stand.number: (stand.x, stand.y) for stand in placed(hall.stands)}


def test_rows_go_on_beside_what_is_there(hall: Hall) -> None:
    services.add_rows(Act(SYSTEM), hall, NewStand("A8", 0, 0, 3, 3), 4, new_key())
    assert spots(hall) == {
        "1": (0, 0),
        "A8": (3, 0),
        "A9": (6, 0),
        "A10": (0, 6),
        "A11": (3, 6),
    }


def test_a_row_keeps_the_aisle_of_a_stand_it_cannot_touch(hall: Hall) -> None:
    make_stand(hall, number="2", x=7, y=0)
    current_session().expire_all()
    services.add_rows(Act(SYSTEM), hall, NewStand("A1", 0, 0, 3, 3), 2, new_key())
    assert spots(hall) == {"1": (0, 0), "2": (7, 0), "A1": (0, 6), "A2": (3, 6)}


def test_the_same_form_sent_twice_adds_once(hall: Hall) -> None:
    key = new_key()
    for _ in range(2):
        services.add_rows(Act(SYSTEM), hall, NewStand("A1", 0, 0, 3, 3), 2, key)
    assert len(spots(hall)) == 3


def test_a_full_hall_says_how_many_fit(hall: Hall) -> None:
    with pytest.raises(rules.HallTooSmall, match=r"que pour 5.stands de 3 m sur 3 m"):
        services.add_rows(Act(SYSTEM), hall, NewStand("A1", 0, 0, 3, 3), 9, new_key())
    assert len(spots(hall)) == 1


def test_a_number_goes_on_by_its_digits() -> None:
    assert [number_after("A08", steps) for steps in (0, 1, 2)] == ["A08", "A09", "A10"]
    assert [number_after("BAR", steps) for steps in (0, 1)] == ["BAR", "BAR2"]


def test_the_page_adds_rows_and_says_why_not(app: Flask, hall: Hall) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    path = "/organisation/plan/2/stands/rangees"
    stand = {"width": "3", "depth": "3", "power_kw": "0", "category": "standard"}
    assert organiser.fill(path, count="2", number="A1", **stand).status_code == 302
    assert len(spots(hall)) == 3
    taken = organiser.fill(path, count="2", number="A1", **stand)
    assert (taken.status_code, "A1" in taken.text) == (400, True)
    full = organiser.fill(path, count="50", number="B1", **stand)
    assert (full.status_code, "n’a plus de place" in full.text) == (409, True)
    assert organiser.fill(path, count="0", number="B1", **stand).status_code == 400
    assert len(spots(hall)) == 3
