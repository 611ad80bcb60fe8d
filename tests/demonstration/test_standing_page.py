"""The page that postpones or cancels the fair, and what the public reads meanwhile."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from salon.fair.models import Edition
from salon.fair.services import standing as services
from salon.platform.database.consequences import Standing
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.versions import stamp_of
from salon.platform.mail.outbox import Message, MessageStatus, is_held_now
from salon.platform.settings.clock import clock
from tests.factories import act_in, sign_in
from tests.fair.test_practical import fields_of, text_of
from tests.pages import PageClient

PATH = "/organisation/reglages/reporter-ou-annuler"
CREDIT_NOTES = "/organisation/facturation/ensemble/avoirs"


def held_messages() -> int:
    return current_session().scalar(select(func.count(Message.id)).where(is_held_now())) or 0


def test_an_act_is_said_then_confirmed_held_and_undone(app: Flask, edition: Edition) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    stale = fields_of(organiser.get(PATH).text) | {"act": "cancel"}
    page = organiser.post(PATH, data=stale | {"act": "postpone"})
    text = text_of(page)
    for words in ("Attend la nouvelle date", "Badges, toujours valables : ", "Rendez-vous : "):
        assert words in text
    current_session().expire_all()
    assert edition.standing == Standing.AS_PLANNED
    second_answer = organiser.post(
        PATH, data=fields_of(page.text) | {"mail_words": "Crue.", "reread": "1"}
    )
    assert "L’organisation précise : Crue." in text_of(second_answer)
    assert organiser.confirm(second_answer).status_code == 302
    current_session().expire_all()
    assert edition.standing == Standing.POSTPONED
    announced = re.search(r"Les ([\d\s]+) courriels qui partiront", text)
    assert announced
    assert int(re.sub(r"\D", "", announced[1])) == held_messages()
    shown = organiser.get(PATH).text
    assert "Donner une date" in shown
    assert "Rétablir" in shown
    assert organiser.post(PATH, data=stale).status_code == 409
    journal = text_of(organiser.get("/organisation/journal?action=edition.postponed"))
    assert "Ce qui a suivi : Programme : " in journal
    undo = fields_of(shown) | {"act": "reinstate", "confirmed": "yes"}
    assert organiser.post(PATH, data=undo).status_code == 302
    current_session().expire_all()
    assert edition.standing == Standing.AS_PLANNED
    assert held_messages() == 0
    waiting = Message.kind == "standing_changed", Message.status == MessageStatus.WAITING
    assert not current_session().scalar(select(func.count(Message.id)).where(*waiting))


def change_standing(edition: Edition, act: services.StandingAct) -> None:
    stamp = stamp_of(services.standing_of(edition))
    services.change_standing(act_in(edition, SYSTEM), act, stamp)


PUBLIC = (
    "/",
    "/village",
    "/programme",
    "/exposants",
    "/plan",
    "/infos-pratiques",
    "/mentions-legales",
)


@pytest.mark.parametrize(
    ("act", "title"),
    [
        (services.StandingAct.POSTPONE, "Le salon est reporté, date à venir"),
        (services.StandingAct.CANCEL, "Le salon est annulé"),
    ],
)
def test_each_public_page_says_it_and_nobody_registers_or_books(
    client: PageClient, edition: Edition, act: services.StandingAct, title: str
) -> None:
    assert title not in client.get("/").text
    booking = fields_of(client.get("/inscription").text)
    change_standing(edition, act)
    for path in PUBLIC:
        page = client.get(path, follow_redirects=True)
        assert title in text_of(page), path
    theme = re.search(r"/rendez-vous/themes/[\w-]+", client.get("/rendez-vous").text)
    assert theme is None
    for path in ("/rendez-vous", "/mon-parcours"):
        assert "Les rendez-vous " in text_of(client.get(path))
    closed = client.post("/inscription", data=booking)
    assert closed.status_code == 409
    assert "Le salon est" in text_of(closed)
    status = "EventCancelled" if edition.is_cancelled else "EventPostponed"
    assert status in client.get("/").text
    assert ("devait se tenir" in client.get("/").text) == edition.is_postponed


def test_applications_stop_with_a_cancelled_fair_alone(
    client: PageClient, edition: Edition
) -> None:
    path = "/exposants/inscription"
    clock.jump(edition.starts_at - timedelta(days=120))
    change_standing(edition, services.StandingAct.POSTPONE)
    assert "Votre candidature, en un quart d’heure" in text_of(client.get(path))
    change_standing(edition, services.StandingAct.CANCEL)
    assert "il ne reçoit plus de candidatures" in text_of(client.get(path))


def test_the_credit_notes_of_a_cancelled_fair_are_listed_then_issued(
    app: Flask, edition: Edition
) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    assert "Aucun avoir à établir" in text_of(organiser.get(CREDIT_NOTES))
    change_standing(edition, services.StandingAct.CANCEL)
    for path in ("/organisation", "/organisation/facturation"):
        assert "avoirs à établir" in text_of(organiser.get(path))
    page = organiser.get(CREDIT_NOTES)
    assert "Un par un" in page.text
    asked = organiser.post(CREDIT_NOTES, data=fields_of(page.text))
    assert not re.search(r"A-\d{4}-\d{4}", asked.text)
    issued = organiser.confirm(asked)
    assert issued.status_code == 200
    assert re.search(r"A-\d{4}-\d{4}", issued.text)
