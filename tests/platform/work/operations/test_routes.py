"""The alarm of the fair: it rises within a minute when more than one operation in a hundred fails.

The faults are real: the table of scans is gone, the mail server refuses.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from salon import worker
from salon.dashboard.services.alarms import watch_over
from salon.fair.models import Edition
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.platform.mail import outbox
from salon.platform.mail.delivery import words_of
from salon.platform.mail.server import MailServer
from salon.platform.settings.clock import real_now
from salon.platform.web.access import settings
from salon.platform.work import operations
from salon.platform.work.alarms import alarm_words
from salon.platform.work.operations import (
    FailingTask,
    count_operation,
    recent_failures,
    record_failing_tasks,
)
from tests.factories import sign_in
from tests.pages import PageClient


def at(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    moment = real_now() + timedelta(seconds=seconds)
    monkeypatch.setattr(operations, "real_now", lambda: moment)


def next_slot(app: Flask, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Later, one more operation: the counts are written with the first of a slot."""
    at(monkeypatch, seconds)
    with app.app_context():
        count_operation("page", False)


def test_a_quarter_of_the_calls_break_and_the_organiser_knows_within_a_minute(
    app: Flask, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    client = app.test_client()
    for _ in range(30):
        assert client.get("/api/v1/time").status_code == 200
    assert organiser.get("/organisation/entrees.json").json["alarm"] == ""
    with transaction() as session:
        session.execute(text("ALTER TABLE submissions RENAME TO gone"))
        session.execute(text("ALTER TABLE themes RENAME TO themes_gone"))
    broken = [app.test_client().get("/village").status_code for _ in range(10)]
    assert set(broken) <= {500, 503}
    next_slot(app, monkeypatch, operations.SLOT_S)
    alarm = organiser.get("/organisation/entrees.json").json["alarm"]
    assert alarm.startswith(("24\u00a0%", "23\u00a0%", "25\u00a0%"))
    assert "10\u00a0pages" in alarm
    assert alarm in organiser.get("/organisation/entrees").text
    assert alarm in organiser.get("/organisation/journal").text, "on every page"
    next_slot(app, monkeypatch, operations.WATCHED_S + 3 * operations.SLOT_S)
    assert organiser.get("/organisation/entrees.json").json["alarm"] == "", "it is over"


def test_one_failure_in_a_hundred_is_no_alarm(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(300):
        count_operation("page", number < 3)
    next_slot(app, monkeypatch, operations.SLOT_S)
    assert recent_failures(settings().data) == operations.Failures(301, 3, {"page": 3})
    assert not recent_failures(settings().data).is_alarm
    count_operation("mail", True)
    next_slot(app, monkeypatch, 2 * operations.SLOT_S)
    assert recent_failures(settings().data).is_alarm


def test_mails_and_tasks_are_operations_too(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message that is called off is none."""
    figures = {"sentences": ["Le disque est plein."]}
    lapsed = {**figures, outbox.LAPSES_AT: real_now().isoformat()}
    for recipient, context in (
        ("a@b.example", figures),
        ("a@b.example\nBcc: x@evil.example", figures),
        ("a@b.example", lapsed),
    ):
        message = outbox.Message(
            kind="alarm", recipient=recipient, context=context, message_id="<1@salon>"
        )
        with MailServer(settings()) as server:
            worker.deliver_counted(message, server)
    count_operation("task", True)
    count_operation("task", False)
    next_slot(app, monkeypatch, operations.SLOT_S)
    assert recent_failures(settings().data) == operations.Failures(5, 3, {"mail": 2, "task": 1})


def test_counts_of_every_process_are_added_and_those_of_the_dead_go(
    app: Flask, tmp_path: Path
) -> None:
    folder = tmp_path / operations.FOLDER
    folder.mkdir()
    slot = int(real_now().timestamp()) // operations.SLOT_S
    for name in ("11", "12"):
        (folder / f"{name}.json").write_text(f'{{"{slot}": {{"page": [100, 2]}}}}')
    (folder / "13.json").write_text("{half")
    assert recent_failures(tmp_path) == operations.Failures(200, 4, {"page": 4})
    assert recent_failures(tmp_path).is_alarm
    past = real_now().timestamp() - 3600
    os.utime(folder / "11.json", (past, past))
    assert recent_failures(tmp_path).done == 100
    assert not (folder / "11.json").exists()


def test_a_task_that_keeps_failing_is_named_to_the_organisers(app: Flask, edition: Edition) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    since = datetime(2026, 10, 1, 8, 2, tzinfo=UTC)
    record_failing_tasks([FailingTask("rappeler les factures", since)])
    name = "«\u00a0rappeler les factures\u00a0»"
    sentence = f"La tâche {name} échoue depuis le 01/10/2026 à 10\u00a0h\u00a002."
    assert sentence in organiser.get("/organisation/journal").text
    watch_over(settings(), real_now())
    current_session().rollback()
    message = current_session().query(outbox.Message).filter_by(kind="alarm").one()
    assert sentence in words_of(message)[1]
    assert "opérations" not in words_of(message)[1]
    record_failing_tasks([])
    watch_over(settings(), real_now())
    assert alarm_words(settings()) == ""


def test_the_page_of_who_signs_out_counts_as_any_other(client: PageClient) -> None:
    client.get("/healthz")
    assert not list((settings().data / operations.FOLDER).glob("*.json"))
    client.get("/connexion")
    assert list((settings().data / operations.FOLDER).glob("*.json"))
