"""Files of promised follow-ups: whose they are, and how a spreadsheet reads them."""

import csv
import io

import openpyxl
import pytest
from flask import Flask

from salon.appointments.models import Outcome, StepKind
from salon.appointments.services.meeting import Account, Funding, MeetingPromise, close_meeting
from salon.platform.database.act import Act
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.documents.spreadsheets.reader import MARK
from tests.appointments.agents.made import as_agent, go_to, make_day
from tests.appointments.make import Fair, book, make_visitor
from tests.factories import make_places, sign_in
from tests.pages import PageClient
from tests.staffing.make import make_agent

OWN, ANY = "/planning/suites", "/organisation/rendez-vous/suites"
FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def fair(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Fair:
    """Two meetings of two bodies are over; one promised two things, the other waits."""
    make_places()
    fair = make_day(agents={"Département": 1, "SDIS 34": 1})
    visitor = make_visitor(fair.edition, last_name="Bastide")
    own_appointment = book(fair, at=fair.at(9), visitor=visitor, subject=FORMULA)
    book(fair, at=fair.at(9), body="SDIS 34")
    steps = [
        MeetingPromise(StepKind.GUIDAF, "@dossier", "Anna"),
        MeetingPromise(StepKind.CALL, "", "Bruno"),
    ]
    account = Account(Outcome.FOLLOW_UP, "Deux\nlignes", steps, Funding(cost=1_000, aid=400))
    close_meeting(Act(SYSTEM, fair.at(9, 15)), own_appointment, own_appointment.version, account)
    go_to(monkeypatch, fair, 18)
    return fair


def rows(client: PageClient, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="suites.csv"'
    text = answer.get_data(as_text=True).removeprefix(MARK)
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_who_coordinates_takes_what_their_body_promised(app: Flask, fair: Fair) -> None:
    stored_rows = rows(as_agent(app, make_agent(fair.village, is_coordinator=True)), f"{OWN}.csv")
    assert [
        (stored_row["Suite promise"], stored_row["Qui s’en charge"]) for stored_row in stored_rows
    ] == [
        ("Dossier au GUIDAF", "Anna"),
        ("Rappel ou documents à envoyer", "Bruno"),
    ]
    first = stored_rows[0]
    assert first["Question"] == f"'{FORMULA}"
    assert first["Précision"] == "'@dossier"
    assert (first["Note"], first["Issue"]) == ("Deux\nlignes", "Une suite est promise")
    assert (first["Coût du projet (€)"], first["Nom"]) == ("1000", "Bastide")


def test_an_organiser_takes_any_bodys(app: Flask, fair: Fair) -> None:
    client = sign_in(app, Role.ORGANISER)
    assert [row["Organisme"] for row in rows(client, f"{ANY}.csv")] == [
        "Département",
        "Département",
        "SDIS 34",
    ]
    other_rows = rows(client, f"{ANY}.csv?organisme={fair.village.bodies['SDIS 34'].id}")
    assert [(fields["Organisme"], fields["État"]) for fields in other_rows] == [
        ("SDIS 34", "À compléter")
    ]
    assert client.get(f"{ANY}.csv?organisme={2**31}").status_code == 404


def test_a_workbook_holds_numbers_and_texts_never_formulas(app: Flask, fair: Fair) -> None:
    answer = sign_in(app, Role.ORGANISER).get(f"{ANY}.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data))["Suites"]
    heads = [cell.value for cell in sheet[1]]
    first = dict(zip(heads, sheet[2], strict=True))
    assert (first["Question"].value, first["Question"].data_type) == (FORMULA, "s")
    assert first["Coût du projet (€)"].value == 1_000
    assert sheet.max_row == 4


def test_nobody_else_takes_them(app: Flask, fair: Fair) -> None:
    agent = as_agent(app, make_agent(fair.village))
    coordinator = as_agent(app, make_agent(fair.village, is_coordinator=True))
    organiser = sign_in(app, Role.ORGANISER)
    for kind in ("csv", "xlsx"):
        assert agent.get(f"{OWN}.{kind}").status_code == 403
        assert coordinator.get(f"{ANY}.{kind}").status_code == 403
        assert organiser.get(f"{OWN}.{kind}").status_code == 403
    assert coordinator.get(f"{OWN}.pdf").status_code == 404
