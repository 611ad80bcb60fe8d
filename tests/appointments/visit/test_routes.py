"""The pages of Mon parcours: questions, a visit, its paper, its calendar, all booked at once."""

from io import BytesIO

import icalendar
import pytest
from pypdf import PdfReader

from salon.badges.queries import get_valid_badge
from salon.fair.models import Edition
from tests.appointments.make import Fair, book, make_fair, make_visitor, messages
from tests.appointments.visit.test_queries import make_topics
from tests.pages import PageClient
from tests.tables import each

ANSWERS = "besoin=aides&besoin=risques&de=09:00&a=12:00&avec=rendez-vous&avec=conferences&jour=0"


@pytest.fixture
def fair(edition: Edition) -> Fair:
    fair = make_fair(edition, agents={"Département": 1, "SDIS 34": 1})
    make_topics(fair)
    return fair


def test_questions_then_a_visit(client: PageClient, fair: Fair) -> None:
    text = client.get("/mon-parcours").get_data(as_text=True)
    assert "De quoi voulez-vous parler" in text
    page = client.get(f"/mon-parcours?{ANSWERS}").get_data(as_text=True)
    assert "Monter un dossier" in page
    assert page.count("Réserver 9") == 2
    assert "pour tout réserver d’un seul geste" in page


@each(
    ("answers", "sentence"),
    [
        ("de=09:00&a=12:00", "Cochez au moins un sujet."),
        ("besoin=aides&de=12:00&a=10:00", "après l’heure d’arrivée"),
        ("besoin=aides&de=9999&a=12:00", "Choisissez dans la liste"),
        ("besoin=unknown&de=09:00&a=12:00", "choix"),
        ("besoin=aides&de=09:00&a=12:00&jour=7", ""),
    ],
)
def test_answers_that_say_nothing_are_asked_again(
    client: PageClient, fair: Fair, answers: str, sentence: str
) -> None:
    answer = client.get(f"/mon-parcours?{answers}")
    assert answer.status_code == 400
    assert sentence in answer.get_data(as_text=True)
    for path in ("/mon-parcours.pdf", "/mon-parcours.ics"):
        assert client.get(f"{path}?{answers}").status_code == 400


def test_the_paper_is_one_a5_page_with_the_hours(client: PageClient, fair: Fair) -> None:
    answer = client.get(f"/mon-parcours.pdf?{ANSWERS}")
    pdf = PdfReader(BytesIO(answer.data))
    assert len(pdf.pages) == 1
    assert [round(float(item)) for item in pdf.pages[0].mediabox[2:]] == [420, 595]
    words = pdf.pages[0].extract_text().replace("\u00a0", " ")
    for expected in ("Mon parcours", "Soutien aux communes", "Défense incendie", "11 h"):
        assert expected in words


def test_the_calendar_has_what_has_an_hour(client: PageClient, fair: Fair) -> None:
    answer = client.get(f"/mon-parcours.ics?{ANSWERS}")
    events = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert [(str(event["SUMMARY"]), str(event["STATUS"])) for event in events] == [
        ("Soutien aux communes", "TENTATIVE"),
        ("Défense incendie", "TENTATIVE"),
        ("Monter un dossier", "CONFIRMED"),
    ]
    assert events[0]["DTSTART"].dt == fair.at(9)


def test_who_opened_their_badge_books_all_in_one_gesture(client: PageClient, fair: Fair) -> None:
    page, booking = f"/mon-parcours?{ANSWERS}", f"/mon-parcours/reserver?{ANSWERS}"
    assert client.fill(page, booking).status_code == 404
    visitor = make_visitor(fair.edition)
    token = get_valid_badge(visitor.id).private_token
    client.fill(f"/badge/{token}/rendez-vous", f"/badge/{token}/mon-parcours")
    assert visitor.full_name in client.get(page).get_data(as_text=True)
    answer = client.fill(page, booking)
    assert answer.status_code == 302
    assert len(messages("appointment_booked")) == 2
    after = client.get(page).get_data(as_text=True)
    assert after.count("Rendez-vous pris") == 2


def test_an_appointment_outside_the_hours_is_said(client: PageClient, fair: Fair) -> None:
    visitor = make_visitor(fair.edition)
    book(fair, visitor=visitor, at=fair.at(14))
    token = get_valid_badge(visitor.id).private_token
    client.fill(f"/badge/{token}/rendez-vous", f"/badge/{token}/mon-parcours")
    page = client.get(f"/mon-parcours?{ANSWERS}").text
    assert "Déjà pris, hors de ces heures" in page
    assert "14\u00a0h – " in page
    whole_day = ANSWERS.replace("a=12:00", "a=17:00")
    assert "hors de ces heures" not in client.get(f"/mon-parcours?{whole_day}").text
