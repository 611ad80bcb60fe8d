"""Money received for invoices: recorded, cancelled when it was a mistake, never deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from salon.exhibitors.engine.ledger import Standing, is_cancelled, standing_of
from salon.exhibitors.models import Exhibitor, Payment, PaymentMethod, SalesDocument, SalesKind
from salon.exhibitors.queries import money as queries
from salon.exhibitors.rules import money as rules
from salon.platform.clock import local
from salon.platform.db import current_session, transaction
from salon.platform.identity import Identity
from salon.platform.journal import write_entry
from salon.platform.submissions import claim_submission, settle_submission


@dataclass(frozen=True)
class Received:
    """A payment as an organiser records it."""

    amount: Decimal
    method: PaymentMethod
    received_on: date
    reference: str = ""
    surplus_meant: bool = False


def record_payment(
    invoice_id: int,
    received: Received,
    by: Identity,
    now: datetime,
    key: str,
    content: Mapping[str, Any],
) -> Standing:
    """Records money received for an invoice, and answers what is left of it.

    More than what is due is recorded when it is meant; the answer says the surplus. The same `key`
    again has no effect. Raises NotAnInvoice, InvoiceCancelled, AmountRefused, PaymentDateRefused,
    AbsurdAmount, MoreThanDue.
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
            standing = standing_of(invoice, notes, today)
            rules.check_not_absurd(received.amount, standing.paid, invoice.gross)
            rules.check_not_above_due(received.amount, standing.due, received.surplus_meant)
            payment = Payment(
                document_id=invoice.id,
                amount=received.amount,
                method=received.method,
                received_on=received.received_on,
                reference=received.reference,
                recorded_at=now,
                recorded_by=by.display_name,
            )
            session.add(payment)
            session.flush()
            settle_submission(session, key, str(payment.id))
            _note(session, by, "payment.recorded", invoice, payment)
    return _standing(invoice_id, today)


def cancel_payment(payment_id: int, by: Identity, now: datetime, reason: str) -> Standing:
    """Marks a payment as a mistake; it stays in sight, its `reason` in the history.

    Raises PaymentAlreadyCancelled.
    """
    payment = queries.get_payment(payment_id)
    invoice = payment.document
    exhibitor = current_session().get_one(Exhibitor, invoice.exhibitor_id)
    with transaction(exhibitor, payment) as session:
        if payment.cancelled_at is not None:
            raise rules.PaymentAlreadyCancelled
        payment.cancelled_at = now
        _note(session, by, "payment.cancelled", invoice, payment, reason=reason)
    return _standing(invoice.id, local(now).date())


def _standing(invoice_id: int, today: date) -> Standing:
    current_session().expire_all()
    invoice = queries.get_document(invoice_id)
    return standing_of(invoice, queries.credit_notes_of(invoice.id), today)


def _note(
    session: Session,
    by: Identity,
    action: str,
    invoice: SalesDocument,
    payment: Payment,
    **more: str,
) -> None:
    write_entry(
        session,
        by,
        action,
        f"exhibitor:{invoice.exhibitor_id}",
        reference=invoice.reference,
        amount=str(payment.amount),
        method=payment.method.value,
        payment=payment.id,
        **more,
    )
