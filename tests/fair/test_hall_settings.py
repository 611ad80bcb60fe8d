"""The halls, changed on pages."""

import pytest
from flask import Flask

from salon.fair.models import Edition, Hall, PartnerBody
from salon.fair.queries import halls_of
from salon.fair.rules import FloorFaults
from salon.fair.rules.halls import HallClosed, HallKnown, HallOpen, StandChosenTwice
from salon.fair.services import halls as services
from salon.platform.database.db import transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.versions import StaleVersion, stamp_of
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_theme
from tests.factories import act_in, new_key, sign_in
from tests.fair.test_practical import fields_of, text_of
from tests.fair.test_settings import fresh
from tests.fair.test_village_settings import free_stand
from tests.pages import PageClient

PLACE = "/organisation/reglages/halls"


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def hall_named(edition: Edition, name: str) -> Hall:
    return next(hall for hall in halls_of(edition) if hall.name == name)


def test_a_hall_is_added_drawn_in_and_read(
    organiser: PageClient, client: PageClient, edition: Edition
) -> None:
    fields = fields_of(organiser.get(f"{PLACE}/nouveau").text) | {
        "name": "Gymnase",
        "width": "30",
        "depth": "20,5",
        "description": "Chauffé, **accessible**.",
    }
    fields.pop("has_water", None)
    assert organiser.post(f"{PLACE}/nouveau", data=fields | {"name": "a/b"}).status_code == 400
    assert organiser.post(f"{PLACE}/nouveau", data=fields).location == PLACE
    hall = hall_named(edition, "Gymnase")
    assert (hall.area, hall.x) == (615, 90)
    assert "30 × 20,5 m" in text_of(organiser.get(PLACE))
    assert "<strong>accessible</strong>" in client.get("/plan/Gymnase").text
    assert organiser.get("/organisation/plan/Gymnase").status_code == 200


def test_a_hall_keeps_the_size_its_stands_need(edition: Edition) -> None:
    free_stand(edition)
    hall = hall_named(edition, "3")
    values = services.hall_values(hall)
    with pytest.raises(FloorFaults, match="dépasse du hall"):
        services.change_hall(
            act_in(edition, SYSTEM), hall, values | {"width": 61}, stamp_of(values)
        )
    assert hall_named(fresh(edition), "3").width == 80
    version = hall.version
    services.change_hall(act_in(edition, SYSTEM), hall, values | {"width": 70}, stamp_of(values))
    assert (hall.width, hall.area, hall.version) == (70, 2800, version + 1)
    with pytest.raises(StaleVersion):
        services.change_hall(
            act_in(edition, SYSTEM), hall, values | {"width": 75}, stamp_of(values)
        )


def close(edition: Edition, hall: Hall, stands: dict[int, int]) -> None:
    stamp = stamp_of(services.closing_values(hall))
    services.close_hall(act_in(edition, SYSTEM), hall, {"stands": stands, "words": ""}, stamp)


def test_a_hall_is_closed_once_and_reopened_once(edition: Edition) -> None:
    hall = hall_named(edition, "3")
    with pytest.raises(HallOpen):
        services.reopen_hall(
            act_in(edition, SYSTEM), hall, "", stamp_of(services.closing_values(hall))
        )
    close(edition, hall, {})
    with pytest.raises(HallClosed):
        close(edition, hall, {})
    services.reopen_hall(act_in(edition, SYSTEM), hall, "", stamp_of(services.closing_values(hall)))
    assert hall_named(fresh(edition), "3").closed_at is None


def test_bodies_of_a_closed_hall_go_to_a_stand_each(edition: Edition) -> None:
    hall, other_hall = make_hall(edition, name="7"), make_hall(edition, name="8")
    bodies = [
        make_theme(edition, make_stand(hall, number=slug), slug=slug).body_id
        for slug in ("eau", "voirie")
    ]
    target = make_stand(other_hall)
    with pytest.raises(StandChosenTwice):
        close(edition, hall, dict.fromkeys(bodies, target.id))
    assert hall_named(fresh(edition), "7").closed_at is None


def test_the_name_of_a_hall_does_not_repeat_the_word() -> None:
    assert [Hall(name=name).name for name in ("Hall A", "hall  3", "Halle", "Hall", "1A")] == [
        *("A", "3", "Halle", "Hall", "1A")
    ]


def test_two_halls_have_two_names(edition: Edition) -> None:
    values = services.hall_values(hall_named(edition, "3"))
    with pytest.raises(HallKnown):
        services.add_hall(act_in(edition, SYSTEM), values, new_key())
    key = new_key()
    added = services.add_hall(act_in(edition, SYSTEM), values | {"name": "4"}, key)
    assert services.add_hall(act_in(edition, SYSTEM), values | {"name": "4"}, key) is added
    stamp = stamp_of(services.hall_values(added))
    with pytest.raises(HallKnown):
        services.change_hall(act_in(edition, SYSTEM), added, values, stamp)


def test_a_hall_with_stands_stays_and_an_empty_one_goes(
    organiser: PageClient, edition: Edition
) -> None:
    hall = hall_named(edition, "3")
    path = f"{PLACE}/{hall.id}"
    fields = fields_of(organiser.get(path).text)
    form_fields = {name: fields[name] for name in ("csrf_token", "stamp")}
    question = organiser.post(f"{path}/retirer", data=form_fields)
    stand = free_stand(edition)
    assert stand.hall_id == hall.id
    answer = organiser.confirm(question)
    assert answer.status_code == 409
    assert "1 stand y est dessiné" in text_of(answer)
    values = services.hall_values(hall)
    empty = services.add_hall(act_in(edition, SYSTEM), values | {"name": "4"}, new_key())
    path = f"{PLACE}/{empty.id}"
    fields = fields_of(organiser.get(path).text)
    form_fields = {name: fields[name] for name in ("csrf_token", "stamp")}
    assert organiser.confirm(organiser.post(f"{path}/retirer", data=form_fields)).location == PLACE
    assert [hall.name for hall in halls_of(fresh(edition))] == ["3"]


def test_a_body_is_proposed_the_smallest_free_stand_that_is_large_enough(
    edition: Edition,
) -> None:
    """Of another hall; the largest when none is large enough, and none twice."""
    closing, other_hall = make_hall(edition, name="2"), make_hall(edition, name="1A")
    themes = [
        make_theme(edition, make_stand(closing, depth=depth), slug=slug)
        for slug, depth in (("eau", 3), ("feu", 3), ("air", 6))
    ]
    with transaction() as session:
        for rank, theme in enumerate(themes):
            session.get_one(PartnerBody, theme.body_id).rank = rank
    six, nine, twelve, taken = (make_stand(other_hall, depth=depth) for depth in (2, 3, 4, 3))
    make_exhibitor(edition, stand=taken)
    make_stand(closing)
    proposed = services.proposed_stands(edition, closing)
    assert [proposed.get(theme.body_id) for theme in themes] == [nine.id, twelve.id, six.id]
