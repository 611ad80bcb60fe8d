"""The page of the agents who tend a queue, and its papers."""

import io
import re
from datetime import timedelta

from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from salon.appointments.engine.slots import instant, tick
from salon.appointments.models import Ticket, TicketStatus
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.platform.settings.clock import now
from salon.staffing.queries.agents import agents_of
from tests.appointments.make import Fair, book, make_visitor
from tests.appointments.queue.make import (
    DESK,
    agent_client,
    body_of,
    code_of,
    count,
    take,
    text_of,
)
from tests.factories import new_key, sign_in
from tests.staffing.make import publish, put


def test_an_agent_calls_and_settles_from_one_page(app: Flask, fair: Fair) -> None:
    desk = agent_client(app, fair)
    assert "Personne n’attend" in text_of(desk, DESK)
    visitor = make_visitor(fair.edition, last_name="Bastide")
    take(fair, now(), attendee=visitor)
    take(fair, now())
    page = text_of(desk, DESK)
    assert "Appeler le suivant" in page
    assert "Bastide" in page
    assert desk.fill(DESK, to=f"{DESK}/appeler").status_code == 302
    page = text_of(desk, DESK)
    assert "Vous appelez le numéro" in page
    refused = desk.fill(DESK, to=f"{DESK}/appeler")
    assert refused.status_code == 409
    assert "Dites d’abord si le numéro 1" in refused.get_data(as_text=True)
    ticket_id = current_session().scalars(select(Ticket.id).where(Ticket.number == 1)).one()
    assert desk.fill(DESK, to=f"{DESK}/{ticket_id}/recu").status_code == 302
    second_answer = desk.fill(DESK, to=f"{DESK}/{ticket_id}/absent")
    assert second_answer.status_code == 409
    assert "Annuler ce geste" in text_of(desk, DESK)
    assert desk.fill(DESK, to=f"{DESK}/{ticket_id}/annuler").status_code == 302
    assert "Vous appelez le numéro" in text_of(desk, DESK)
    current_session().rollback()
    assert current_session().get_one(Ticket, ticket_id).status == TicketStatus.CALLED


def test_an_agent_gives_a_number_and_its_paper(app: Flask, fair: Fair) -> None:
    desk = agent_client(app, fair)
    answer = desk.fill(DESK, to=f"{DESK}/numero", code=code_of(fair.edition)[:8])
    assert answer.status_code == 302
    page = text_of(desk, answer.location)
    assert "Ticket papier" in page
    ticket = current_session().scalars(select(Ticket)).one()
    for paper in ("", "?format=a6"):
        page = text_of(desk, f"{DESK}/{ticket.id}/papier{paper}")
        assert "Numéro 1" in page
        assert 'class="qr"' in page
    assert desk.get(f"{DESK}/{ticket.id}/papier?format=a3").status_code == 404
    assert ticket.attendee is not None
    assert ticket.attendee.last_name not in page


def test_a_late_visitor_is_placed_by_the_agents(app: Flask, fair: Fair) -> None:
    late = book(fair, at=fair.at(9), now=fair.before)
    opened_at = fair.edition.days[0].opens_at
    began_at = max(opened_at, instant(tick(now() - timedelta(minutes=30))))
    with transaction():
        late.starts_at, late.ends_at = began_at, began_at + timedelta(minutes=20)
    desk = agent_client(app, fair)
    assert "Placer dans la file" in text_of(desk, DESK)
    assert desk.fill(DESK, to=f"{DESK}/retard/{late.id}").status_code == 302
    assert "Placer dans la file" not in text_of(desk, DESK)
    current_session().rollback()
    assert current_session().scalars(select(Ticket)).one().queued_from == began_at
    organiser = sign_in(app, Role.ORGANISER)
    assert organiser.fill(DESK, to=f"/planning/file/V1/retard/{late.id}").status_code == 404


def test_the_queue_of_a_stand_is_its_agents_and_the_organisers(app: Flask, fair: Fair) -> None:
    ticket = take(fair, now())
    other_client = agent_client(app, fair, body="SDIS 34")
    for path in ("", f"/{ticket.id}/papier", "/numeros.pdf", "/affiche.pdf"):
        assert other_client.get(f"{DESK}{path}").status_code == 404
    token = other_client.token("/planning/file/V2")
    for path in ("/appeler", f"/{ticket.id}/recu", f"/{ticket.id}/annuler", "/numero"):
        fields = {"csrf_token": token, "submission_key": new_key()}
        assert other_client.post(f"{DESK}{path}", data=fields).status_code == 404
    # A number of another stand is not one of theirs.
    assert other_client.fill(
        "/planning/file/V2", to=f"/planning/file/V2/{ticket.id}/recu"
    ).status_code == (404)
    current_session().rollback()
    assert current_session().get_one(Ticket, ticket.id).status == TicketStatus.WAITING
    organiser = sign_in(app, Role.ORGANISER)
    assert "Files des stands" in text_of(organiser, "/planning/file")
    assert "Appeler le suivant" in text_of(organiser, DESK)


def test_who_is_on_the_rota_of_a_stand_tends_its_queue(app: Flask, fair: Fair) -> None:
    desk = agent_client(app, fair, body="SDIS 34", stands=("Département",))
    assert desk.get(DESK).status_code == 404
    helper = agents_of(fair.edition, [body_of(fair, "SDIS 34").id])[0]
    put(fair.village, helper, fair.village.wanted("Département", (14, 0), (16, 0)))
    publish(fair.village)
    assert desk.get(DESK).status_code == 200


def test_an_agent_is_sent_to_the_stand_of_their_next_shift(app: Flask, fair: Fair) -> None:
    desk = agent_client(app, fair, body="SDIS 34")
    assert desk.get("/planning/file").location == "/planning/file/V2"
    assert app.test_client().get("/planning/file").status_code == 302


def test_papers_for_when_nothing_works(app: Flask, fair: Fair) -> None:
    desk = sign_in(app, Role.ORGANISER)
    sheet = PdfReader(io.BytesIO(desk.get(f"{DESK}/numeros.pdf?feuilles=2").data))
    assert len(sheet.pages) == 2
    assert {f"P{number}" for number in range(1, 11)} <= set(
        re.findall(r"P\d+", sheet.pages[0].extract_text())
    )
    assert "P20" in sheet.pages[1].extract_text()
    for wrong in ("0", "6", "99999999999999999999", "-1"):
        assert desk.get(f"{DESK}/numeros.pdf?feuilles={wrong}").status_code == 404
    poster = PdfReader(io.BytesIO(desk.get(f"{DESK}/affiche.pdf").data))
    text = poster.pages[0].extract_text()
    assert "Prenez un numéro" in text
    assert "/stand/V0/file" in text
    assert count() == 0
