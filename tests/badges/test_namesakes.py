"""Two people of one name at one address, and one person at two addresses."""

import html
import re

import pytest
from flask import Flask

from salon.badges import queries
from salon.badges.models import Attendee
from salon.fair.models import Edition
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import Message
from salon.platform.web.limits import MAILS_AN_HOUR
from salon.platform.words.likeness import Verdict
from tests.badges.people import (
    BEZIERS,
    MONS,
    all_of,
    badge_of,
    kinds_sent,
    make_person,
    register,
    register_one,
)
from tests.badges.visitor_pages import page_of
from tests.pages import PageClient

TOWN_HALL = {"first_name": "Jean", "last_name": "Dupuy", "email": "mairie@beziers.example"}


@pytest.mark.on_both
def test_two_people_of_one_name_at_the_town_hall_have_each_a_badge(edition: Edition) -> None:
    deputy = make_person(**TOWN_HALL, civility="monsieur", function="deputy_mayor")
    officer = make_person(**TOWN_HALL, civility="monsieur", function="officer")
    assert len(register(deputy, officer).added) == 2
    assert len(register(deputy).already_registered) == 1
    again = register(officer)
    assert [queries.get_attendee(number).function for number in again.already_registered] == [
        "officer"
    ]
    assert len(all_of(Attendee)) == 2


def test_people_of_one_name_from_two_communes_are_two_at_a_shared_address(
    edition: Edition,
) -> None:
    shared = {**TOWN_HALL, "email": "contact@agglo.example"}
    assert register(make_person(**shared, place=BEZIERS)).added
    assert register(make_person(**shared, place=MONS)).added


def test_an_address_of_several_people_does_not_say_who_comes(edition: Edition) -> None:
    mailbox = {"email": "dupuy.pays@free.fr", "last_name": "Dupuy"}
    assert register(make_person(**mailbox, first_name="Jean", function="deputy_mayor")).added
    officer = make_person(**mailbox, first_name="Jean", function="officer")
    assert register(officer).already_registered
    assert register(make_person(**mailbox, first_name="Anne", function="councillor")).added
    assert register(officer).added


def test_a_person_changes_function_and_stays_the_same_at_their_own_address(
    edition: Edition,
) -> None:
    own = {**TOWN_HALL, "email": "jean.dupuy@free.fr"}
    assert register(make_person(**own, function="mayor")).added
    again = register(make_person(**own, function="councillor", place=MONS))
    assert len(again.already_registered) == 1


@pytest.mark.on_both
def test_a_mayor_registered_by_three_people_is_found(edition: Edition) -> None:
    mayor = register_one(**TOWN_HALL, civility="monsieur")
    register_one(first_name="Jeanne", last_name="Dupuy", function="councillor")
    register_one(first_name="Jean", last_name="Dupuy", place=MONS)
    typed = make_person(first_name="DUPUY", last_name="Jean", email="j.dupuy@free.fr", civility="")
    [(attendee_id, answer)] = queries.people_like(edition.id, typed.identity)
    assert (attendee_id, answer.verdict) == (mayor.id, Verdict.SAME)


MAYOR = {
    "civility": "monsieur",
    "first_name": "Jean",
    "last_name": "Dupuy",
    "function": "mayor",
    "commune": "Mons",
    "email": "jean.dupuy@free.fr",
    "half_day": "morning",
}


def test_who_was_registered_by_another_is_asked_and_their_first_badge_sent_again(
    client: PageClient, edition: Edition
) -> None:
    first = register_one(**TOWN_HALL, place=MONS).id
    client.fill("/inscription", **MAYOR)
    thanks = page_of(client.get("/inscription/merci"))
    assert "Êtes-vous déjà inscrit par quelqu’un d’autre" in thanks
    before = len(kinds_sent())
    client.fill("/inscription/deja-inscrit")
    [message] = all_of(Message)[before:]
    assert (message.kind, message.recipient) == ("badges_of_address", "mairie@beziers.example")
    _, body = words_of(message)
    assert badge_of(first).private_token in body
    assert len(all_of(Attendee)) == 2


def test_each_of_a_group_is_asked_about(client: PageClient, edition: Edition) -> None:
    """The secretary registers two people, of whom one did it herself; no badge goes twice."""
    first = register_one(
        civility="madame", first_name="Anne", last_name="Vidal", email="a@free.example", place=MONS
    )
    lines = {}
    for line, (civility, name) in enumerate((("madame", "Anne"), ("monsieur", "Luc"))):
        values = {"civility": civility, "first_name": name, "last_name": "Vidal"}
        values["function"] = "mayor" if line else "councillor"
        lines.update({f"lines-{line}-{key}": value for key, value in values.items()})
    client.fill("/inscription/commune", commune="Mons", email="mairie@mons.example", **lines)
    thanks = page_of(client.get("/inscription/merci"))
    assert "Certaines sont-elles déjà inscrites" in thanks
    before = len(kinds_sent())
    client.fill("/inscription/deja-inscrit")
    [message] = all_of(Message)[before:]
    assert message.recipient == "a@free.example"
    assert badge_of(first.id).private_token in words_of(message)[1]


def test_the_question_tells_a_stranger_nothing(app: Flask, edition: Edition) -> None:
    """The pages are the same, whoever is registered, and no name or address of others is shown."""
    register_one(**TOWN_HALL, place=MONS)
    pages = []
    for last_name in ("Dupuy", "Inconnu"):
        client = app.test_client()
        assert isinstance(client, PageClient)
        client.fill("/inscription", **{**MAYOR, "last_name": last_name})
        answer = client.fill("/inscription/deja-inscrit")
        page = client.get(answer.location).text.replace(last_name, "X")
        pages.append((answer.status_code, answer.location, page))
        assert "mairie@beziers.example" not in page
    assert pages[0] == pages[1]


def test_a_mailbox_is_not_filled_by_the_question(client: PageClient, edition: Edition) -> None:
    register_one(**TOWN_HALL, place=MONS)
    client.fill("/inscription", **MAYOR)
    for _ in range(MAILS_AN_HOUR + 3):
        assert client.fill("/inscription/deja-inscrit").status_code == 302
    assert len(kinds_sent("mairie@beziers.example")) <= MAILS_AN_HOUR + 1


def test_the_desk_asks_before_it_registers_twice(organiser: PageClient, edition: Edition) -> None:
    first = register_one(**TOWN_HALL, place=MONS)
    typed = {"first_name": "DUPUY", "last_name": "Jean", "commune": "Mons", "function": "mayor"}
    answer = organiser.fill("/accueil", **typed, layout="62mm")
    page = page_of(answer)
    assert answer.status_code == 409
    assert "Cette personne est-elle déjà inscrite" in page
    assert "nom et prénom inversés" in page
    assert f"/accueil/{first.id}/badge.pdf" in page
    assert len(all_of(Attendee)) == 1
    assert organiser.fill("/accueil", **typed, layout="62mm", is_other="1").status_code == 302
    assert len(all_of(Attendee)) == 2


LIST = """Prénom;Nom;Fonction
Jean;Dupuy;Adjoint au maire
Jean;Dupuy;Directeur général des services
"""


def test_a_list_asks_whether_two_lines_are_one_person(client: PageClient, edition: Edition) -> None:
    fields = {"commune": "Mons", "email": "mairie@mons.example"}
    path = "/inscription/commune/liste"
    page = page_of(client.fill(path, **fields, roster=LIST))
    assert "À préciser" in page
    assert "Ressemble à la ligne 2 (même nom, " in page
    assert "fonctions différentes" in page
    for answer, people in (("Même personne", 1), ("Autre personne", 2)):
        typed = {"roster": LIST, "cell-3-likeness": answer}
        page = page_of(client.fill(path, **fields, **typed))
        roster = re.search(r'name="roster" value="([^"]*)"', page)
        assert roster
        assert f"Inscrire {people}\u00a0personne" in page
        client.fill(path, **fields, roster=html.unescape(roster[1]), action="confirm")
        assert len(all_of(Attendee)) == people


def test_a_list_names_the_registered_to_organisers_alone(
    app: Flask, organiser: PageClient, edition: Edition
) -> None:
    register_one(**TOWN_HALL, place=MONS)
    fields = {"commune": "Mons", "email": "contact@mons.example"}
    roster = "Prénom;Nom;Fonction\nJean;DUPUY;Maire\n"
    path = "/inscription/commune/liste"
    page = page_of(organiser.fill(path, **fields, roster=roster))
    assert "Ressemble à Jean Dupuy, Maire, Mons, déjà inscrite (même nom" in page
    again = {**fields, "email": "mairie@beziers.example"}
    assert "Déjà inscrite" in page_of(organiser.fill(path, **again, roster=roster))
    stranger = app.test_client()
    assert isinstance(stranger, PageClient)
    page = page_of(stranger.fill(path, **fields, roster=roster))
    assert "Ressemble" not in page
    assert "Inscrire 1\u00a0personne" in page
