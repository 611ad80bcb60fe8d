"""The pages of the organiser about people and their badges."""

import csv
import io
import re
from pathlib import Path

import pypdfium2
from flask import Flask

from salon.badges import jobs
from salon.badges.documents.attendee_list import COLUMNS
from salon.badges.imports.roster import read_roster
from salon.badges.models import Attendee, Badge
from salon.fair.models import Edition
from salon.platform.database.identity import Role
from salon.platform.database.journal import JournalEntry
from salon.platform.documents.spreadsheets.cells import from_export
from tests.badges.people import all_of, badge_of, make_person, register, register_one
from tests.badges.visitor_pages import HOSTILE, page_of
from tests.factories import sign_in
from tests.jobs import run as run_jobs
from tests.pages import PageClient

PRIVATE = (
    "/organisation/participants",
    "/organisation/participants.csv",
    "/organisation/participants/1",
    "/organisation/badges",
    "/organisation/badges/1",
    "/organisation/badges/1.json",
    "/organisation/badges/1.pdf",
    "/accueil",
)


def test_the_organisers_pages_are_closed_to_others(
    app: Flask, client: PageClient, edition: Edition
) -> None:
    agent = sign_in(app, Role.AGENT)
    for path in PRIVATE:
        assert client.get(path).location.startswith("/connexion"), path
        assert agent.get(path).status_code == 403, path


def test_the_list_is_filtered_and_counted(organiser: PageClient) -> None:
    register_one(last_name="Àrnaud")
    register_one(last_name="Bousquet", function="officer")
    page = page_of(organiser.get("/organisation/participants"))
    assert "2\u00a0personnes" in page
    page = page_of(organiser.get("/organisation/participants?q=arnaud&category=elected&page=9"))
    assert "1\u00a0personne<" in page
    assert "Bousquet" not in page
    assert "Nom, adresse, commune ou badge : arnaud" in page.replace("\u00a0:", " :")
    page = page_of(organiser.get("/organisation/participants?q=personne"))
    assert "Personne ne correspond" in page
    assert organiser.get("/organisation/participants?category=king&page=x").status_code == 200


def test_an_empty_list_says_what_to_do(organiser: PageClient) -> None:
    assert "Aucun inscrit" in page_of(organiser.get("/organisation/participants"))


HEADS = tuple(column.head for column in COLUMNS)
PRESENCE_HEADS = ["Première entrée", "Dernière sortie", "Présence"]

FORMULAS = ["=1+1", "+33612345678", "-2", "@SUM(1)", '=HYPERLINK("x")', "'=1", "'t Hooft", 'A;"B"']


def test_the_export_holds_no_formula_and_comes_back(organiser: PageClient) -> None:
    for value in FORMULAS:
        register_one(last_name=value, phone="+33 6 12 34 56 78")
    answer = organiser.get("/organisation/participants.csv")
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert tuple(rows[0][:-3]) == HEADS
    assert [head.partition(" le ")[0] for head in rows[0][-3:]] == PRESENCE_HEADS
    assert not [cell for row in rows[1:] for cell in row if re.match(r"[=+\-@\t\r]", cell)]
    values = [dict(zip(HEADS, map(from_export, row[:-3]), strict=True)) for row in rows[1:]]
    assert sorted(value["Nom"] for value in values) == sorted(FORMULAS)
    assert {value["Téléphone"] for value in values} == {"+33 6 12 34 56 78"}
    assert "attendees.exported" in [entry.action for entry in all_of(JournalEntry)]


def test_an_export_reads_back_as_a_list(organiser: PageClient) -> None:
    for value in FORMULAS:
        register_one(last_name=value)
    text = organiser.get("/organisation/participants.csv").data.decode("utf-8-sig")
    last_names = [line.cells["last_name"] for line in read_roster(text).lines]
    assert sorted(last_names) == sorted(FORMULAS)


def test_a_person_is_read_and_the_reading_is_kept(organiser: PageClient) -> None:
    attendee = register_one(needs=["parking"], consents=["newsletter"])
    page = page_of(organiser.get(f"/organisation/participants/{attendee.id}"))
    for text in (attendee.email, "Place de stationnement PMR", "Badge émis", "la lettre"):
        assert text in page
    assert all_of(JournalEntry)[-1].action == "attendee.read"
    assert organiser.get("/organisation/participants/999").status_code == 404


def test_hostile_text_is_shown_as_text_everywhere(organiser: PageClient) -> None:
    for value in HOSTILE:
        attendee = register_one(
            last_name=value,
            first_name=value,
            function="other",
            function_other=value,
            needs_note=value,
        )
        shown = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        shown = shown.replace('"', "&#34;").replace("'", "&#39;")
        token = badge_of(attendee.id).private_token
        for path in (
            f"/organisation/participants/{attendee.id}",
            "/organisation/participants",
            f"/badge/{token}",
            f"/badge/{token}/annuler",
            f"/inscription/dossier/{attendee.group.private_token}",
            f"/accueil?pret={attendee.id}",
        ):
            page = page_of(organiser.get(path))
            assert shown in page, path
            assert "<img src=x" not in page
            assert "<svg onload" not in page
        assert organiser.get(f"/badge/{token}.pdf").status_code == 200
        search = organiser.get("/organisation/participants", query_string={"q": value})
        assert search.status_code == 200


def test_the_organiser_changes_category_revokes_and_reissues(organiser: PageClient) -> None:
    attendee = register_one()
    path = f"/organisation/participants/{attendee.id}"
    assert organiser.fill(path, to=f"{path}/categorie", category="king").status_code == 400
    organiser.fill(path, to=f"{path}/categorie", category="guest", is_vip="y")
    assert (all_of(Attendee)[0].category, all_of(Attendee)[0].is_vip) == ("guest", True)
    assert organiser.fill(path, to=f"{path}/revoquer", reason="").status_code == 400
    assert organiser.fill(path, to=f"{path}/revoquer", reason="volé").status_code == 302
    assert organiser.fill(path, to=f"{path}/revoquer", reason="volé").status_code == 404
    assert "Badge révoqué" in page_of(organiser.get(path))
    assert organiser.fill(path, to=f"{path}/reediter", reason="").status_code == 400
    answer = organiser.fill(path, to=f"{path}/reediter", reason="retrouvé")
    assert attendee.full_name in answer.text
    assert "Le courriel qui partira" in answer.text
    assert len(all_of(Badge)) == 1
    assert organiser.confirm(answer).status_code == 302
    assert len(all_of(Badge)) == 2
    assert organiser.fill(path, to=f"{path}/annuler").status_code == 302
    assert all_of(Attendee)[0].status == "cancelled"
    assert "Annulé" in page_of(organiser.get(path))


def test_a_file_is_asked_made_and_fetched(
    app: Flask, organiser: PageClient, tmp_path: Path
) -> None:
    register(*[make_person() for _ in range(12)], contact="x@y.example")
    page = page_of(organiser.get("/organisation/badges?category=elected&printed=no&layout=62mm"))
    assert "12\u00a0badges, Étiquettes de 62" in page
    answer = organiser.fill(
        "/organisation/badges",
        to="/organisation/badges?category=elected&printed=no&layout=62mm&order=epci",
    )
    run = answer.location
    assert re.fullmatch(r"/organisation/badges/\d+", run)
    assert "Badges préparés" in page_of(organiser.get(run))
    assert organiser.get(f"{run}.json").json == {"status": "waiting", "done": 0, "total": 12}
    assert organiser.get(f"{run}.pdf").status_code == 404
    run_jobs(jobs.PRINT_RUNS)
    assert "Télécharger 12" in page_of(organiser.get(run))
    with organiser.get(f"{run}.pdf") as fetched:
        assert fetched.headers["Content-Disposition"].startswith("attachment")
        assert len(pypdfium2.PdfDocument(fetched.data)) == 12
    assert "Tout est imprimé" in page_of(organiser.get("/organisation/badges"))
    nothing = organiser.fill("/organisation/badges", to="/organisation/badges?category=press")
    assert nothing.status_code == 409
    assert organiser.get("/organisation/badges/999").status_code == 404
