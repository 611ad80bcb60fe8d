"""The organisers' pages: what they show, what they refuse."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from salon.dashboard.services import erasure
from salon.dashboard.services.messages import Readiness, can_write
from salon.exhibitors.models import ApplicationStatus, Task
from salon.fair.models import Edition, EditionState
from salon.open_data.models import DataRelease
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, db, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.journal import JournalEntry, action_named, note
from salon.platform.mail import sending
from salon.platform.mail.outbox import Delivery, Message
from salon.platform.settings.clock import now, real_now
from salon.platform.settings.installation import LegalNotice
from salon.platform.web.limits import RateCounter
from tests.dashboard.people import a_person, attendee, marc, register
from tests.exhibitors.make import make_exhibitor, make_terms
from tests.factories import make_edition, sign_in
from tests.journal import SampleAction
from tests.pages import PageClient
from tests.staffing.make import make_agent, make_needs, make_village
from tests.tables import each

PAGES = (
    "/organisation",
    "/organisation/courriels",
    "/organisation/courriels/1",
    "/organisation/journal",
    "/organisation/journal.csv",
    "/organisation/participants/1/donnees",
    "/organisation/participants/1/donnees.json",
    "/organisation/participants/1/donnees.pdf",
    "/organisation/participants/1/effacer",
)
HOSTILE = (
    '"><svg onload=alert(1)>',
    "{{7*7}}",
    "<img src=x onerror=alert(1)>",
    "\u202egnp.exe",
    "javascript:alert(1)",
    "x" * 60,
)


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def text_of(client: PageClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)[:1500]
    return answer.get_data(as_text=True)


def test_the_overview_says_what_waits_then_the_figures(organiser: PageClient) -> None:
    register(a_person(), marc())
    sending.send_due(lambda message: Delivery(False, "550 inconnu", permanent=True))
    page = text_of(organiser, "/organisation")
    assert "courriels refusés" in page
    assert "2\u00a0badges à imprimer" in page
    assert "Aucune station" in page
    assert page.index("Ce qui vous attend") < page.index("inscrits")
    assert "Les mentions légales sont incomplètes" not in page


def test_the_overview_leads_to_each_list_of_exhibitors(
    organiser: PageClient, edition: Edition
) -> None:
    assert "Aucun exposant accepté" in text_of(organiser, "/organisation")
    at = now()
    make_terms(edition, deadlines={Task.SAFETY: "2021-09-03"})
    make_exhibitor(edition, status=ApplicationStatus.SUBMITTED, slug=None, submitted_at=at)
    make_exhibitor(edition, name="Éclairage", area=12)
    page = text_of(organiser, "/organisation")
    for words, path in (
        ("1\u00a0candidature à étudier", "/organisation/exposants?waits=study"),
        ("1\u00a0exposant sans stand", "/organisation/placement"),
        ("1\u00a0fiche de sécurité en retard", "/organisation/exposants/retards?task=safety"),
    ):
        assert words in page
        assert f'href="{path}"' in page
        assert organiser.get(path).status_code == 200
    assert page.index("Ce qui vous attend") < page.index("exposant accepté")


def test_the_overview_follows_the_season(
    organiser: PageClient, edition: Edition, minute: Callable[[datetime], None]
) -> None:
    minute(edition.starts_at - timedelta(days=200))
    page = text_of(organiser, "/organisation")
    assert page.index("Préparer le salon") < page.index("Ce qui vous attend")
    assert "Sans dates ni règlement, personne ne peut candidater." in page
    assert 'href="/organisation/reglages/exposants"' in page
    assert "Aucune heure à réserver" in page
    done = page[page.index('class="checks-done"') :].partition("</ul>")[0]
    assert "Le lieu et les halls" in done
    assert "Programme et salles" not in done
    make_terms(edition)
    assert "Sans dates ni règlement" not in text_of(organiser, "/organisation")
    minute(edition.starts_at - timedelta(days=20))
    page = text_of(organiser, "/organisation")
    assert page.index("Ce qui vous attend") < page.index("Encore à préparer")
    minute(edition.starts_at)
    page = text_of(organiser, "/organisation")
    assert "à préparer" not in page
    assert "checklist" not in page
    minute(edition.ends_at)
    page = text_of(organiser, "/organisation")
    assert page.index("L’édition suivante n’est pas préparée.") < page.index("Ce qui vous attend")


def test_the_overview_praises_no_rota_that_nothing_asks_for(
    organiser: PageClient, edition: Edition
) -> None:
    village = make_village(edition)
    make_agent(village)
    for path in ("/organisation", "/organisation/village/planning"):
        assert "Rien n’est demandé encore" in text_of(organiser, path)
    board = text_of(organiser, "/organisation/village/mural")
    assert "aucun stand ne demande d’agents en ce moment" in board
    make_needs(village)
    for path in ("/organisation", "/organisation/village/planning"):
        assert "Rien n’est demandé encore" not in text_of(organiser, path)


def test_after_the_fair_the_overview_asks_for_what_is_left(
    organiser: PageClient, edition: Edition, minute: Callable[[datetime], None]
) -> None:
    register(a_person())
    make_terms(edition, deadlines={Task.SAFETY: "2021-09-03"})
    make_exhibitor(edition, status=ApplicationStatus.SUBMITTED, slug=None, submitted_at=now())
    make_exhibitor(edition, name="Éclairage", area=12)
    preparing = (
        "1\u00a0exposant sans stand",
        "1\u00a0fiche de sécurité en retard",
        "1\u00a0badge à imprimer",
        "Aucune station",
    )
    before = text_of(organiser, "/organisation")
    assert [words for words in preparing if words not in before] == []
    assert "Données à publier" not in before
    minute(edition.ends_at)
    after = text_of(organiser, "/organisation")
    assert [words for words in preparing if words in after] == []
    assert "1\u00a0candidature à étudier" in after, "it is still owed an answer"
    assert "Données à publier" in after
    with transaction() as session:
        session.add(DataRelease(edition_id=edition.id, number=1, published_at=now()))
    assert "Données à publier" not in text_of(organiser, "/organisation")


def test_a_missing_legal_notice_is_a_red_banner(app: Flask, organiser: PageClient) -> None:
    app.config["SALON"] = replace(app.config["SALON"], legal=LegalNotice(publisher="AMF34"))
    page = text_of(organiser, "/organisation")
    assert "notice--danger" in page
    assert "LEGAL_DIRECTOR" in page
    assert "LEGAL_PUBLISHER" not in page


def test_between_two_editions_the_overview_says_the_next_step(app: Flask) -> None:
    make_edition(is_current=False, state=EditionState.HELD)
    page = text_of(sign_in(app, Role.ORGANISER), "/organisation")
    assert "Aucune édition en cours" in page


@pytest.mark.parametrize("path", PAGES)
def test_only_organisers_open_these_pages(app: Flask, edition: Edition, path: str) -> None:
    register(a_person())
    assert app.test_client().get(path).status_code == 302
    assert sign_in(app, Role.EXHIBITOR).get(path).status_code == 403


@each("path", PAGES[2:3] + PAGES[5:])
def test_what_does_not_exist_is_not_found(organiser: PageClient, path: str) -> None:
    text_of(organiser, path.replace("/1", "/404"), 404)
    text_of(organiser, path.replace("/1", "/" + "9" * 18), 404)


def test_messages_are_listed_filtered_read_and_sent_again(organiser: PageClient) -> None:
    register(a_person())
    register(marc())
    sending.send_due(lambda message: Delivery(False, "550 boîte pleine", permanent=True))
    page = text_of(organiser, "/organisation/courriels?status=refused&q=marc")
    assert "marc@mons.example" in page
    assert "Jehanne" not in page
    assert "550 boîte pleine" in page
    current_session().rollback()
    message = (
        current_session().scalars(select(Message).where(Message.recipient.contains("marc"))).one()
    )
    assert "Marc Olivier" in text_of(organiser, f"/organisation/courriels/{message.id}")
    path = f"/organisation/courriels/{message.id}"
    assert organiser.fill(path, to=f"{path}/renvoyer").status_code == 302
    page = text_of(organiser, path)
    assert "Le message est remis dans la file" in page
    assert "Envoyer de nouveau" not in page
    actions = [
        journal_entry.action for journal_entry in current_session().scalars(select(JournalEntry))
    ]
    assert actions.count("message.sent_again") == 1
    assert actions.count("message.read") == 3


def test_sending_again_needs_the_token(organiser: PageClient) -> None:
    register(a_person())
    assert organiser.post("/organisation/courriels/1/renvoyer").status_code == 400
    token = organiser.token("/organisation/mot-de-passe")
    answer = organiser.post("/organisation/courriels/404/renvoyer", data={"csrf_token": token})
    assert answer.status_code == 404


def test_the_journal_reads_in_french_and_filters(organiser: PageClient) -> None:
    (number,) = register(a_person())
    page = text_of(organiser, f"/organisation/journal?subject=Inscrit+{number}")
    assert "Inscription" in page
    assert f"Inscrit n°\u00a0{number}" in page
    assert "1\u00a0acte" in page
    page = text_of(organiser, "/organisation/journal?actor=public&action=attendee.registered")
    assert "Auteur\u00a0: public" in page
    assert "Aucun acte" in text_of(organiser, "/organisation/journal?subject=nothing")


def test_the_journal_has_fifty_entries_a_page(organiser: PageClient) -> None:
    for number in range(60):
        note(SYSTEM, action_named("doctor.wrote"), f"test:{number}")
    page = text_of(organiser, "/organisation/journal?action=doctor.wrote")
    assert page.count("<tr>") == 51
    assert 'rel="next"' in page
    page = text_of(organiser, "/organisation/journal?action=doctor.wrote&page=2")
    assert page.count("<tr>") == 11
    for odd in ("0", "-1", "x", "9" * 40):
        text_of(organiser, f"/organisation/journal?page={odd}")


def test_the_journal_is_exported_without_formulas(organiser: PageClient) -> None:
    note(
        replace(SYSTEM, display_name='=HYPERLINK("x")'),
        action_named("doctor.wrote"),
        "test:1",
        a="b;c",
    )
    answer = organiser.get("/organisation/journal.csv?action=doctor.wrote")
    assert answer.mimetype == "text/csv"
    text = answer.get_data(as_text=True)
    assert text.startswith(
        "\ufeffDate;Auteur;Adresse réseau;Action;Objet;Détails;Référence technique\r\n"
    )
    assert ';"\'=HYPERLINK(""x"")";;Contrôle de l’installation;test:1;' in text
    assert text.count("\r\n") == 2
    rows = CalamineWorkbook.from_filelike(
        io.BytesIO(organiser.get("/organisation/journal.xlsx?action=doctor.wrote").data)
    ).get_sheet_by_name("Journal")
    assert rows.to_python()[1][1] == '=HYPERLINK("x")'


@pytest.mark.parametrize("name", ["participants", "village/agents", "plan"])
def test_each_list_is_a_workbook_too(organiser: PageClient, name: str) -> None:
    text = organiser.get(f"/organisation/{name}.csv").get_data(as_text=True)
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(organiser.get(f"/organisation/{name}.xlsx").data)
    )
    heads = book.get_sheet_by_index(0).to_python()[0]
    assert text.removeprefix("\ufeff").startswith(";".join(map(str, heads)))


def test_the_data_of_a_person_are_exported_in_one_click(organiser: PageClient) -> None:
    (number,) = register(a_person())
    path = f"/organisation/participants/{number}/donnees"
    assert path in text_of(organiser, f"/organisation/participants/{number}")
    assert "Canne blanche" in text_of(organiser, path)
    content = json.loads(text_of(organiser, f"{path}.json"))
    assert content["Inscriptions"][0]["Téléphone"] == "06 12 34 56 78"
    answer = organiser.get(f"{path}.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    assert "Jehanne" not in answer.headers["Content-Disposition"]
    entries = current_session().scalars(select(JournalEntry).where(JournalEntry.actor != "public:"))
    actions = [entry.action for entry in entries]
    assert actions.count("attendee.file_read") == 1
    assert actions.count("attendee.file_exported") == 2


def test_a_person_is_erased_after_a_page_that_asks(organiser: PageClient) -> None:
    (number,) = register(a_person())
    person = f"/organisation/participants/{number}"
    path = f"{person}/effacer"
    assert f"{person}/donnees" in text_of(organiser, person)
    assert "On ne revient pas en arrière" in text_of(organiser, path)
    assert organiser.post(path).status_code == 400
    assert attendee(number).email
    answer = organiser.fill(path)
    assert (answer.status_code, answer.location) == (302, "/organisation/participants")
    assert attendee(number).email == ""
    assert "sont effacées" in text_of(organiser, answer.location)
    assert "déjà été effacées" in text_of(organiser, path, 409)
    assert f"{person}/donnees" not in text_of(organiser, person)


def test_an_erased_message_still_has_its_page(organiser: PageClient, app: Flask) -> None:
    (number,) = register(a_person())
    sending.send_due(lambda message: Delivery(True))
    erasure.erase(Act(SYSTEM), number, app.config["SALON"].file_store, real_now())
    message = current_session().scalars(select(Message).where(Message.kind == "erased")).first()
    assert message is not None
    page = text_of(organiser, f"/organisation/courriels/{message.id}")
    assert "Message effacé" in page
    assert "Envoyer de nouveau" not in page
    assert "Message effacé" in text_of(organiser, "/organisation/courriels")


def test_hostile_texts_are_shown_as_they_are(organiser: PageClient) -> None:
    for hostile in HOSTILE:
        person = a_person(first_name=hostile, needs_note=hostile, function_other=hostile)
        (number,) = register(person)
        note(
            replace(SYSTEM, display_name=hostile),
            SampleAction.WROTE,
            f"attendee:{number}",
            words=hostile,
        )
        for path in (
            f"/organisation/participants/{number}/donnees",
            f"/organisation/participants/{number}/effacer",
            f"/organisation/journal?subject=attendee:{number}",
            "/organisation/courriels",
        ):
            page = text_of(organiser, path)
            assert "<svg onload" not in page
            assert "<img src=x" not in page
            assert ">49<" not in page
        assert organiser.get(f"/organisation/participants/{number}/donnees.pdf").status_code == 200


def test_hostile_filters_find_nothing_and_break_nothing(organiser: PageClient) -> None:
    for value in ("x" * 5_000, "\x00", "\ud800", "%", "'", "\u202e"):
        raw = value.encode("utf-8", "surrogatepass")
        for path in ("/organisation/courriels", "/organisation/journal"):
            for name in ("q", "status", "action", "subject", "actor", "page"):
                answer = organiser.get(path, query_string={name: raw})
                assert answer.status_code == 200, (path, name)
        answer = organiser.get("/organisation/journal.csv", query_string={"subject": raw})
        assert (answer.status_code, answer.text[:6]) == (200, "\ufeffDate;")


def test_the_probes_answer_in_plain_text(app: Flask) -> None:
    client = app.test_client()
    alive, ready = client.get("/healthz"), client.get("/readyz")
    assert (alive.status_code, alive.mimetype, alive.text) == (200, "text/plain", "alive\n")
    assert (ready.status_code, ready.mimetype, ready.text) == (200, "text/plain", "ready\n")


def test_without_its_database_the_service_is_alive_and_not_ready(app: Flask) -> None:
    db.session.remove()
    db.engine.dispose()
    data: Path = app.config["SALON"].data
    for file in data.glob("salon.sqlite*"):
        file.unlink()
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.mimetype) == (503, "text/plain")
    assert answer.headers["Retry-After"] == "5"


def test_many_probes_write_once_in_a_while(app: Flask) -> None:
    client = app.test_client()
    assert {client.get("/readyz").status_code for _ in range(50)} == {200}
    db.session.rollback()
    assert db.session.scalar(select(RateCounter.count).where(RateCounter.key == "readyz")) == 1


def test_a_probe_tries_again_when_its_answer_is_old(app: Flask) -> None:
    readiness = Readiness(can_write)
    assert readiness.is_ready(100.0)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE rate_counters RENAME TO away")
    assert readiness.is_ready(104.9)
    assert not readiness.is_ready(105.0)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO rate_counters")
    assert not readiness.is_ready(105.9)
    assert readiness.is_ready(106.0)
