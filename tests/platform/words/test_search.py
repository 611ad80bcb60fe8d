"""Search that forgives: what is near, in which order, and where it is used."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from salon.badges import queries, services
from salon.badges.engine.matching import Affiliation
from salon.badges.models import Attendee
from salon.badges.queries import AttendeeFilter
from salon.entrance.queries.live import search_badges
from salon.exhibitors.models import ApplicationStatus
from salon.exhibitors.queries.review import ReviewFilter, review_page
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from salon.platform.settings.clock import now
from salon.platform.words.search import nearest, sound, sounds_of
from salon.platform.words.texts import folded, sorted_names
from tests.badges.people import make_person, register
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand
from tests.factories import make_station_token
from tests.pages import PageClient
from tests.tables import each

PEOPLE = [
    "Nadia Belkacem",
    "Jean-Philippe Dupont",
    "Anne Dupond",
    "Marie-Hélène Bénézech",
    "Élise Vézian",
    "Thierry Gauthier",
    "Catherine Martin",
    "Karim Martini",
    "Zoé Le Goff",
]


def found(text: str, names: list[str] = PEOPLE) -> list[str]:
    return nearest(text, ((name, folded(name)) for name in names), 20)


@each(
    ("text", "expected"),
    [
        ("belkasem", ["Nadia Belkacem"]),
        ("Belkacen", ["Nadia Belkacem"]),
        ("fillipe dupon", ["Jean-Philippe Dupont"]),
        ("BENEZECH", ["Marie-Hélène Bénézech"]),
        ("benezek", ["Marie-Hélène Bénézech"]),
        ("marie helene", ["Marie-Hélène Bénézech"]),
        ("vesian", ["Élise Vézian"]),
        ("gotier", ["Thierry Gauthier"]),
        ("katrine", ["Catherine Martin"]),
        ("legoff", []),
        ("le gof", ["Zoé Le Goff"]),
        ("nadya belkasem", ["Nadia Belkacem"]),
        ("nadia martin", []),
        ("zz", []),
        ("", []),
        ("%_", []),
    ],
)
def test_a_name_is_found_as_it_is_heard_or_mistyped(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_what_is_exact_comes_first() -> None:
    assert found("dupond") == ["Anne Dupond", "Jean-Philippe Dupont"]
    assert found("martin") == ["Catherine Martin", "Karim Martini"]


@given(st.text(max_size=30), st.lists(st.text(max_size=30), max_size=5))
def test_any_text_is_searched(text: str, names: list[str]) -> None:
    assert set(found(text, names)) <= set(names)
    if folded(text):
        assert found(text, [text]) == [text]


@given(st.text())
def test_a_sound_is_heard_once(text: str) -> None:
    for word in folded(text).split():
        assert " " not in sound(word)


@pytest.fixture
def crowd(edition: Edition) -> list[int]:
    people = [("Nadia", "Belkacem"), ("Anne", "Dupond"), ("Jean-Philippe", "Dupont")]
    persons = [make_person(first_name=first, last_name=last) for first, last in people]
    return [register(person).added[0] for person in persons]


def test_the_organiser_the_desk_and_the_door_find_by_ear(
    app: Flask, edition: Edition, crowd: list[int]
) -> None:
    page = queries.attendees_page(edition.id, AttendeeFilter(text="belkasem"))
    assert [item.id for item in page.items] == [crowd[0]]
    page = queries.attendees_page(edition.id, AttendeeFilter(text="dupond"))
    assert [item.id for item in page.items] == [crowd[1], crowd[2]]
    assert [
        attendee.id for attendee in queries.all_attendees(edition.id, AttendeeFilter(text="dupond"))
    ] == crowd[1:]
    assert [attendee.id for attendee in queries.search_attendees(edition.id, "belkasem")] == [
        crowd[0]
    ]
    names = [badge.last_name for badge, _ in search_badges(edition.id, "belkasem", now())]
    assert names == ["Belkacem"]
    names = [badge.last_name for badge, _ in search_badges(edition.id, "dupond", now())]
    assert names == ["Dupond", "Dupont"]


def test_a_person_is_found_by_the_new_name_and_not_by_one_that_was_erased(
    app: Flask, edition: Edition, crowd: list[int]
) -> None:
    attendee = current_session().get_one(Attendee, crowd[0])
    assert attendee.sound_key == sounds_of(attendee.name_key)
    values = {"last_name": "Quentin"}
    services.change_attendee(Act(SYSTEM), attendee.id, attendee.version, values)
    assert queries.near_attendees(edition.id, "kantin") == [crowd[0]]
    assert queries.near_attendees(edition.id, "belkasem") == []


def test_the_door_answers_a_station(
    app: Flask, client: PageClient, edition: Edition, crowd: list[int]
) -> None:
    head = {"Authorization": f"Bearer {make_station_token(edition)}"}
    answer = client.get("/api/v1/attendees?q=belkasem", headers=head)
    assert answer.status_code == 200
    assert [attendee["name"] for attendee in answer.json["attendees"]] == ["Nadia Belkacem"]


def test_communes_are_suggested_by_ear(client: PageClient, edition: Edition) -> None:
    for text, name in (
        ("st gervais", "Saint-Gervais-sur-Mare"),
        ("saint gervé", "Saint-Gervais-sur-Mare"),
        ("bezier", "Béziers"),
        ("bessiers", "Béziers"),
        ("espondeillan", "Espondeilhan"),
    ):
        places = client.get("/communes.json", query_string={"q": text}).json["places"]
        assert places[0]["name"] == name, text
    assert queries.find_place("espondeillan") == [Affiliation("Espondeilhan", commune_code="34092")]


def test_an_exhibitor_without_a_stand_is_found_in_the_catalogue_and_on_the_plan(
    client: PageClient, edition: Edition
) -> None:
    hall = make_hall(edition, name="2")
    stand = make_stand(hall, number="12")
    make_exhibitor(edition, name="Éclairage du Biterrois", slug="eclairage", stand=stand)
    make_exhibitor(edition, name="Tuiles et Terres", slug="tuiles-et-terres")
    make_exhibitor(edition, name="Un autre", slug="un-autre", status=ApplicationStatus.SUBMITTED)
    for text in ("tuile", "thuile", "Tuilles et terre"):
        page = client.get("/exposants", query_string={"q": text}).text
        assert 'href="/exposants/tuiles-et-terres"' in page, text
        assert "/exposants/eclairage" not in page
        for path in ("/plan", "/plan/2"):
            page = client.get(path, query_string={"q": text}).text
            assert "Le stand n’est pas encore attribué" in page, (path, text)
            assert 'href="/exposants/tuiles-et-terres"' in page
    for path in ("/plan", "/plan/2"):
        page = client.get(path, query_string={"q": "eclerage"}).text
        result = page.partition('id="plan-found"')[2].partition("</section>")[0]
        assert "Éclairage du Biterrois" in result
        assert "pas encore attribué" not in result
        nobody = client.get(path, query_string={"q": "un otre zzz"}).text
        assert "Rien sur le plan pour" in nobody


def test_the_organiser_finds_an_exhibitor_by_ear(edition: Edition) -> None:
    make_exhibitor(edition, name="Éclairage du Biterrois")
    make_exhibitor(edition, name="Tuiles et Terres")
    for text, names in (
        ("eklerage", ["Éclairage du Biterrois"]),
        ("tuille", ["Tuiles et Terres"]),
        ("zzz", []),
    ):
        page = review_page(edition.id, ReviewFilter(text=text), now())
        assert [item.name for item in page.items] == names


def test_names_are_sorted_as_people_do() -> None:
    names = ["Yamina Roux", "Élise Émard", "eau", "Zoé", "École", "Eclairage", "œuvres", "Orb"]
    in_order = ["eau", "Eclairage", "École", "Élise Émard", "œuvres", "Orb", "Yamina Roux", "Zoé"]
    assert sorted_names(names) == in_order
