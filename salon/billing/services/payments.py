"""Receipts: recorded, allocated to invoices, cancelled, paid back; none is ever deleted.

Each act locks the exhibitor, whose invoices and receipts it reads again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from salon.billing.engine.ledger import balance_due
from salon.billing.engine.receipts import (
    Account,
    account_of,
    dues_of,
    left_of,
    paid_back,
    paid_by,
)
from salon.billing.models import (
    Allocation,
    LineOutcome,
    Payment,
    PaymentMethod,
    Refund,
    SalesDocument,
    SalesKind,
    StatementLine,
)
from salon.billing.queries import receipts as queries
from salon.billing.queries.sales import credit_notes_of, get_document, sales_of
from salon.billing.rules import receipts as rules
from salon.billing.rules.sales import NotAnInvoice
from salon.exhibitors.engine.pricing import ZERO
from salon.exhibitors.models import Exhibitor
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Identity
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import claim_submission, save_new_row
from salon.platform.settings.clock import local


@dataclass(frozen=True)
class ReceivedPayment:
    """A receipt as an organiser records it; `payer` "" for the buyer of the document.

    `pays`: the invoices that it pays first, in that order.
    """

    amount: Decimal
    method: PaymentMethod
    received_on: date
    reference: str = ""
    surplus_meant: bool = False
    payer: str = ""
    pays: Sequence[int] = ()


@dataclass(frozen=True)
class SentRefund:
    """A refund as an organiser records it, once the bank has sent it."""

    amount: Decimal
    method: PaymentMethod
    refunded_on: date
    reference: str = ""


def record_payment(
    document_id: int,
    received: ReceivedPayment,
    actor: Identity,
    now: datetime,
    key: str,
    content: Mapping[str, object],
    line: StatementLine | None = None,
) -> Account:
    """Record a receipt and let it pay what is due, that document first. Idempotent for one `key`.

    `document_id`: the invoice, quote or order that the money came for. `line`: that of the bank
    statement, which it settles. More than the amount due is
    recorded only when it is meant, and is in favour of the exhibitor. Raises NothingToPay,
    AmountRefused, PaymentDateRefused, AbsurdAmount, MoreThanDue,
    LineAlreadySettled.
    """
    rules.check_amount(received.amount)
    document = get_document(document_id)
    rules.check_can_be_paid(document.kind == SalesKind.CREDIT_NOTE)
    rules.check_payment_day(received.received_on, document.issued_on, local(now).date())
    exhibitor = current_session().get_one(Exhibitor, document.exhibitor_id)
    with transaction(exhibitor, *_rows(line)) as session:
        _check_waits(line)
        if claim_submission(session, key, {**content, "document": document.id}) is None:
            kept = sum(
                (row.amount - paid_back(row) for row in document.payments if not row.cancelled_at),
                ZERO,
            )
            first = [*received.pays, document.id]
            dues = sorted(
                dues_of(sales_of(exhibitor.id)),
                key=lambda due: first.index(due[0].id) if due[0].id in first else len(first),
            )
            owed = _account(exhibitor.id)
            total = owed.due + owed.to_recover
            rules.check_not_absurd(received.amount, kept, max(document.gross, total))
            rules.check_not_above_due(received.amount, total, received.surplus_meant)
            payment = Payment(
                document_id=document.id,
                amount=received.amount,
                method=received.method,
                received_on=received.received_on,
                payer=received.payer or document.buyer["name"],
                reference=received.reference,
                recorded_at=now,
                recorded_by=actor.display_name,
            )
            save_new_row(session, key, payment)
            settle(line, LineOutcome.RECORDED, actor, now, payment=payment)
            left = received.amount
            for invoice, due in dues:
                _allocate(session, payment, invoice, min(left, due), now)
                left -= min(left, due)
            _write_entry(session, actor, "payment.recorded", payment)
    return _account(exhibitor.id)


def allocate_payment(
    payment_id: int, invoice_id: int, amount: Decimal, actor: Identity, now: datetime
) -> Account:
    """Let a receipt pay an invoice of its exhibitor.

    Raises AmountRefused, NotAnInvoice, MoreThanLeft, MoreThanInvoiced.
    """
    rules.check_amount(amount)
    payment, invoice = queries.get_payment(payment_id), get_document(invoice_id)
    exhibitor = current_session().get_one(Exhibitor, payment.document.exhibitor_id)
    with transaction(exhibitor, payment) as session:
        if invoice.kind != SalesKind.INVOICE or invoice.exhibitor_id != exhibitor.id:
            raise NotAnInvoice
        rules.check_left(amount, left_of(payment))
        rules.check_can_allocate(amount, balance_due(invoice, credit_notes_of(invoice.id)))
        _allocate(session, payment, invoice, amount, now)
        details = {"reference": invoice.reference, "amount": str(amount)}
        _write_entry(session, actor, "payment.allocated", payment, **details)
    return _account(exhibitor.id)


def free_allocation(
    payment_id: int, invoice_id: int, actor: Identity, now: datetime, reason: str
) -> Account:
    """Free a receipt of an invoice that it pays by mistake: it is in favour of its exhibitor again.

    Raises NothingToFree.
    """
    payment, invoice = queries.get_payment(payment_id), get_document(invoice_id)
    exhibitor = current_session().get_one(Exhibitor, payment.document.exhibitor_id)
    with transaction(exhibitor, payment) as session:
        paid = paid_by(payment).get(invoice, ZERO)
        rules.check_can_free(paid)
        _allocate(session, payment, invoice, ZERO - paid, now)
        details = {"reference": invoice.reference, "amount": str(paid), "reason": reason}
        _write_entry(session, actor, "payment.freed", payment, **details)
    return _account(exhibitor.id)


def _allocate(
    session: Session, payment: Payment, invoice: SalesDocument, amount: Decimal, now: datetime
) -> None:
    """Write that a receipt pays an invoice; nothing for zero. A negative amount frees it."""
    if amount:
        session.add(Allocation(payment=payment, document=invoice, amount=amount, allocated_at=now))
        session.flush()


def free_surplus(session: Session, invoice: SalesDocument, now: datetime) -> None:
    """Free what was paid of an invoice above what its credit notes leave, the last paid first.

    For the act that issues a credit note, and holds the lock of the exhibitor.
    """
    notes = credit_notes_of(invoice.id)
    surplus = ZERO - balance_due(invoice, notes, is_signed=True)
    receipts = {allocation.payment for allocation in invoice.allocations}
    for payment in sorted(receipts, key=lambda payment: payment.id, reverse=True):
        freed = min(paid_by(payment).get(invoice, ZERO), max(surplus, ZERO))
        _allocate(session, payment, invoice, ZERO - freed, now)
        surplus -= freed


def cancel_payment(
    payment_id: int,
    actor: Identity,
    now: datetime,
    reason: str,
    cancelled_on: date | None = None,
    line: StatementLine | None = None,
) -> Account:
    """Cancel a receipt recorded by mistake or returned by the bank; it stays listed.

    What was paid back of it is then to recover. `cancelled_on`: the day of the bank, None for
    today. `line`: that of the bank statement which returns it. Raises PaymentAlreadyCancelled,
    CancelDateRefused, LineAlreadySettled.
    """
    payment, today = queries.get_payment(payment_id), local(now).date()
    rules.check_cancel_day(cancelled_on or today, payment.received_on, today)
    exhibitor = current_session().get_one(Exhibitor, payment.document.exhibitor_id)
    with transaction(exhibitor, payment, *_rows(line)) as session:
        _check_waits(line)
        rules.check_can_cancel(payment.cancelled_at is not None)
        settle(line, LineOutcome.RETURNED, actor, now, payment=payment)
        _cancel(payment, now, cancelled_on or today, reason)
        details = {"reason": reason, "cancelled_on": (cancelled_on or today).isoformat()}
        _write_entry(session, actor, "payment.cancelled", payment, **details)
    return _account(exhibitor.id)


def record_refund(
    payment_id: int,
    sent: SentRefund,
    actor: Identity,
    now: datetime,
    key: str,
    content: Mapping[str, object],
    line: StatementLine | None = None,
) -> Account:
    """Record what was paid back of a receipt, at most what it leaves. Idempotent for one `key`.

    `line`: that of the bank statement, which it settles. Raises AmountRefused, RefundDateRefused,
    MoreThanLeft, LineAlreadySettled.
    """
    rules.check_amount(sent.amount)
    payment = queries.get_payment(payment_id)
    rules.check_refund_day(sent.refunded_on, payment.received_on, local(now).date())
    exhibitor = current_session().get_one(Exhibitor, payment.document.exhibitor_id)
    with transaction(exhibitor, payment, *_rows(line)) as session:
        _check_waits(line)
        if claim_submission(session, key, {**content, "payment": payment.id}) is None:
            in_favour = _account(exhibitor.id).in_favour
            rules.check_left(sent.amount, min(left_of(payment), max(in_favour, ZERO)))
            refund = Refund(
                payment_id=payment.id,
                amount=sent.amount,
                method=sent.method,
                refunded_on=sent.refunded_on,
                reference=sent.reference,
                recorded_at=now,
                recorded_by=actor.display_name,
            )
            save_new_row(session, key, refund)
            settle(line, LineOutcome.REFUNDED, actor, now, refund=refund)
            details = {"amount": str(sent.amount), "method": sent.method.value}
            _write_entry(session, actor, "refund.recorded", payment, **details)
    return _account(exhibitor.id)


def cancel_refund(
    refund_id: int,
    actor: Identity,
    now: datetime,
    reason: str,
    cancelled_on: date | None = None,
    line: StatementLine | None = None,
) -> Account:
    """Cancel a refund recorded by mistake or returned by the bank; it stays listed.

    `cancelled_on`, `line`: as of `cancel_payment`. Raises RefundAlreadyCancelled,
    CancelDateRefused, LineAlreadySettled.
    """
    refund, today = queries.get_refund(refund_id), local(now).date()
    rules.check_cancel_day(cancelled_on or today, refund.refunded_on, today)
    exhibitor = current_session().get_one(Exhibitor, refund.payment.document.exhibitor_id)
    with transaction(exhibitor, refund, *_rows(line)) as session:
        _check_waits(line)
        if refund.cancelled_at is not None:
            raise rules.RefundAlreadyCancelled
        settle(line, LineOutcome.RETURNED, actor, now, refund=refund)
        _cancel(refund, now, cancelled_on or today, reason)
        day = (cancelled_on or today).isoformat()
        details = {"amount": str(refund.amount), "reason": reason, "cancelled_on": day}
        _write_entry(session, actor, "refund.cancelled", refund.payment, **details)
    return _account(exhibitor.id)


def _cancel(money: Payment | Refund, now: datetime, cancelled_on: date, reason: str) -> None:
    money.cancelled_at, money.cancelled_on, money.cancel_reason = now, cancelled_on, reason


def settle(
    line: StatementLine | None,
    outcome: LineOutcome,
    actor: Identity,
    now: datetime,
    *,
    payment: Payment | None = None,
    refund: Refund | None = None,
) -> None:
    """Say what a line of a statement is, within the caller's transaction; nothing without line."""
    if line is not None:
        line.outcome, line.payment, line.refund = outcome, payment, refund
        line.settled_at, line.settled_by = now, actor.display_name


def _rows(line: StatementLine | None) -> list[StatementLine]:
    return [] if line is None else [line]


def _check_waits(line: StatementLine | None) -> None:
    if line is not None:
        rules.check_line_waits(line.settled_by, is_settled=line.settled_at is not None)


def _account(exhibitor_id: int) -> Account:
    current_session().expire_all()
    return account_of(sales_of(exhibitor_id), queries.receipts_of(exhibitor_id))


def _write_entry(
    session: Session, actor: Identity, action: str, payment: Payment, **details: str
) -> None:
    document = get_document(payment.document_id)
    words = {
        "reference": document.reference,
        "amount": str(payment.amount),
        "method": payment.method.value,
        **details,
    }
    subject = f"exhibitor:{document.exhibitor_id}"
    write_entry(session, actor, action, subject, payment=payment.id, **words)
