"""Long lists of people to register, with the faults that lists have."""

import io
import random
import re
from collections.abc import Iterable, Sequence
from datetime import date
from html import unescape

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from salon.badges.models import Attendee
from salon.badges.rules import LONGEST_GROUP
from salon.fair.models import Edition
from tests.badges.people import all_of
from tests.factories import make_edition, make_places
from tests.pages import PageClient
from tests.platform.documents.spreadsheets.previews import csv_text, faults_by_line

CONTACT, FIRST = {"email": "mairie@mons.example"}, 2
PATH = "/inscription/commune/liste"
CHANCE = random.Random(341)
NAMES = [
    "".join(CHANCE.choice("bcdfglmnprstv") + CHANCE.choice("aeiou") for _ in range(5)).title()
    for _ in range(300)
]
HEADS = (
    *("Civilité", "Prénom", "Nom", "Fonction", "Catégorie", "Commune", "Organisme"),
    *("Adresse électronique", "Téléphone", "Jours"),
)
SAME = {"Jours": ""}
"""The cells of the line before."""
FAULTS: Sequence[tuple[dict[str, str], str]] = (
    ({"Prénom": ""}, "Indiquez le prénom."),
    ({"Nom": ""}, "Indiquez le nom."),
    ({"Nom": "x" * 61}, "Au plus 60 caractères."),
    ({"Nom": "www.gagnez.example"}, "ne contient pas d’adresse de site"),
    ({"Nom": "Du\x07rand"}, "une suite de caractères refusée"),
    ({"Nom": "Du\ufffdrand"}, "une suite de caractères refusée"),
    ({"Prénom": "Paul et Anne"}, "Deux personnes"),
    ({"Civilité": "M. et Mme"}, "Deux personnes"),
    ({"Nom": "Durand; Dupont"}, "Deux personnes"),
    ({"Fonction": ""}, "Choisissez la fonction."),
    ({"Fonction": "néant"}, "Choisissez la fonction."),
    ({"Fonction": "Présidente"}, "est-il un mandat"),
    ({"Fonction": "x" * 200}, "Au plus 60 caractères."),
    ({"Commune": "Nulle-Part-sur-Rien"}, "n’est pas dans la liste"),
    ({"Commune": "Saint-Martin"}, "La commune « Saint-Martin » n’est pas sûre"),
    ({"Organisme": "CCAS"}, "pas les deux"),
    ({"Commune": ""}, "Indiquez la commune, ou un autre organisme."),
    ({"Adresse électronique": "camille.example"}, "ne paraît pas complète"),
    ({"Adresse électronique": "a@b.example; c@d.example"}, "ne paraît pas complète"),
    ({"Adresse électronique": "=1+1"}, "ne paraît pas complète"),
    ({"Téléphone": "467"}, "ne paraît pas complet"),
    ({"Téléphone": "le matin"}, "ne paraît pas complet"),
    ({"Téléphone": "0" * 40}, "ne paraît pas complet"),
    ({"Jours": "dimanche"}, "n’est pas un jour du salon"),
    ({"Jours": "31/02"}, "n’est pas un jour du salon"),
    ({"Jours": "01/01/2020"}, "n’est pas un jour du salon"),
    (SAME, "Même personne qu’à la ligne {before}."),
    (dict(zip(HEADS, HEADS, strict=True)), "ne paraît pas complet"),
    (dict(zip(HEADS, ["", *HEADS[:-1]], strict=True)), "ne paraît pas complet"),
)


@pytest.fixture
def edition(app: Flask) -> Edition:
    """Return an edition held on a Tuesday of October."""
    make_places()
    return make_edition(day=date(2031, 10, 14))


def person(number: int) -> dict[str, str]:
    """Return somebody of Mons who resembles nobody else."""
    return {
        **dict.fromkeys(HEADS, ""),
        "Civilité": ("Mme", "M.")[number % 2],
        "Prénom": NAMES[number],
        "Nom": f"L’{NAMES[-number - 1]}",
        "Fonction": "Adjointe ; finances",
        "Commune": "Mons",
        "Adresse électronique": f"camille{number}@mons.example",
        "Téléphone": f"04 67 00 {number // 100:02} {number % 100:02}",
    }


def roster_of(page: str) -> str:
    match = re.search(r'name="roster" value="([^"]*)"', page)
    assert match
    return unescape(match[1])


def send(client: PageClient, lines: Iterable[dict[str, str]]) -> TestResponse:
    return client.fill(
        PATH, **CONTACT, file=(io.BytesIO(csv_text(HEADS, lines).encode("utf-8-sig")), "liste.csv")
    )


def confirm(client: PageClient, preview: TestResponse) -> None:
    answer = client.fill(PATH, **CONTACT, roster=roster_of(preview.text), action="confirm")
    assert answer.location == "/inscription/merci"


def emails() -> list[str]:
    return sorted(attendee.email for attendee in all_of(Attendee))


def test_every_fault_of_a_list_is_named_the_others_registered_and_then_all(
    client: PageClient, edition: Edition
) -> None:
    people = [person(number) for number in range(LONGEST_GROUP)]
    lines, words = list(people), {}
    for rank, (cells, fault) in enumerate(FAULTS):
        place = 1 + rank * 3
        lines[place] = people[place - 1] if cells is SAME else {**people[place], **cells}
        words[place + FIRST] = fault.format(before=place - 1 + FIRST)
    preview = send(client, lines)
    told = faults_by_line(preview.text)
    assert [line for line in words if words[line] not in told.get(line, "")] == []
    assert told.keys() == words.keys()
    assert emails() == []
    confirm(client, preview)
    assert emails() == sorted(
        line["Adresse électronique"]
        for number, line in enumerate(people, FIRST)
        if number not in words
    )
    confirm(client, send(client, people))
    assert emails() == sorted(line["Adresse électronique"] for line in people)


def test_150_lines_are_refused_with_their_number_and_taken_in_two(
    client: PageClient, edition: Edition
) -> None:
    people = [person(number) for number in range(150)]
    refused = send(client, people)
    assert refused.status_code == 400
    assert "La liste contient 150 lignes" in refused.text.replace("150 lignes", "150 lignes")
    assert f"au plus {LONGEST_GROUP} à la fois" in refused.text
    assert emails() == []
    for part in (people[:75], people[75:]):
        confirm(client, send(client, part))
    assert emails() == sorted(line["Adresse électronique"] for line in people)
