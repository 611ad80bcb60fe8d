"""Lists, searches and what is printed, on SQLite and on PostgreSQL."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from salon.badges import jobs, queries, services
from salon.badges.engine.matching import Affiliation
from salon.badges.models import Category
from salon.badges.models.badge_layouts import Layout
from salon.badges.queries import AttendeeFilter
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from tests.badges.people import MONS, PUBLIC, make_person, register, register_one
from tests.factories import make_edition
from tests.statements import statements
from tests.tables import each

pytestmark = pytest.mark.on_both

NOW = datetime.now(UTC)
PREFIX = "HTTPS://SALON.EXAMPLE/B/"


def names(edition: Edition, **filters: str) -> list[str]:
    page = queries.attendees_page(edition.id, AttendeeFilter(**filters))
    return [item.last_name for item in page.items]


@pytest.fixture
def people(edition: Edition) -> Edition:
    """Four people: Béziers, Mons, an EPCI, an association; one cancelled, one printed."""
    epci = Affiliation("CC du Minervois au Caroux", epci_siren="200066348")
    added = [
        register_one(last_name="Àrnaud", email="a@beziers.example"),
        register_one(last_name="Bousquet", place=MONS, function="officer"),
        register_one(last_name="Cros", place=epci),
        register_one(last_name="Dumas", place=Affiliation("Union des îles 100%")),
    ]
    services.cancel_attendee(Act(PUBLIC, NOW), added[3].id)
    jobs.print_badge_now(Act(PUBLIC, NOW), added[0].id, Layout.LABEL_62, PREFIX)
    current_session().rollback()
    return edition


@each(
    ("filters", "expected"),
    [
        ({}, ["Àrnaud", "Bousquet", "Cros", "Dumas"]),
        ({"text": "arnaud"}, ["Àrnaud"]),
        ({"text": "MARIE ÀRN"}, ["Àrnaud"]),
        ({"text": "a@beziers"}, ["Àrnaud"]),
        ({"text": "béziers"}, ["Àrnaud"]),
        ({"text": "iles"}, []),
        ({"text": "îles"}, ["Dumas"]),
        ({"text": "%"}, ["Dumas"]),
        ({"text": "_"}, []),
        ({"category": "visitor"}, ["Bousquet"]),
        ({"epci": "200066348"}, ["Bousquet", "Cros"]),
        ({"commune": "34160"}, ["Bousquet"]),
        ({"commune": "?"}, []),
        ({"state": "cancelled"}, ["Dumas"]),
        ({"printed": "no", "state": "registered"}, ["Bousquet", "Cros"]),
        ({"printed": "yes"}, ["Àrnaud"]),
        ({"order": "epci"}, ["Àrnaud", "Bousquet", "Cros", "Dumas"]),
    ],
)
def test_a_filter_keeps(people: Edition, filters: dict[str, str], expected: list[str]) -> None:
    assert sorted(names(people, **filters)) == sorted(expected)


def test_the_order_by_epci_puts_organisations_last(people: Edition) -> None:
    assert names(people, order="epci")[0] == "Àrnaud"
    assert names(people, order="epci")[-1] == "Dumas"


def test_a_page_of_fifty_takes_as_many_statements_as_a_page_of_one(edition: Edition) -> None:
    register_one()
    with statements() as few:
        names(edition)
    register(*[make_person() for _ in range(60)], contact="x@y.example")
    current_session().expunge_all()
    with statements() as many:
        page = queries.attendees_page(edition.id, AttendeeFilter())
        assert [item.on_behalf_of for item in page.items] == ["Béziers"] * 50
    assert page.total == 61
    assert len(many) <= len(few) + 1
    assert len(many) <= 6


def test_a_search_at_the_desk_gives_at_most_fifty(edition: Edition) -> None:
    register(*[make_person(last_name=f"Roque {n}") for n in range(60)], contact="x@y.example")
    assert len(queries.search_attendees(edition.id, "roque")) == 50


def test_places_are_searched_by_the_beginning_of_words(edition: Edition) -> None:
    assert [place.name for place in queries.search_places("bez", 5)] == [
        "Béziers",
        "CA de Béziers-Méditerranée",
    ]
    assert len(queries.search_places("b", 1)) == 1
    assert queries.search_places("", 5) == []


def test_the_valid_codes_are_those_of_the_current_edition(edition: Edition) -> None:
    register_one()
    services.cancel_attendee(Act(PUBLIC, NOW), register_one().id)
    assert len(queries.valid_codes(get_public_edition())) == 1
    register_one()
    assert len(queries.valid_codes(get_public_edition(), limit=1)) == 1


def test_the_demonstration_shows_an_elected_person(app: Flask, edition: Edition) -> None:
    assert queries.find_demonstration_badge(get_public_edition()) is None
    register_one(function="officer")
    mayor = register_one(function="mayor")
    badge = queries.find_demonstration_badge(get_public_edition())
    assert badge
    assert badge.attendee_id == mayor.id


def test_a_face_says_what_is_printed(edition: Edition) -> None:
    attendee = register_one(function="deputy_mayor", place=MONS)
    badge = attendee.badges[0]
    face = next(queries.faces_of([badge.id], PREFIX, queries.settings_of(edition.id)))
    assert (face.function, face.organisation) == ("Adjointe au maire", "Mons")
    assert face.category.label == Category.ELECTED.word(attendee.civility) == "Élue"
    assert face.payload == PREFIX + badge.code
    assert face.short_code == f"{badge.code[:4]} {badge.code[4:8]}"


def test_faces_come_in_the_order_asked_over_many_chunks(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries.badges, "CHUNK", 5)
    register(*[make_person() for _ in range(12)], contact="x@y.example", notify=False)
    pairs = queries.badges_to_print(edition.id, AttendeeFilter())
    ids = [badge for badge, _ in pairs][::-1]
    faces = list(queries.faces_of(ids, PREFIX, queries.settings_of(edition.id)))
    assert len({face.payload for face in faces}) == 12
    assert faces[0].last_name == queries.get_badge(ids[0]).attendee.last_name


def test_the_fair_is_printed_with_its_day_and_halls(edition: Edition) -> None:
    face = queries.fair_face(edition, queries.settings_of(edition.id))
    assert face.place == "Parc des Expositions de Béziers"
    assert [hall[0] for hall in face.halls] == ["3"]


def test_another_edition_is_not_listed(edition: Edition) -> None:
    register_one()
    other_edition = make_edition(is_current=False)
    assert names(other_edition) == []
