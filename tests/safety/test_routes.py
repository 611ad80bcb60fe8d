"""The pages of safety: the exhibitor's form, the organisers' list, sheet and register."""

import io
import re
from datetime import timedelta

import pypdfium2
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from salon.exhibitors.models import Exhibitor, Task
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Identity, Role
from salon.platform.settings.clock import local, now
from salon.safety.documents import write_register
from salon.safety.engine.assessment import AID
from salon.safety.models import SafetyForm
from salon.safety.queries import Holder, Sheet, StandSafety, find_sheet
from salon.safety.services import NEW, answer_safety, set_rule_aside
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_terms
from tests.factories import sign_in
from tests.pages import PageClient
from tests.safety.answers import QUIET
from tests.tables import each

LIST = "/organisation/securite"
TYPED = {
    **{key: "no" for key, value in QUIET.items() if value is False},
    "height_m": "2,5",
    "people": "4",
}


@pytest.fixture
def exhibitor(edition: Edition) -> Exhibitor:
    stand = make_stand(make_hall(edition, name="2"), number="209")
    return make_exhibitor(edition, stand=stand, email="elise@eclairage.example", name="Éclairage")


@pytest.fixture
def contact(app: Flask, exhibitor: Exhibitor) -> PageClient:
    return sign_in(app, Role.EXHIBITOR, "elise@eclairage.example")


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def path_of(exhibitor: Exhibitor) -> str:
    return f"/mon-stand/{exhibitor.id}/securite"


def send(client: PageClient, path: str, to: str = "", **fields: str) -> TestResponse:
    """Fill the form of a page in the version that the page shows."""
    match = re.search(r'name="version"[^>]*value="(\d+)"', client.get(path).text)
    version = {"version": match[1]} if match else {}
    return client.fill(path, to=to, **{**version, **fields})


def sheet_of(exhibitor: Exhibitor) -> SafetyForm | None:
    current_session().rollback()
    current_session().expire_all()
    return find_sheet(exhibitor.id)


def test_an_exhibitor_answers_in_two_times(contact: PageClient, exhibitor: Exhibitor) -> None:
    path = path_of(exhibitor)
    assert send(contact, path, gas="yes", height_m="3,5").status_code == 302
    page = contact.get(path).text
    assert "Vos réponses sont gardées" in page
    assert "Gaz" in page
    assert "Hauteur de 3,5 m" in page
    sheet = sheet_of(exhibitor)
    assert sheet is not None
    assert sheet.answers == {"gas": True, "height_m": 3.5}
    assert send(contact, path, **TYPED).status_code == 302
    assert "La fiche de sécurité de votre stand est complète" in contact.get(path).text
    sheet = sheet_of(exhibitor)
    assert sheet is not None
    assert sheet.completed_at is not None
    assert "Rien à signaler pour votre stand" in contact.get(path).text


@each(
    ("typed", "sentence"),
    [
        ({"height_m": "haut"}, "Indiquez un nombre"),
        ({"height_m": "-1"}, "Indiquez un nombre de 0 à 20."),
        ({"height_m": "nan"}, "Indiquez un nombre de 0 à 20."),
        ({"people": "1e9"}, "Indiquez un nombre de 0 à 1000."),
        ({"gas": "peut-être"}, "Répondez par oui ou par non."),
        ({"machines_which": "a\x00b"}, "ne s’imprime pas"),
        ({"machines_which": "x" * 301}, "Au plus 300 caractères."),
    ],
)
def test_what_is_not_understood_is_refused_and_nothing_is_written(
    contact: PageClient, exhibitor: Exhibitor, typed: dict[str, str], sentence: str
) -> None:
    answer = send(contact, path_of(exhibitor), **typed)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert sheet_of(exhibitor) is None


def test_a_late_answer_shows_what_stands_and_keeps_what_was_typed(
    contact: PageClient, exhibitor: Exhibitor
) -> None:
    path = path_of(exhibitor)
    answer_safety(Act(SYSTEM), exhibitor, NEW, {"gas": True, "gas_which": "Butane"})
    answer = send(contact, path, version="0", gas="no", people="3")
    assert answer.status_code == 409
    assert "vient de modifier" in answer.text
    assert "Butane" in answer.text
    assert 'value="3"' in answer.text
    sheet = sheet_of(exhibitor)
    assert sheet is not None
    assert sheet.answers["gas"] is True


def test_the_form_says_when_it_is_awaited(
    contact: PageClient, exhibitor: Exhibitor, edition: Edition
) -> None:
    eve = edition.days[0].day_on - timedelta(days=1)
    make_terms(edition, deadlines={Task.SAFETY: eve.isoformat()})
    assert "Avant ce soir" in contact.get(path_of(exhibitor)).text
    answer_safety(Act(SYSTEM), exhibitor, NEW, QUIET)
    assert "Avant ce soir" not in contact.get(path_of(exhibitor)).text


def test_once_the_fair_is_open_the_form_is_read_only(
    contact: PageClient, exhibitor: Exhibitor, edition: Edition
) -> None:
    path = path_of(exhibitor)
    answer_safety(Act(SYSTEM), exhibitor, NEW, {"gas": True})
    page = contact.get(path).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    (day,) = edition.days
    with transaction(edition):
        day.day_on = local(now()).date() - timedelta(days=1)
    answer = contact.post(path, data={"csrf_token": token[1], "version": "1", "gas": "no"})
    assert answer.status_code == 409
    for text in (answer.text, contact.get(path).text):
        assert "La fiche est close" in text
        assert "la fiche ne se modifie plus" in text
        assert "article T 31" in text
        assert 'type="radio"' not in text
    sheet = sheet_of(exhibitor)
    assert sheet is not None
    assert sheet.answers == {"gas": True}


def test_the_form_of_somebody_else_is_not_found(app: Flask, exhibitor: Exhibitor) -> None:
    other_client = sign_in(app, Role.EXHIBITOR, "autre@exposant.example")
    assert other_client.get(path_of(exhibitor)).status_code == 404
    assert app.test_client().get(path_of(exhibitor)).status_code == 302


def test_a_pavilion_has_no_form(contact: PageClient, edition: Edition) -> None:
    pavilion = make_exhibitor(edition, area=0, email="elise@eclairage.example", name="Pavillon")
    answer = contact.get(path_of(pavilion))
    assert answer.status_code == 409
    assert "chaque membre remplit sa propre fiche" in answer.text


def test_organisers_see_who_is_incomplete_and_what_is_declared(
    organiser: PageClient, exhibitor: Exhibitor, edition: Edition
) -> None:
    make_exhibitor(edition, name="Sans fiche")
    answer_safety(Act(SYSTEM), exhibitor, NEW, {**QUIET, "banned": True})
    page = organiser.get(LIST).text
    assert AID in page
    assert "Sans fiche" in page
    assert "Interdit" in page
    page = organiser.get(f"{LIST}?sheet=missing").text
    assert "Sans fiche" in page
    assert "Éclairage" not in page
    page = organiser.get(f"{LIST}?verdict=forbidden").text
    assert "Éclairage" in page
    assert "Sans fiche" not in page
    assert "Aucun stand ne correspond" in organiser.get(f"{LIST}?verdict=declare").text
    page = organiser.get(f"{LIST}?q=209&verdict=to_submit").text
    assert "Éclairage" in page
    assert "Sans fiche" not in page
    page = organiser.get(f"{LIST}?sheet=incomplete").text
    assert "Sans fiche" in page
    assert "Éclairage" not in page
    assert "Ce qui vous attend" in page
    answer = organiser.get(f"{LIST}?exhibitor={exhibitor.id}")
    assert answer.location == f"{LIST}/{exhibitor.id}"


def test_the_list_is_empty_before_anybody_is_accepted(organiser: PageClient) -> None:
    assert "Aucun exposant accepté" in organiser.get(LIST).text


def test_an_organiser_sets_a_rule_aside_and_restores_it(
    organiser: PageClient, exhibitor: Exhibitor
) -> None:
    path = f"{LIST}/{exhibitor.id}"
    assert "n’a pas encore ouvert sa fiche" in organiser.get(path).text
    answer_safety(Act(SYSTEM), exhibitor, NEW, {**QUIET, "gas": True, "gas_which": "Butane"})
    assert "article T 31" in organiser.get(path).text
    answer = send(organiser, path, to=f"{path}/gas/lever", reason=" ")
    assert answer.status_code == 400
    assert "lira cette phrase" in answer.text
    answer = send(organiser, path, to=f"{path}/gas/lever", reason="Bouteille factice.")
    assert answer.status_code == 302
    page = organiser.get(path).text
    assert "Règle levée" in page
    assert "Bouteille factice." in page
    answer = send(organiser, path, to=f"{path}/gas/retablir", version="1")
    assert answer.status_code == 409
    assert send(organiser, path, to=f"{path}/gas/retablir").status_code == 302
    assert "Règle levée" not in organiser.get(path).text


@pytest.mark.parametrize("rule", ["inconnue", "banned"])
def test_only_a_rule_that_finds_something_is_set_aside(
    organiser: PageClient, exhibitor: Exhibitor, rule: str
) -> None:
    answer_safety(Act(SYSTEM), exhibitor, NEW, {"gas": True})
    path = f"{LIST}/{exhibitor.id}"
    answer = send(organiser, path, to=f"{path}/{rule}/lever", reason="Parce que.")
    assert 400 <= answer.status_code < 500
    assert "La règle n’a pas changé" in answer.text


def test_the_register_reads_by_hall_and_stand(
    organiser: PageClient, exhibitor: Exhibitor, edition: Edition
) -> None:
    hall = make_hall(edition, name="1A")
    many = [
        make_exhibitor(edition, stand=make_stand(hall, number=f"{n}"), name=f"Exposant {n}")
        for n in range(101, 130)
    ]
    for other_exhibitor in many[:20]:
        answer_safety(
            Act(SYSTEM), other_exhibitor, NEW, {**QUIET, "machines": True, "lasers": True}
        )
    answer_safety(Act(SYSTEM), exhibitor, NEW, {**QUIET, "gas": True, "gas_which": "Butane"})
    organiser_ = Identity(Role.ORGANISER, 1, "Olivia")
    set_rule_aside(Act(organiser_), exhibitor.id, 1, "gas", "Bouteille factice.")
    answer = organiser.get(f"{LIST}/registre.pdf")
    assert answer.mimetype == "application/pdf"
    document = pypdfium2.PdfDocument(io.BytesIO(answer.data))
    pages = [page.get_textpage().get_text_range() for page in document]
    text = "\n".join(pages)
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert f"page {number} sur {len(pages)}" in page
        assert "ne remplace pas le chargé de sécurité" in page
    assert text.index("Hall 1A") < text.index("Stand 101 ") < text.index("Stand 129 ")
    assert text.index("Stand 129 ") < text.index("Hall 2") < text.index("Stand 209 ")
    assert "art. T 44" in text
    assert "Bouteille factice." in text
    assert "Aucune réponse à ce jour." in text
    assert "Motif de l’organisation (Olivia, " in text
    assert "À voir d’abord (20)" in pages[0]
    assert "Fiches à compléter (29)" in pages[0]
    assert "règles levées : 1." in pages[0].replace("\r\n", " ")
    for page in pages[1:]:  # a stand is never cut in two
        assert page.startswith(("Stand ", "Hall ", "Salon "))
    assert "Vu par le chargé de sécurité" in pages[-1]
    document.close()


def test_a_list_longer_than_a_page_leaves_no_page_empty(edition: Edition) -> None:
    name = "Compagnie des eaux vives et des berges du Lodévois"
    rows = [
        StandSafety(Holder(number, f"{name} {number}", "", 9, "", ""), Sheet.MISSING, {}, [])
        for number in range(600)
    ]
    document = pypdfium2.PdfDocument(io.BytesIO(write_register(edition, rows, now())))
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()
    assert "Fiches à compléter (600)" in pages[0]
    assert all(page.count(name) > 10 for page in pages[:-1])


@each("path", [LIST, f"{LIST}/1", f"{LIST}/registre.pdf"])
def test_only_organisers_open_these_pages(contact: PageClient, path: str) -> None:
    assert contact.get(path).status_code == 403
