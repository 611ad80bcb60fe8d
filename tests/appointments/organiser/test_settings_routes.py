"""Limits, themes, stands and needs in words, as the organiser sets them."""

from typing import Any

import pytest
from flask import Flask

from salon.appointments.models import Topic
from salon.appointments.queries.settings import (
    booking_of,
    kept_free_by_stand,
    settings_of,
    topics_of,
)
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from tests.appointments.make import Fair, book, make_fair
from tests.appointments.organiser.pages import (
    hidden,
    organiser_of,
    page_of,
    spaced,
)
from tests.factories import make_edition
from tests.pages import PageClient
from tests.staffing.make import make_village
from tests.tables import each

PLACE = "/organisation/reglages/rendez-vous"
NEW = f"{PLACE}/besoins/nouveau"


@pytest.fixture
def fair(app: Flask, edition: Edition) -> Fair:
    return make_fair(edition, agents={"Département": 2}, kept_free=None)


def typed(client: PageClient, fair: Fair, **changes: Any) -> dict[str, Any]:
    """Return the form as the page shows it, with these changes; a value None leaves a field out."""
    values: dict[str, Any] = {
        "per_visitor": 4,
        "per_commune": 2,
        "notice_minutes": 10,
        "buffer_minutes": 5,
        "hold_minutes": 5,
        "offer_minutes": 15,
        "themes-0-theme_id": fair.theme_id(),
        "themes-0-minutes": 30,
        "themes-0-is_funding": "y",
        "stands-0-stand_id": fair.stand_id(),
        "stands-0-kept_free": 1,
        **hidden(page_of(client, PLACE), PLACE),
        **changes,
    }
    return {name: value for name, value in values.items() if value is not None}


def test_what_is_set_holds_and_what_is_booked_stays(app: Flask, fair: Fair) -> None:
    appointment = book(fair, at=fair.at(10), accepted=["cover"])
    client = organiser_of(app)
    page = page_of(client, PLACE)
    assert "Ce qui est réservé ne bouge pas" in page
    answer = client.post(PLACE, data=typed(client, fair, per_visitor=6))
    assert answer.status_code == 302
    current_session().expire_all()
    assert settings_of(fair.edition).per_visitor == 6
    booking = booking_of(fair.theme_id())
    assert (booking.minutes, booking.is_open, booking.is_funding) == (30, False, True)
    assert kept_free_by_stand(fair.edition)[fair.stand_id()] == 1
    assert (appointment.starts_at, appointment.ends_at) == (fair.at(10), fair.at(10, 20))
    client.post(PLACE, data=typed(client, fair, **{"stands-0-kept_free": ""}))
    assert fair.stand_id() not in kept_free_by_stand(fair.edition)


@each(
    "changes",
    [
        {"notice_minutes": 7},
        {"buffer_minutes": -5},
        {"per_visitor": 0},
        {"per_visitor": "9" * 400},
        {"themes-0-minutes": 25},
        {"themes-0-theme_id": 2**31 - 1},
        {"stands-0-stand_id": 2**31 - 1},
        {"stands-0-kept_free": -1},
        {"version": "x"},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    app: Flask, fair: Fair, changes: dict[str, Any]
) -> None:
    client = organiser_of(app)
    version = settings_of(fair.edition).version
    assert client.post(PLACE, data=typed(client, fair, **changes)).status_code == 400
    current_session().expire_all()
    assert settings_of(fair.edition).version == version
    assert booking_of(fair.theme_id()).minutes == 20


def test_settings_changed_by_somebody_else_are_shown_anew(app: Flask, fair: Fair) -> None:
    client = organiser_of(app)
    late = typed(client, fair, per_visitor=9)
    client.post(PLACE, data=typed(client, fair, per_visitor=7))
    answer = client.post(PLACE, data=late)
    assert answer.status_code == 409
    assert "Quelqu’un d’autre vient de modifier" in answer.get_data(as_text=True)
    current_session().expire_all()
    assert settings_of(fair.edition).per_visitor == 7


def add(client: PageClient, fair: Fair, **changes: Any) -> tuple[int, str]:
    values = {"name": "L’eau", "words": "fuite captage", "themes": fair.theme_id(), "place": 1}
    data = {**hidden(page_of(client, NEW)), **values, **changes}
    answer = client.post(NEW, data=data)
    return answer.status_code, spaced(answer.get_data(as_text=True))


def names(fair: Fair) -> list[str]:
    current_session().expire_all()
    return [topic.name for topic in topics_of(fair.edition)]


def test_a_need_is_added_moved_and_removed(app: Flask, fair: Fair) -> None:
    client = organiser_of(app)
    assert add(client, fair)[0] == 302
    assert add(client, fair, name="L’école")[0] == 302
    assert names(fair) == ["L’école", "L’eau"]
    first = topics_of(fair.edition)[0]
    place = f"{PLACE}/besoins/{first.id}"
    page = page_of(client, place)
    values = {"name": "L’école et la cantine", "themes": fair.theme_id("Hérault THD"), "place": 2}
    assert client.post(place, data={**hidden(page), **values}).status_code == 302
    assert names(fair) == ["L’eau", "L’école et la cantine"]
    assert [theme.name for theme in current_session().get_one(Topic, first.id).themes] == ["Fibre"]
    page = page_of(client, place)
    answer = client.post(f"{place}/retirer", data=hidden(page, f"{place}/retirer"))
    assert names(fair) == ["L’eau", "L’école et la cantine"]
    assert client.confirm(answer).status_code == 302
    assert names(fair) == ["L’eau"]
    assert client.get(place).status_code == 404


def test_a_need_without_name_theme_or_place_is_refused(app: Flask, fair: Fair) -> None:
    client = organiser_of(app)
    changes: dict[str, Any]
    for changes in ({"name": ""}, {"themes": []}, {"themes": 99_999}, {"place": 0}, {"place": "x"}):
        status, page = add(client, fair, **changes)
        assert status == 400, changes
        assert "à corriger" in page
    status, page = add(client, fair, name="x" * 5_000)
    assert status == 400
    assert names(fair) == []


def test_two_needs_do_not_have_the_same_name(app: Flask, fair: Fair) -> None:
    client = organiser_of(app)
    add(client, fair)
    status, page = add(client, fair, name="L'EAU")
    assert status == 409
    assert "Un besoin porte déjà ce nom" in page
    assert names(fair) == ["L’eau"]


def test_a_need_of_another_edition_is_not_found(app: Flask, fair: Fair) -> None:
    other_village = make_village(make_edition(is_current=False))
    client = organiser_of(app)
    add(client, fair)
    assert add(client, fair, name="Autre", themes=other_village.themes["Hérault THD"].id)[0] == 400
    assert client.get(f"{PLACE}/besoins/999999").status_code == 404
