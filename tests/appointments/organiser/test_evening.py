"""The evening: what lacks, what was promised sent to each visitor, recalled and done."""

from datetime import timedelta

import pytest
from flask import Flask

from salon.appointments.models import Outcome, StepKind
from salon.appointments.services.meeting import Account, MeetingPromise, close_meeting
from salon.appointments.services.promises import recall_promises
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.settings.clock import local
from tests.appointments.make import Fair, book, make_fair, messages
from tests.appointments.organiser.pages import coordinator_of, hidden, organiser_of, page_of
from tests.factories import set_time
from tests.staffing.make import ORGANISER

EVENING = "/organisation/rendez-vous/soir"


@pytest.fixture
def fair(app: Flask, edition: Edition, monkeypatch: pytest.MonkeyPatch) -> Fair:
    """At 19:00, three appointments are past: one with a promise, one without, one not told."""
    fair = make_fair(edition, agents={"Département": 1, "SDIS 34": 1})
    set_time(monkeypatch, fair.at(19), "salon.appointments.routes.evening")
    booked = [book(fair, at=fair.at(hour)) for hour in (9, 10, 11)]
    due_on = local(fair.at(19)).date() + timedelta(days=30)
    visit = MeetingPromise(StepKind.VISIT, "Au hameau", "Karim Benali", due_on)
    for appointment, steps in zip(booked, ([visit], []), strict=False):
        outcome = Outcome.FOLLOW_UP if steps else Outcome.ANSWERED
        account = Account(outcome, steps=steps)
        close_meeting(Act(ORGANISER, fair.at(18)), appointment, appointment.version, account)
    return fair


def test_each_visitor_is_sent_what_was_promised_once(app: Flask, fair: Fair) -> None:
    client = organiser_of(app)
    page = page_of(client, EVENING)
    assert "1 compte rendu à compléter" in page
    assert "1 visiteur attend ce qui a été convenu" in page
    asked = client.post(f"{EVENING}/envoyer", data=hidden(page))
    assert "Visite sur place, Au hameau" in asked.get_data(as_text=True)
    assert messages("appointment_agreed") == []
    assert client.confirm(asked).status_code == 302
    (sent,) = messages("appointment_agreed")
    assert sent.context["steps"][0]["owner"] == "Karim Benali"
    assert "attend ce qui a été convenu" not in page_of(client, EVENING)
    assert "1 suite promise à tenir" in page_of(client, EVENING)
    other = coordinator_of(app, fair, "SDIS 34")
    assert "Rien ne manque" in page_of(other, EVENING)


def test_a_promise_is_recalled_done_and_not_done(app: Flask, fair: Fair) -> None:
    day = fair.at(19) + timedelta(days=30)
    assert [recall_promises(at) for at in (fair.at(19), day, day)] == [0, 1, 0]
    (recalled,) = messages("promise_due")
    assert recalled.recipient == fair.agents["Département"][0].email
    client = organiser_of(app)
    page = page_of(client, EVENING)
    path = next(part for part in page.split('"') if part.endswith("/faite"))
    for address, words in ((path, 0), (path.replace("faite", "a-faire"), 1)):
        assert client.post(address, data=hidden(page)).status_code == 302
        assert page_of(client, EVENING).count("1 suite promise à tenir") == words
    other = coordinator_of(app, fair, "SDIS 34")
    assert other.post(path, data={"csrf_token": other.token(EVENING)}).status_code == 404
    current_session().rollback()
