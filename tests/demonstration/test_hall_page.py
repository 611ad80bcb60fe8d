"""The pages that close a hall and open it again."""

import re
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from salon.fair import queries
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from salon.platform.mail.outbox import Message, is_held_now
from salon.platform.settings.clock import clock
from tests.factories import sign_in
from tests.fair.test_practical import fields_of, text_of

HALLS = "/organisation/reglages/halls"


def test_a_closing_is_said_then_confirmed_held_and_taken_back(app: Flask) -> None:
    edition = current_session().scalars(select(Edition).where(Edition.is_current)).one()
    clock.jump(edition.starts_at - timedelta(days=21))
    organiser = sign_in(app, Role.ORGANISER)
    hall_id = queries.get_hall(edition, "3").id
    stands = [(body.id, body.stand_id) for body in queries.bodies_of(edition)]
    path = f"{HALLS}/{hall_id}/fermer"
    page = organiser.get(path)
    assert "Il manque 2 stands libres" in text_of(page)
    assert "Service départemental d’incendie et de secours, stand 68" in text_of(page)
    question = organiser.post(path, data=fields_of(page.text))
    read = text_of(question)
    for heading in ("Change de place", "À placer de nouveau", "Exposants : 2", "Rendez-vous : "):
        assert heading in read
    words = {"mail_words": "Un dégât des eaux.", "reread": "1"}
    second_answer = organiser.post(path, data=fields_of(question.text) | words)
    assert "Le hall 3 n’ouvrira pas. Un dégât des eaux." in text_of(second_answer)
    current_session().expire_all()
    assert "3" in [hall.name for hall in queries.halls_of(edition)]
    assert organiser.confirm(second_answer).location == HALLS
    current_session().expire_all()
    assert "3" not in [hall.name for hall in queries.halls_of(edition)]
    held_messages = current_session().scalar(select(func.count(Message.id)).where(is_held_now()))
    announced = re.search(r"Les ([\d\s]+) courriels qui partiront", read)
    assert announced
    assert int(re.sub(r"\D", "", announced[1])) == held_messages
    assert organiser.get("/plan/3").status_code == 404
    assert "hall 3" not in text_of(organiser.get("/village")).lower()
    journal = text_of(organiser.get("/organisation/journal?action=hall.closed"))
    assert "Hall fermé" in journal
    assert organiser.confirm(second_answer).location == HALLS
    page = organiser.get(HALLS)
    assert "Le hall 3 est fermé : il se rouvre d’ici." in text_of(page)
    assert "Halls fermés" in text_of(page)
    stamp = re.findall(r'name="stamp" type="hidden" value="([0-9a-f]+)"', page.text)[0]
    fields = {"csrf_token": organiser.token(HALLS), "stamp": stamp}
    question = organiser.post(f"{HALLS}/{hall_id}/rouvrir", data=fields)
    assert "Est rétabli" in text_of(question)
    assert organiser.confirm(question).location == HALLS
    current_session().expire_all()
    assert [(body.id, body.stand_id) for body in queries.bodies_of(edition)] == stands
    assert current_session().scalar(select(func.count(Message.id)).where(is_held_now())) == 0
