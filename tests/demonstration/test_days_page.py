"""The page that says what a change of days touches, before it is saved."""

import re
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from salon.platform.mail.outbox import Message, MessageStatus, is_held_now
from salon.platform.settings.clock import clock
from tests.factories import sign_in
from tests.fair.test_practical import fields_of, text_of

PATH = "/organisation/reglages/jours"


def test_a_change_of_day_is_said_then_confirmed_held_and_undone(app: Flask) -> None:
    edition = current_session().scalars(select(Edition).where(Edition.is_current)).one()
    former = edition.days[0].day_on
    clock.jump(edition.starts_at - timedelta(days=21))
    organiser = sign_in(app, Role.ORGANISER)
    typed = fields_of(organiser.get(PATH).text)
    typed |= {"days-0-day_on": (former + timedelta(days=7)).isoformat()}
    page = organiser.post(PATH, data=typed)
    assert page.status_code == 200
    text = text_of(page)
    for heading in ("Suit le nouveau jour", "Rendez-vous : ", "Vacations publiées : ", "Badges : "):
        assert heading in text
    fields = fields_of(page.text)
    words = {"mail_words": "Le parc est pris ce jour-là.", "reread": "1"}
    second_answer = organiser.post(PATH, data=fields | words)
    assert "L’organisation précise : Le parc est pris ce jour-là." in text_of(second_answer)
    current_session().expire_all()
    assert edition.days[0].day_on == former
    assert organiser.confirm(second_answer).status_code == 302
    current_session().expire_all()
    assert edition.days[0].day_on == former + timedelta(days=7)
    held_messages = current_session().scalar(select(func.count(Message.id)).where(is_held_now()))
    announced = re.search(r"Les ([\d\s]+) courriels qui partiront", text)
    assert announced
    assert int(re.sub(r"\D", "", announced[1])) == held_messages
    next_page = organiser.get("/organisation/reglages")
    assert "Rétablir" in next_page.text
    journal = text_of(organiser.get("/organisation/journal?action=edition.days_changed"))
    assert "Ce qui a suivi : Programme : " in journal
    assert "appointments" not in journal
    days_page = organiser.get(PATH).text
    undo = re.search(r'name="entry" value="(\d+)"', days_page)
    assert undo
    entry = {"entry": undo[1], "csrf_token": fields_of(days_page)["csrf_token"]}
    undone = organiser.post(f"{PATH}/retablir", data=entry)
    assert undone.status_code == 302
    current_session().expire_all()
    assert edition.days[0].day_on == former
    assert current_session().scalar(select(func.count(Message.id)).where(is_held_now())) == 0
    waiting = Message.kind == "days_changed", Message.status == MessageStatus.WAITING
    assert current_session().scalar(select(func.count(Message.id)).where(*waiting)) == 0
    assert organiser.post(f"{PATH}/retablir", data=entry).status_code == 409
