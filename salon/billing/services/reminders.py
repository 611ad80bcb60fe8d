"""Reminders of late invoices: polite, few, each step once."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.billing.actions import BillingAction
from salon.billing.engine.ledger import invoice_balance
from salon.billing.engine.receipts import account_of
from salon.billing.models import SalesDocument
from salon.billing.queries.ledger import credit_notes_by_invoice, open_invoices
from salon.billing.queries.receipts import receipts_of
from salon.billing.queries.sales import credit_notes_of, get_document, sales_of
from salon.billing.rules.sales import PUBLIC_REMINDER_DAYS
from salon.billing.services.mail import context_of
from salon.exhibitors.models import ContactKind, Exhibitor, Reminder
from salon.fair.models import Edition
from salon.fair.queries import live_editions
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import write_entry
from salon.platform.mail import outbox
from salon.platform.settings.clock import local
from salon.platform.words.formats import day, euros

STEPS = (1, 15, 30)
"""Days after the day due on which an invoice is recalled."""


def post_invoice_reminders(now: datetime) -> int:
    """Post the reminders due today; return their number.

    A step is posted once; after days without a worker only the last step passed is. Public buyers
    get none before PUBLIC_REMINDER_DAYS after the *service fait*, nobody once the fair is
    cancelled.
    """
    return sum(
        _post_reminders_of(edition, now) for edition in live_editions() if not edition.is_cancelled
    )


def _post_reminders_of(edition: Edition, now: datetime) -> int:
    today = local(now).date()
    notes = credit_notes_by_invoice(edition)
    posted = 0
    for invoice in open_invoices(edition):
        step = step_of(invoice, today)
        standing = invoice_balance(invoice, notes.get(invoice.id, ()), today)
        if step is not None and standing.due > 0:
            posted += _post(invoice.id, step, now)
    return posted


def step_of(invoice: SalesDocument, today: date) -> int | None:
    """Return the last step that has passed; None while no reminder is due."""
    if invoice.due_on is None:
        return None
    if invoice.buyer.get("is_public"):
        if invoice.service_done_on is None:
            return None
        if (today - invoice.service_done_on).days < PUBLIC_REMINDER_DAYS:
            return None
    passed = [step for step in STEPS if step <= (today - invoice.due_on).days]
    return max(passed, default=None)


def _post(invoice_id: int, step: int, now: datetime) -> int:
    """Post a reminder, unless the invoice was settled since the late ones were listed.

    None is posted while what is in favour of the exhibitor covers what it owes.
    """
    subject, exhibitor = f"invoice:{invoice_id}", get_document(invoice_id).exhibitor
    if _was_posted(current_session(), exhibitor, subject, step):
        return 0
    with transaction(exhibitor) as session:
        invoice = get_document(invoice_id)
        standing = invoice_balance(invoice, credit_notes_of(invoice_id), local(now).date())
        account = account_of(sales_of(exhibitor.id), receipts_of(exhibitor.id))
        if not standing.due or account.in_favour >= account.due:
            return 0
        contact = exhibitor.contact(ContactKind.BILLING)
        if contact is None or not contact.email or _was_posted(session, exhibitor, subject, step):
            return 0
        session.add(Reminder(exhibitor_id=exhibitor.id, subject=subject, step=step, posted_at=now))
        outbox.post(
            session,
            "invoice_reminder",
            contact.email,
            about=f"exhibitor:{exhibitor.id}",
            urgent=False,
            **context_of(exhibitor, invoice),
            left=euros(standing.due),
            done=day(invoice.service_done_on) if invoice.service_done_on else "",
        )
        write_entry(
            session,
            SYSTEM,
            BillingAction.SALES_REMINDED,
            f"exhibitor:{exhibitor.id}",
            reference=invoice.reference,
            step=step,
        )
    return 1


def _was_posted(session: Session, exhibitor: Exhibitor, subject: str, step: int) -> bool:
    """Return whether this step, or a later one, was posted."""
    statement = select(Reminder.id).where(
        Reminder.exhibitor_id == exhibitor.id, Reminder.subject == subject, Reminder.step >= step
    )
    return session.scalar(statement.limit(1)) is not None
