"""Several at once, on SQLite and on PostgreSQL, and what a list costs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from salon.exhibitor_space import queries
from salon.exhibitor_space.queries.accepted import accepted_with_tasks
from salon.exhibitor_space.rules import TooManyDocuments
from salon.exhibitor_space.services import documents as services
from salon.exhibitor_space.services.documents import Quota
from salon.exhibitor_space.services.reminders import (
    Due,
    post_reminder,
    post_reminders,
    reminders_due,
)
from salon.exhibitors.models import Document, DocumentKind, DocumentStatus, Reminder
from salon.exhibitors.queries.exhibitors import terms_of
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, db, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.versions import StaleVersion
from salon.platform.pages.lists.listing import FIRST_PAGE
from salon.platform.settings.clock import local
from tests.exhibitor_space.made import pdf
from tests.exhibitor_space.records import (
    NOW,
    ORGANISER,
    accepted,
    at,
    count,
    give,
    mails,
    stored,
)
from tests.exhibitors.make import make_exhibitor
from tests.races import ROUNDS, race
from tests.statements import statements

ALONE = "uq_reminders_exhibitor_id_subject_step"
FREE_TABLE = """
CREATE TABLE reminders (
    id INTEGER PRIMARY KEY, exhibitor_id INTEGER, subject VARCHAR, step INTEGER, posted_at DATETIME
)
"""


def remove_the_guard() -> None:
    """Reminders without their unique constraint."""
    with transaction() as session:
        if db.engine.dialect.name == "sqlite":
            session.execute(text("ALTER TABLE reminders RENAME TO reminders_before"))
            session.execute(text(FREE_TABLE))
        else:
            session.execute(text(f"ALTER TABLE reminders DROP CONSTRAINT {ALONE}"))


def due_now(edition: Edition) -> list[Due]:
    return reminders_due(edition, terms_of(edition), local(at(1)).date())


@pytest.mark.race
def test_eight_workers_at_once_write_one_message_to_each(app: Flask, autumn: Edition) -> None:
    for _ in range(3):
        accepted(autumn)
    assert sum(race(app, [lambda: post_reminders(at(1))] * 8)) == 3
    assert len({mail.about for mail in mails()}) == len(mails()) == 3


@pytest.mark.race
def test_workers_that_all_looked_before_one_wrote_still_write_once(
    app: Flask, autumn: Edition
) -> None:
    accepted(autumn)
    [due] = due_now(autumn)
    assert sorted(race(app, [lambda: post_reminder(Act(SYSTEM, at(1)), due)] * 8)) == [
        False
    ] * 7 + [True]
    assert len(mails()) == 1
    assert count(Reminder) == 3


@pytest.mark.race
def test_control_without_the_guard_each_of_them_writes(app: Flask, autumn: Edition) -> None:
    """The race above proves something only if this one shows doubles."""
    accepted(autumn)
    [due] = due_now(autumn)
    remove_the_guard()
    assert race(app, [lambda: post_reminder(Act(SYSTEM, at(1)), due)] * 8) == [True] * 8
    assert len(mails()) == 8


def caught(call: Callable[[], Any], error: type[Exception]) -> Callable[[], str]:
    def run() -> str:
        try:
            call()
        except error:
            return "refused"
        return "done"

    return run


@pytest.mark.race
def test_two_organisers_answer_at_once_and_one_of_them_reads_again(
    app: Flask, edition: Edition, tmp_path: Path
) -> None:
    exhibitor = make_exhibitor(edition)
    for _ in range(ROUNDS):
        document = give(exhibitor, tmp_path)
        number = document.id

        def answer(status: DocumentStatus, number: int = number) -> Callable[[], None]:
            def call() -> None:
                document = current_session().get_one(Document, number)
                services.answer_document(Act(ORGANISER, NOW), document, 1, status, "Non.")

            return call

        calls = [answer(DocumentStatus.ACCEPTED), answer(DocumentStatus.REFUSED)]
        assert sorted(race(app, [caught(act, StaleVersion) for act in calls])) == [
            "done",
            "refused",
        ]


@pytest.mark.race
def test_the_quota_holds_when_files_come_together(
    app: Flask, edition: Edition, tmp_path: Path
) -> None:
    exhibitor, quota = make_exhibitor(edition), Quota(3, 60_000_000)
    number, content = exhibitor.id, pdf()

    def call() -> None:
        result = current_session().get_one(type(exhibitor), number)
        give(result, tmp_path, content, quota=quota, kind=DocumentKind.OTHER)

    answers = race(app, [caught(call, TooManyDocuments)] * 8)
    assert sorted(answers) == ["done"] * 3 + ["refused"] * 5
    assert count(Document) == len(stored(tmp_path)) == 3


@pytest.mark.parametrize("list_of", ["late", "documents"])
def test_a_list_costs_as_many_queries_however_long(
    autumn: Edition, tmp_path: Path, list_of: str
) -> None:
    costs = []
    for _ in (1, 2):
        for _ in range(6):
            give(accepted(autumn), tmp_path)
        current_session().rollback()
        with statements() as sent_statements:
            if list_of == "late":
                due_now(autumn)
                page = queries.LATE.page_of_rows(accepted_with_tasks(autumn), FIRST_PAGE)
                assert all(item.documents and not item.sales for item in page.items)
            else:
                page = queries.documents_page(autumn, queries.DocumentFilter())
                assert all(item.exhibitor.stand is None for item in page.items)
        costs.append(len(sent_statements))
    assert costs[0] == costs[1]
    documents = current_session().scalars(select(Document))
    assert len(list(documents)) == 12
