"""Landmarks of the plan: placed by the organiser, drawn, found, with the way from an entrance."""

import re

import pytest
from flask import Flask

from salon.fair.models import Edition, Hall
from salon.fair.queries import landmarks_of
from salon.fair.rules.landmarks import LandmarkKnown, LandmarkOutsideHall
from salon.fair.services import halls
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.versions import stamp_of
from tests.exhibitors.make import make_hall, make_stand
from tests.factories import act_in, sign_in
from tests.fair.floor.test_plan import plain, text_of
from tests.fair.test_practical import fields_of
from tests.pages import PageClient

LANDMARKS = "/organisation/reglages/reperes"


@pytest.fixture
def hall(edition: Edition) -> Hall:
    """40 × 30 m; its only stand, 6 × 6 m, is in the middle."""
    hall = make_hall(edition, name="2")
    make_stand(hall, number="12", x=18, y=12, width=6, depth=6)
    return hall


@pytest.fixture
def organiser(app: Flask, hall: Hall) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def values(hall: Hall | None, kind: str, name: str, x: str, y: str) -> dict[str, str]:
    return {"kind": kind, "name": name, "hall_id": str(hall.id) if hall else "", "x": x, "y": y}


def add(organiser: PageClient, **fields: str) -> int:
    form = fields_of(organiser.get(f"{LANDMARKS}/nouveau").text)
    return organiser.post(f"{LANDMARKS}/nouveau", data=form | fields).status_code


def test_a_landmark_is_drawn_found_and_led_to(
    organiser: PageClient, client: PageClient, hall: Hall
) -> None:
    assert "Repères" not in client.get("/plan/2").text
    assert add(organiser, **values(hall, "entrance", "Entrée B", "8,5", "29,5")) == 302
    toilets = values(hall, "toilets", "Toilettes nord", "8,5", "1,5")
    assert add(organiser, **toilets, is_step_free="y") == 302
    assert add(organiser, **values(None, "parking", "Parking", "1", "60")) == 302
    page = plain(client.get("/plan/2", query_string={"q": "où sont les wc"}))
    assert 'Toilettes nord</a> <span class="rows__more">Hall 2, accessible en fauteuil' in page
    assert re.findall(r"Entrée B : [^<]*", page) == [
        "Entrée B : tout droit sur 26 m ; « Toilettes nord » est devant vous."
    ]
    assert 'class="plan__way" points="7.5,28.5 7.5,2.5 "' in page
    assert page.count('class="plan__landmark"') == 2
    page = plain(client.get("/plan/2", query_string={"q": "stand 12"}))
    assert re.findall(r"Entrée B : [^<]*", page) == [
        "Entrée B : à droite sur 8 m, puis à gauche sur 10 m ; le stand 12 est devant vous."
    ]
    park = plain(client.get("/plan", query_string={"q": "où se garer"}))
    assert 'href="/plan?q=o' in park
    assert park.count('class="plan__landmark"') == 3
    drawing, listing = text_of(client.get("/plan/2.pdf").data)
    assert "Entrée B" in drawing
    assert "WC Toilettes nord, accessible en fauteuil" in listing.replace("\r\n", " ")


def test_a_landmark_stays_inside_its_hall_under_a_name_of_its_own(
    organiser: PageClient, edition: Edition, hall: Hall
) -> None:
    toilets = values(hall, "toilets", "Toilettes", "39", "1")
    assert add(organiser, **toilets) == 302
    path = f"{LANDMARKS}/nouveau"
    form = fields_of(organiser.get(path).text)
    refused = organiser.post(path, data=form | toilets)
    assert refused.status_code == LandmarkKnown.status
    assert LandmarkKnown.message in refused.text
    outside = organiser.post(path, data=form | toilets | {"name": "WC", "x": "41"})
    assert outside.status_code == LandmarkOutsideHall.status == 400
    assert "un repère serait dehors" in outside.text
    changes = halls.hall_values(hall) | {"width": 30}
    with pytest.raises(LandmarkOutsideHall):
        halls.change_hall(act_in(edition, SYSTEM), hall, changes, stamp_of(halls.hall_values(hall)))
    assert [landmark.x for landmark in landmarks_of(edition)] == [39]


def test_a_landmark_is_changed_then_removed(
    organiser: PageClient, client: PageClient, edition: Edition, hall: Hall
) -> None:
    assert add(organiser, **values(hall, "food", "Buvette", "3", "3")) == 302
    (landmark,) = landmarks_of(edition)
    path = f"{LANDMARKS}/{landmark.id}"
    form = fields_of(organiser.get(path).text)
    changed = form | values(hall, "food", "Le bistrot", "3", "3")
    assert organiser.post(path, data=changed).status_code == 302
    assert "Le bistrot" in client.get("/plan/2?q=buvette").text, "found by its kind"
    form = fields_of(organiser.get(path).text)
    kept = {name: form[name] for name in ("csrf_token", "stamp")}
    organiser.confirm(organiser.post(f"{path}/retirer", data=kept))
    assert "n’est pas sur le plan" in client.get("/plan/2?q=buvette").text


def test_the_landmarks_of_a_hall_go_with_it(edition: Edition, organiser: PageClient) -> None:
    empty_hall = make_hall(edition, name="9")
    assert add(organiser, **values(empty_hall, "toilets", "Toilettes", "1", "1")) == 302
    halls.remove_hall(act_in(edition, SYSTEM), empty_hall, stamp_of(halls.hall_values(empty_hall)))
    assert landmarks_of(edition) == []


def test_the_landmarks_of_a_closed_hall_are_not_shown(
    edition: Edition, organiser: PageClient
) -> None:
    closed_hall = make_hall(edition, name="9")
    assert add(organiser, **values(closed_hall, "toilets", "Toilettes", "1", "1")) == 302
    assert add(organiser, **values(None, "parking", "Parking", "1", "60")) == 302
    stamp = stamp_of(halls.closing_values(closed_hall))
    halls.close_hall(act_in(edition, SYSTEM), closed_hall, {"stands": {}, "words": ""}, stamp)
    assert [landmark.name for landmark in landmarks_of(edition)] == ["Parking"]
