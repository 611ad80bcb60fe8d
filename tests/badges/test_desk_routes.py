"""The pages of the welcome desk."""

from pathlib import Path

import pypdfium2
from flask import Flask

from salon.accounts.models import StationKind
from salon.accounts.services import sign_ins, stations
from salon.badges import jobs
from salon.badges.models import Attendee, Printing
from salon.badges.models.badge_layouts import Layout
from salon.badges.queries import AttendeeFilter
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.identity import SYSTEM
from tests.badges.people import all_of, badge_of, make_person, register, register_one
from tests.badges.visitor_pages import NOW, page_of
from tests.factories import act_in, new_key
from tests.jobs import run as run_jobs
from tests.pages import PageClient


def test_the_desk_registers_and_prints_in_two_steps(organiser: PageClient) -> None:
    person = {
        "first_name": "Ana",
        "last_name": "Roux",
        "commune": "mons",
        "function": "officer",
        "category": "press",
        "layout": "62mm",
    }
    assert organiser.fill("/accueil", **{**person, "last_name": ""}).status_code == 400
    answer = organiser.fill("/accueil", **person)
    attendee = all_of(Attendee)[0]
    assert answer.location == f"/accueil?pret={attendee.id}&format=62mm"
    assert (attendee.category, attendee.email, attendee.commune_code) == ("press", "", "34160")
    page = page_of(organiser.get(answer.location))
    assert "Ana Roux" in page
    assert '<option selected value="62mm">' in page
    path = f"/accueil/{attendee.id}/badge.pdf"
    token = organiser.token("/accueil")
    pdf = organiser.post(f"{path}?format=62mm", data={"csrf_token": token})
    assert "Roux" in pypdfium2.PdfDocument(pdf.data)[0].get_textpage().get_text_range()
    assert len(all_of(Printing)) == 1
    assert organiser.get(path).status_code == 405
    missing = organiser.post("/accueil/999/badge.pdf", data={"csrf_token": token})
    assert missing.status_code == 404
    second_answer = organiser.fill("/accueil", **person)
    assert "déjà inscrite" in page_of(organiser.get(second_answer.location))
    assert len(all_of(Attendee)) == 1


def test_the_desk_finds_who_is_registered(organiser: PageClient) -> None:
    register_one(last_name="Àrnaud")
    assert "Imprimer le badge" in page_of(organiser.get("/accueil?q=arnaud"))
    assert "Aucune personne de ce nom" in page_of(organiser.get("/accueil?q=zz"))


def test_a_search_is_limited(organiser: PageClient) -> None:
    answers = [organiser.get("/accueil?q=a").status_code for _ in range(61)]
    assert answers[:60] == [200] * 60
    assert answers[60] == 429


def test_a_station_keeps_the_desk(app: Flask, client: PageClient, edition: Edition) -> None:
    station = stations.create_station(Act(SYSTEM), "Accueil", "A", edition.id, StationKind.DESK)
    token = sign_ins.open_sign_in(Act(SYSTEM), station_id=station.id)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert client.get("/accueil").status_code == 200
    assert client.get("/organisation/participants").status_code == 403


def test_every_badge_of_a_lot_is_counted_once(organiser: PageClient, tmp_path: Path) -> None:
    register(make_person(), make_person())
    run = jobs.ask_print_run(
        act_in(get_public_edition(), SYSTEM, NOW), AttendeeFilter(), Layout.A4, new_key()
    )
    run_jobs(jobs.PRINT_RUNS, data=tmp_path)
    assert [printing.print_run_id for printing in all_of(Printing)] == [run, run]


def test_from_a_dossier_one_comes_back_to_it_and_to_no_other(
    client: PageClient, edition: Edition
) -> None:
    own_id, other_attendee = register_one(), register_one()
    token, link = badge_of(own_id.id).private_token, own_id.group.private_token
    path = f"/badge/{token}/annuler"
    assert client.get(f"{path}?dossier={other_attendee.group.private_token}").status_code == 404
    assert client.get(f"{path}?dossier=inconnu").status_code == 404
    answer = client.fill(f"{path}?dossier={link}")
    assert answer.headers["Location"] == f"/inscription/dossier/{link}"
    assert "est annulée" in page_of(client.get(answer.headers["Location"]))
