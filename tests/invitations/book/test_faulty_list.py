"""A list of the 341 communes with the faults that lists have: named by line, the others kept."""

from collections.abc import Sequence

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from salon.fair.models import Edition
from salon.platform.database.identity import Role
from tests.factories import sign_in
from tests.fair.test_practical import text_of
from tests.invitations.book.lists import communes
from tests.invitations.book.test_book import COUNT, IMPORT, book, carried, upload
from tests.pages import PageClient
from tests.platform.documents.spreadsheets.previews import csv_text, words_by_line

HEADS = (
    *("Commune", "Code Insee", "Civilité", "Prénom", "Nom", "En fonction depuis", "Adresse"),
    *("Code postal", "Bureau distributeur", "Téléphone", "Adresse électronique"),
)
WRONG: Sequence[tuple[dict[str, str], str]] = (
    ({"Commune": "Nulle-Part-sur-Rien", "Code Insee": ""}, "La commune n’est pas reconnue"),
    ({"Commune": "", "Code Insee": ""}, "La commune n’est pas reconnue"),
    ({"Commune": "Total : 341", "Code Insee": ""}, "La commune n’est pas reconnue"),
    ({"Adresse électronique": "mairie.example"}, "« mairie.example » ne paraît pas complète"),
    ({"Adresse électronique": "mairie@"}, "ne paraît pas complète"),
    ({"Adresse électronique": "=1+1"}, "ne paraît pas complète"),
    ({"Adresse électronique": "sans"}, "ne paraît pas complète"),
    ({"Nom": "www.gagnez.example"}, "Un nom ne contient pas d’adresse de site"),
    ({"Nom": "Mart\ufffdn"}, "Un caractère ne s’imprime pas"),
    ({"Adresse": "1 rue\x07 Haute"}, "Un caractère ne s’imprime pas"),
    ({"Commune": "Saint-Martin", "Code Insee": ""}, "La commune n’est pas reconnue"),
    (dict(zip(HEADS, HEADS, strict=True)) | {"Code Insee": ""}, "La commune n’est pas reconnue"),
)
"""Cells of a line that is left out, and why; the last one is the heading once more."""
NOTED: Sequence[tuple[dict[str, str], str]] = (
    ({"Code postal": "346"}, "Non lu : Code postal « 346 »."),
    ({"Code postal": "Agde"}, "Non lu : Code postal « Agde »."),
    ({"Téléphone": "04 67"}, "Non lu : Téléphone « 04 67 »."),
    ({"Téléphone": "le matin"}, "Non lu : Téléphone « le matin »."),
    ({"En fonction depuis": "31/02/2020"}, "Non lu : En fonction depuis « 31/02/2020 »."),
    ({"En fonction depuis": "printemps"}, "Non lu : En fonction depuis « printemps »."),
    ({"Adresse électronique": "a@b.example ; c@b.example"}, "autre adresse électronique"),
    ({"Adresse": '[{"voie": "1'}, "Non lu : Adresse"),
)
"""Cells that are not read, of a line that is taken without them."""
EACH, STEP, FIRST = 3, 5, 2


@pytest.fixture
def organiser(app: Flask, first: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def commune(place: tuple[str, str, str]) -> dict[str, str]:
    code, name, town = place
    return {
        **dict.fromkeys(HEADS, ""),
        **{"Commune": name, "Code Insee": code, "Civilité": "Mme", "Prénom": "Anne"},
        **{"Nom": f"Fabre-{code}", "En fonction depuis": "25/05/2020"},
        **{"Adresse": "1, rue Haute ; « mairie »", "Code postal": town},
        **{"Bureau distributeur": name, "Téléphone": f"04 67 {code[1:3]} {code[3:]} 10"},
        "Adresse électronique": f"mairie@c{code}.example",
    }


def test_the_good_lines_of_341_are_kept_and_each_other_is_named(
    organiser: PageClient, first: Edition
) -> None:
    places = [commune(place) for place in communes()]
    lines, words = list(places), {}
    for rank, (cells, fault) in enumerate((*WRONG, *NOTED) * EACH):
        lines[rank * STEP] = {**places[rank * STEP], **cells}
        words[rank * STEP + FIRST] = fault
    lines += [places[1], {**commune(("48095", "Mende", "48000")), "Nom": "Plantier"}]
    preview = send(organiser, lines)
    page, told = text_of(preview), words_by_line(preview.text)
    assert [line for line in words if words[line] not in told.get(line, "")] == []
    wrong, kept = len(WRONG) * EACH, COUNT - len(WRONG) * EACH
    assert f"{kept} à ajouter {wrong} lignes à corriger 1 ligne répétée" in page
    assert "1 ligne d’un autre territoire" in page
    assert book() == {}

    confirm(organiser, preview.text)
    assert len(book()) == kept
    corrected = send(organiser, places)
    assert f"{wrong} à ajouter" in text_of(corrected)
    confirm(organiser, corrected.text)
    assert {row.email for row in book().values()} == {
        place["Adresse électronique"] for place in places
    }
    assert len(book()) == COUNT
    assert "Rien ne change" in send(organiser, places).text


def test_a_code_that_is_none_leaves_the_commune_to_its_name(organiser: PageClient) -> None:
    codes = ("34 003", "34003.0", "3A003", "INSEE", "034003", "n.c.", "34", "")
    places = [commune(place) for place in communes()[: len(codes)]]
    lines = [{**place, "Code Insee": code} for place, code in zip(places, codes, strict=True)]
    page = text_of(send(organiser, lines))
    assert f"{len(codes)} à ajouter" in page
    assert "autre territoire" not in page


def send(client: PageClient, lines: Sequence[dict[str, str]]) -> TestResponse:
    response: TestResponse = upload(
        client, csv_text(HEADS, lines).encode("utf-16"), source="Tableau de l’association"
    )
    return response


def confirm(client: PageClient, preview: str) -> None:
    data = carried(preview)
    answer = client.post(f"{IMPORT}/confirmer", data=data, content_type="multipart/form-data")
    assert answer.status_code == 302
