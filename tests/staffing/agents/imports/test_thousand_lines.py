"""A list of 1,000 people with every fault that lists have, sent, corrected and sent again."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from html import unescape

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.staffing.imports.agents import COLUMNS
from salon.staffing.queries.agents import agents_of
from tests.factories import make_edition, make_places
from tests.pages import PageClient
from tests.platform.documents.spreadsheets.previews import csv_text, faults_by_line
from tests.staffing.agents.imports.test_routes import carried, upload
from tests.staffing.agents.pages import IMPORT, hidden
from tests.staffing.make import Village

PEOPLE, EACH = 1_000, 4
HEADS = [column.head for column in COLUMNS]
ORGANISER, SAME = "organisation@herault.example", "the address of the line before"
FIRST = 4
"""Line of the first person."""
MULTIPART = "multipart/form-data"
FAULTS: Sequence[tuple[dict[str, str], str]] = (
    ({"Courriel": "camille.herault.example"}, "ne paraît pas complète"),
    ({"Courriel": "a@herault.example; b@herault.example"}, "ne paraît pas complète"),
    ({"Courriel": "camille@herault"}, "ne paraît pas complète"),
    ({"Courriel": "camille @herault.example"}, "ne paraît pas complète"),
    ({"Courriel": "=cmd|' /C calc'!A0"}, "ne paraît pas complète"),
    ({"Courriel": ""}, "La colonne « Courriel » est vide"),
    ({"Courriel": SAME}, "déjà celle de la ligne {before}"),
    ({"Courriel": SAME.upper()}, "déjà celle de la ligne {before}"),
    ({"Courriel": ORGANISER}, "Cette adresse"),
    ({"Téléphone": "04 67 AB CD EF"}, "ne paraît pas complet"),
    ({"Téléphone": "467"}, "ne paraît pas complet"),
    ({"Téléphone": "0" * 25}, "ne paraît pas complet"),
    ({"Téléphone": "0" * 61}, "au plus 60 caractères"),
    ({"Organisme": "Mairie de Clochemerle"}, "L’organisme « Mairie de Clochemerle »"),
    ({"Organisme": ""}, "La colonne « Organisme » est vide"),
    ({"Organisme": "x" * 201}, "au plus 200 caractères"),
    ({"Prénom": "Paul et Anne"}, "Deux personnes"),
    ({"Civilité": "M. et Mme"}, "Deux personnes"),
    ({"Nom": "Durand; Dupont"}, "Deux personnes"),
    ({"Civilité": "Mx"}, "La civilité « Mx » n’est pas connue."),
    ({"Civilité": ""}, "La colonne « Civilité » est vide"),
    ({"Prénom": ""}, "La colonne « Prénom » est vide"),
    ({"Nom": ""}, "La colonne « Nom » est vide"),
    ({"Nom": "x" * 61}, "au plus 60 caractères"),
    ({"Nom": "www.gagnez.example"}, "une adresse de site"),
    ({"Nom": '=HYPERLINK("http://gagnez.example")'}, "une adresse de site"),
    ({"Nom": "Du\x07rand"}, "un caractère qui ne s’imprime pas"),
    ({"Nom": "Du\ufffdrand"}, "un caractère qui ne s’imprime pas"),
    ({"Fonction": "x" * 121}, "au plus 120 caractères"),
    ({"Fonction": "=?utf-8?q?maire?="}, "un caractère qui ne s’imprime pas"),
    ({"Thèmes": "Astrologie"}, "Le thème « Astrologie » n’est pas connu."),
    ({"Thèmes": "Fibre, Astrologie"}, "Séparez les thèmes par « | »"),
    ({"Stands": "Z99"}, "Le stand « Z99 » n’est pas connu."),
    ({"Stands préférés": "Z99"}, "Le stand « Z99 » n’est pas connu."),
    ({"Langues": "Klingon"}, "La langue « Klingon » n’est pas connue."),
    ({"Besoins": "Un poney"}, "Le besoin « Un poney » n’est pas connu."),
    ({"Précisions": "x" * 301}, "au plus 300 caractères"),
    ({"Arrivée": "25 h"}, "L’heure « 25 h » ne se lit pas"),
    ({"Arrivée": "midi moins le quart"}, "ne se lit pas"),
    ({"Arrivée": "01/01/2020 9 h"}, "« 01/01/2020 9 h » n’est d’aucun jour du salon"),
    ({"Départ": "31/12 17 h"}, "« 31/12 17 h » n’est d’aucun jour du salon"),
    ({"Départ": "30/02 17 h"}, "« 30/02 17 h » ne se lit pas"),
    ({"Arrivée": "17 h", "Départ": "9 h"}, "vient avant l’heure d’arrivée"),
    ({"Indisponible": "11 h 12 h"}, "ne se lit pas"),
    ({"Indisponible": "12 h - 11 h"}, "finit à 11 h sans avoir commencé"),
    ({"Coordination": "peut-être"}, "attend oui ou non, pas « peut-être »"),
    (dict(zip(HEADS, ["", *HEADS[:-1]], strict=True)), "« Organisme » est vide"),
    (dict(zip(HEADS, HEADS, strict=True)), "L’organisme « Organisme » n’est pas connu"),
    ({head: "" for head in HEADS if head != "Nom"}, "La colonne « Courriel » est vide"),
)
"""Cells of a line, and what is said of it. Two lines with shifted cells: a column too far, and the
heading once more."""


@pytest.fixture
def edition(app: Flask) -> Edition:
    """Return an edition held on a Tuesday of October."""
    make_places()
    return make_edition(day=date(2031, 10, 14))


def person(number: int) -> dict[str, str]:
    return {
        **dict.fromkeys(HEADS, ""),
        "Organisme": ("Département", "Hérault THD", "SDIS 34")[number % 3],
        "Civilité": ("Mme", "M.")[number % 2],
        "Prénom": f"Camille-{chr(65 + number % 26)}",
        "Nom": f"O’Bri{chr(97 + number // 26 % 26)}n-L’Été {chr(65 + number // 676)}",
        "Fonction": "Instructrice ; « aides »",
        "Courriel": f"camille.{number}@herault.example",
        "Téléphone": f"04 67 00 {number // 100:02} {number % 100:02}",
    }


def faulty(people: Sequence[dict[str, str]]) -> tuple[list[dict[str, str]], dict[int, str]]:
    """Return a list with each fault EACH times, and what is to be said of each line."""
    lines, words = list(people), {}
    step = len(people) // (len(FAULTS) * EACH)
    for place in range(len(FAULTS) * EACH):
        number, (cells, fault) = 1 + place * step, FAULTS[place % len(FAULTS)]
        address = people[number - 1]["Courriel"]
        changes = {SAME: address, SAME.upper(): address.upper()}
        lines[number] = {**people[number], **{k: changes.get(v, v) for k, v in cells.items()}}
        words[number + FIRST] = fault.format(before=number - 1 + FIRST)
    return lines, words


def written(lines: Iterable[dict[str, str]], separator: str = ";") -> str:
    """Return a list below a title and an empty line, with a column of nobody's and empty ones at
    the end."""
    heads, title = [*HEADS, "Taille", "", ""], "Agents pour le salon"
    return f"{title}\r\n\r\n{csv_text(heads, lines, separator)}"


@pytest.mark.long
def test_every_fault_of_a_thousand_lines_is_named_then_all_are_taken(
    organiser: PageClient, village: Village, edition: Edition
) -> None:
    people = [person(number) for number in range(PEOPLE)]
    lines, words = faulty(people)
    preview = upload(organiser, written(lines))
    told = faults_by_line(preview.text)
    assert preview.status_code == 200
    assert [line for line in words if words[line] not in told.get(line, "")] == []
    assert told.keys() == words.keys()
    assert f"{len(words)}\u00a0lignes à corriger" in preview.text
    assert "1\u00a0colonne n’est pas lue" in preview.text

    confirming = {**hidden(preview.text), "rows": written(lines)}
    refused = organiser.post(f"{IMPORT}/confirmer", data=confirming, content_type=MULTIPART)
    assert refused.status_code == 400
    assert "Rien n’a été enregistré." in refused.text
    assert agents_of(edition) == []

    corrected = upload(organiser, written(people))
    assert f"{PEOPLE}\u00a0agents à ajouter".replace("1000", "1\u202f000") in corrected.text
    data = {**hidden(corrected.text), "rows": unescape(carried(corrected.text))}
    for _ in range(2):
        taken = organiser.post(f"{IMPORT}/confirmer", data=data, content_type=MULTIPART)
        assert taken.status_code == 302
    assert sorted(agent.email for agent in agents_of(edition)) == sorted(
        line["Courriel"] for line in people
    )
    assert "1\u202f000\u00a0lignes sans changement" in upload(organiser, written(people)).text


@pytest.mark.parametrize(
    ("encode", "separator"),
    [
        (lambda text: text.encode("utf-8-sig"), ";"),
        (lambda text: text.encode("utf-16"), "\t"),
        (lambda text: text.encode("cp1252"), ";"),
        (lambda text: text.encode(), ","),
    ],
)
def test_a_list_is_read_in_every_encoding_of_a_spreadsheet(
    organiser: PageClient, village: Village, encode: Callable[[str], bytes], separator: str
) -> None:
    page = upload(organiser, encode(written(map(person, range(50)), separator))).text
    assert "50\u00a0agents à ajouter" in page
    assert "L’Été" in unescape(page)
    assert "à corriger" not in page


def test_a_quote_that_is_left_open_is_named_by_its_line(
    organiser: PageClient, village: Village
) -> None:
    rows = written(map(person, range(50))).split("\r\n")
    rows[FIRST - 1 + 20] = rows[FIRST - 1 + 20].replace('»"', "»")
    answer = upload(organiser, "\r\n".join(rows))
    assert faults_by_line(answer.text).keys() == {FIRST + 20}


def test_what_is_no_text_is_refused_in_french(organiser: PageClient, village: Village) -> None:
    text = written(map(person, range(50)))
    for content in (text.encode() + b"\0", text.encode("utf-16-le")):
        answer = upload(organiser, content)
        assert (answer.status_code, "pas un texte" in answer.text) == (400, True)
