"""Payments of invoices: recorded, cancelled when recorded by mistake, never deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from salon.billing import rules
from salon.billing.engine.ledger import InvoiceBalance, invoice_balance, is_cancelled
from salon.billing.models import Payment, PaymentMethod, SalesDocument, SalesKind
from salon.billing.queries import sales as queries
from salon.exhibitors.models import Exhibitor
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Identity
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import claim_submission, save_new_row
from salon.platform.settings.clock import local


@dataclass(frozen=True)
class ReceivedPayment:
    """A payment as an organiser records it."""

    amount: Decimal
    method: PaymentMethod
    received_on: date
    reference: str = ""
    surplus_meant: bool = False


def record_payment(
    invoice_id: int,
    received: ReceivedPayment,
    actor: Identity,
    now: datetime,
    key: str,
    content: Mapping[str, object],
) -> InvoiceBalance:
    """Record a payment and return the balance of the invoice. Idempotent for one `key`.

    More than the amount due is recorded only when it is meant. Raises NotAnInvoice,
    InvoiceCancelled, AmountRefused, PaymentDateRefused, AbsurdAmount, MoreThanDue.
    """
    rules.check_amount(received.amount)
    invoice = queries.get_document(invoice_id)
    if invoice.kind != SalesKind.INVOICE:
        raise rules.NotAnInvoice
    today = local(now).date()
    rules.check_payment_day(received.received_on, invoice.issued_on, today)
    exhibitor = current_session().get_one(Exhibitor, invoice.exhibitor_id)
    with transaction(exhibitor) as session:
        if claim_submission(session, key, {**content, "invoice": invoice.id}) is None:
            notes = queries.credit_notes_of(invoice.id)
            if is_cancelled(invoice, notes):
                raise rules.InvoiceCancelled
            standing = invoice_balance(invoice, notes, today)
            rules.check_not_absurd(received.amount, standing.paid, invoice.gross)
            rules.check_not_above_due(received.amount, standing.due, received.surplus_meant)
            payment = Payment(
                document_id=invoice.id,
                amount=received.amount,
                method=received.method,
                received_on=received.received_on,
                reference=received.reference,
                recorded_at=now,
                recorded_by=actor.display_name,
            )
            save_new_row(session, key, payment)
            _write_payment_entry(session, actor, "payment.recorded", invoice, payment)
    return _standing(invoice_id, today)


def cancel_payment(payment_id: int, actor: Identity, now: datetime, reason: str) -> InvoiceBalance:
    """Cancel a payment recorded by mistake; it stays listed, `reason` goes to the journal.

    Raises PaymentAlreadyCancelled.
    """
    payment = queries.get_payment(payment_id)
    invoice = payment.document
    exhibitor = current_session().get_one(Exhibitor, invoice.exhibitor_id)
    with transaction(exhibitor, payment) as session:
        if payment.cancelled_at is not None:
            raise rules.PaymentAlreadyCancelled
        payment.cancelled_at = now
        _write_payment_entry(session, actor, "payment.cancelled", invoice, payment, reason=reason)
    return _standing(invoice.id, local(now).date())


def _standing(invoice_id: int, today: date) -> InvoiceBalance:
    current_session().expire_all()
    invoice = queries.get_document(invoice_id)
    return invoice_balance(invoice, queries.credit_notes_of(invoice.id), today)


def _write_payment_entry(
    session: Session,
    actor: Identity,
    action: str,
    invoice: SalesDocument,
    payment: Payment,
    **details: str,
) -> None:
    write_entry(
        session,
        actor,
        action,
        f"exhibitor:{invoice.exhibitor_id}",
        reference=invoice.reference,
        amount=str(payment.amount),
        method=payment.method.value,
        payment=payment.id,
        **details,
    )
