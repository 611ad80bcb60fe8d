"""Reminders of invoices: polite, once each, later for public buyers."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from salon.billing.models import SalesDocument
from salon.billing.services.reminders import post_invoice_reminders
from salon.billing.services.sales import issue_credit_note
from salon.exhibitors.models import Exhibitor, Reminder
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, db, transaction
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import now
from tests.billing.sales import ORGANISER, make_buyer, make_invoice, make_shop, make_town
from tests.races import after_next_commit, drop_guards, race


def reminders() -> list[int]:
    return list(current_session().scalars(select(Reminder.step).order_by(Reminder.id)))


def letters() -> list[Message]:
    current_session().rollback()
    statement = select(Message).where(Message.kind == "invoice_reminder").order_by(Message.id)
    return list(current_session().scalars(statement))


def test_a_private_invoice_is_recalled_after_its_day_and_once_a_step(edition: Edition) -> None:
    make_shop(edition)
    make_invoice(make_buyer(edition, email="compta@exposant.example"), edition)
    start = now()
    days = (0, 29, 30, 31, 32, 44, 45, 46, 59, 60, 61, 69)
    posted = [day for day in days if post_invoice_reminders(start + timedelta(days=day))]
    assert posted == [31, 45, 60]
    assert reminders() == [1, 15, 30]
    letter = letters()[0]
    assert letter.recipient == "compta@exposant.example"
    assert letter.context["left"].replace("\u202f", " ").replace("\u00a0", " ") == "2 172,00 €"


def test_only_the_last_step_is_posted_after_a_long_silence(edition: Edition) -> None:
    make_shop(edition)
    make_invoice(make_buyer(edition), edition, now() - timedelta(days=200))
    assert post_invoice_reminders(now()) == 1
    assert post_invoice_reminders(now()) == 0
    assert reminders() == [30]


def test_a_public_buyer_is_recalled_from_thirty_days_after_service(edition: Edition) -> None:
    make_shop(edition)
    town = make_town(edition)
    invoice = make_invoice(town, edition)
    assert invoice.service_done_on is not None
    drop_guards("sales_documents_say_what_was_issued")
    with transaction() as session:
        session.execute(update(SalesDocument).values(due_on=invoice.service_done_on))
    early = now() + timedelta(days=1 + 29)
    assert post_invoice_reminders(early) == 0
    assert post_invoice_reminders(now() + timedelta(days=40)) == 1
    subject, body = words_of(letters()[0])
    assert subject == "Votre facture du salon des maires"
    assert "pour un service fait le" in body


def test_what_is_paid_or_cancelled_is_not_recalled(edition: Edition) -> None:
    make_shop(edition)
    invoice = make_invoice(make_buyer(edition), edition, now() - timedelta(days=80))
    issue_credit_note(Act(ORGANISER), invoice.id, None, "Annulé")
    assert post_invoice_reminders(now()) == 0
    assert letters() == []


def test_an_invoice_credited_while_others_are_recalled_is_not(app: Flask, edition: Edition) -> None:
    make_shop(edition)
    first, second = (
        make_invoice(make_buyer(edition, siret=""), edition, now() - timedelta(days=80))
        for _ in range(2)
    )
    first_exhibitor, second_id = first.exhibitor_id, second.id

    after_next_commit(
        app, lambda: issue_credit_note(Act(ORGANISER), second_id, None, "Stand annulé")
    )
    assert post_invoice_reminders(now()) == 1
    recalled = current_session().scalars(select(Reminder.exhibitor_id)).all()
    assert recalled == [first_exhibitor]


def test_an_invoice_recalled_already_is_looked_at_without_a_lock(
    app: Flask, edition: Edition
) -> None:
    make_shop(edition)
    invoice = make_invoice(make_buyer(edition), edition, now() - timedelta(days=80))
    assert post_invoice_reminders(now()) == 1
    current_session().rollback()
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(
                select(Exhibitor.id).where(Exhibitor.id == invoice.exhibitor_id).with_for_update()
            )
        assert post_invoice_reminders(now()) == 0


@pytest.mark.race
@pytest.mark.parametrize("_round", range(5))
def test_two_workers_post_one_reminder(app: Flask, edition: Edition, _round: int) -> None:
    make_shop(edition)
    make_invoice(make_buyer(edition), edition, now() - timedelta(days=80))
    at = now()
    assert sorted(race(app, [lambda: post_invoice_reminders(at)] * 2)) == [0, 1]
    assert len(letters()) == 1
