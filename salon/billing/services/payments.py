"""Receipts: recorded, allocated to invoices, cancelled, paid back; none is ever deleted.

Each act locks the exhibitor, whose invoices and receipts it reads again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from salon.billing.actions import BillingAction
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
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.journal import JournalAction, write_entry
from salon.platform.database.submissions import claim_submission, save_new_row, settle_submission
from salon.platform.settings.clock import local


@dataclass(frozen=True)
class ReceivedPayment:
    """A receipt as an organiser records it; `payer` "" for the buyer of the document.

    `pays`: the invoices that it pays first, in that order, of one exhibitor or of several.
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
    act: Act,
    document_id: int,
    received: ReceivedPayment,
    key: str,
    content: Mapping[str, object],
    line: StatementLine | None = None,
) -> Account:
    """Record a receipt and let it pay what is due, that document first. Idempotent for one `key`.

    `document_id`: the invoice, quote or order that the money came for. `line`: that of the bank
    statement, which it settles. Where `received.pays` has invoices of several exhibitors, it is a
    part for each, in that order, and nothing else of theirs is paid. More than the amount due is
    recorded only when it is meant, and is in favour of the first exhibitor. Raises NothingToPay,
    AmountRefused, PaymentDateRefused, AbsurdAmount, MoreThanDue, LineAlreadySettled.
    """
    rules.check_amount(received.amount)
    first = [document_id, *received.pays]
    documents: dict[int, SalesDocument] = {}
    for document in map(get_document, first):
        rules.check_can_be_paid(document.kind == SalesKind.CREDIT_NOTE)
        rules.check_payment_day(received.received_on, document.issued_on, local(act.now).date())
        documents.setdefault(document.exhibitor_id, document)
    exhibitors = [current_session().get_one(Exhibitor, row_id) for row_id in documents]
    with act.transaction(*exhibitors, *_rows(line)) as session:
        _check_waits(line)
        if claim_submission(session, key, {**content, "document": document_id}) is None:
            parts: list[Payment] = []
            for document, amount in _shares(documents, received, [*received.pays, document_id]):
                payment = _receive(act, session, document, amount, received, parts)
                parts.append(payment)
            settle_submission(session, key, str(parts[0].id))
            settle(act, line, LineOutcome.RECORDED, payment=parts[0])
    return _account(*documents)


def _shares(
    documents: Mapping[int, SalesDocument], received: ReceivedPayment, named: Sequence[int]
) -> list[tuple[SalesDocument, Decimal]]:
    """Return what each exhibitor gets of a receipt: all of it, or what it owes of those named.

    `documents`: what the money came for, by exhibitor. Raises AbsurdAmount, MoreThanDue.
    """
    owed = []
    for exhibitor_id in documents:
        account = _account(exhibitor_id)
        dues = dues_of(sales_of(exhibitor_id))
        if len(documents) > 1:
            owed.append(sum((due for invoice, due in dues if invoice.id in named), ZERO))
        else:
            owed.append(account.due + account.to_recover)
    left, shares = received.amount, []
    for amount in owed:
        shares.append(min(left, amount))
        left -= shares[-1]
    shares[0] += left
    for document, amount, share in zip(documents.values(), owed, shares, strict=True):
        standing = (row for row in document.payments if not row.cancelled_at)
        kept = sum((row.amount - paid_back(row) for row in standing), ZERO)
        if share:
            rules.check_not_absurd(share, kept, max(document.gross, amount))
    rules.check_not_above_due(received.amount, sum(owed, ZERO), received.surplus_meant)
    return [pair for pair in zip(documents.values(), shares, strict=True) if pair[1]]


def _receive(
    act: Act,
    session: Session,
    document: SalesDocument,
    amount: Decimal,
    received: ReceivedPayment,
    parts: Sequence[Payment],
) -> Payment:
    """Write a receipt, after the first `parts` of the same money, and let it pay what is due."""
    first = [*received.pays, document.id]
    dues = sorted(
        dues_of(sales_of(document.exhibitor_id)),
        key=lambda due: first.index(due[0].id) if due[0].id in first else len(first),
    )
    payment = Payment(
        document_id=document.id,
        amount=amount,
        method=received.method,
        received_on=received.received_on,
        payer=received.payer or (parts[0].payer if parts else document.buyer["name"]),
        reference=received.reference,
        recorded_at=act.now,
        recorded_by=act.actor.display_name,
        first_part=parts[0] if parts else None,
    )
    session.add(payment)
    session.flush()
    left = amount
    for invoice, due in dues:
        _allocate(session, payment, invoice, min(left, due), act.now)
        left -= min(left, due)
    _write_entry(act, session, BillingAction.PAYMENT_RECORDED, payment)
    return payment


def allocate_payment(act: Act, payment_id: int, invoice_id: int, amount: Decimal) -> Account:
    """Let a receipt pay an invoice of its exhibitor.

    Raises AmountRefused, NotAnInvoice, MoreThanLeft, MoreThanInvoiced.
    """
    rules.check_amount(amount)
    payment, invoice = queries.get_payment(payment_id), get_document(invoice_id)
    exhibitor = current_session().get_one(Exhibitor, payment.document.exhibitor_id)
    with act.transaction(exhibitor, payment) as session:
        if invoice.kind != SalesKind.INVOICE or invoice.exhibitor_id != exhibitor.id:
            raise NotAnInvoice
        rules.check_left(amount, left_of(payment))
        rules.check_can_allocate(amount, balance_due(invoice, credit_notes_of(invoice.id)))
        _allocate(session, payment, invoice, amount, act.now)
        details = {"reference": invoice.reference, "amount": str(amount)}
        _write_entry(act, session, BillingAction.PAYMENT_ALLOCATED, payment, **details)
    return _account(exhibitor.id)


def free_allocation(act: Act, payment_id: int, invoice_id: int, reason: str) -> Account:
    """Free a receipt of an invoice that it pays by mistake: it is in favour of its exhibitor again.

    Raises NothingToFree.
    """
    payment, invoice = queries.get_payment(payment_id), get_document(invoice_id)
    exhibitor = current_session().get_one(Exhibitor, payment.document.exhibitor_id)
    with act.transaction(exhibitor, payment) as session:
        paid = paid_by(payment).get(invoice, ZERO)
        rules.check_can_free(paid)
        _allocate(session, payment, invoice, ZERO - paid, act.now)
        details = {"reference": invoice.reference, "amount": str(paid), "reason": reason}
        _write_entry(act, session, BillingAction.PAYMENT_FREED, payment, **details)
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
    act: Act,
    payment_id: int,
    reason: str,
    cancelled_on: date | None = None,
    line: StatementLine | None = None,
) -> Account:
    """Cancel a receipt recorded by mistake or returned by the bank; it stays listed.

    The other parts of the same money are cancelled with it. What was paid back of it is then to
    recover. `cancelled_on`: the day of the bank, None for today. `line`: that of the bank statement
    which returns it. Raises PaymentAlreadyCancelled, CancelDateRefused, LineAlreadySettled.
    """
    parts, today = queries.get_payment(payment_id).parts, local(act.now).date()
    cancelled_on = cancelled_on or today
    rules.check_cancel_day(cancelled_on, parts[0].received_on, today)
    exhibitors = {part.document.exhibitor for part in parts}
    with act.transaction(*exhibitors, *parts, *_rows(line)) as session:
        _check_waits(line)
        rules.check_can_cancel(parts[0].cancelled_at is not None)
        settle(act, line, LineOutcome.RETURNED, payment=parts[0])
        details = {"reason": reason, "cancelled_on": cancelled_on.isoformat()}
        for part in parts:
            _cancel(part, act.now, cancelled_on, reason)
            _write_entry(act, session, BillingAction.PAYMENT_CANCELLED, part, **details)
    return _account(*(exhibitor.id for exhibitor in exhibitors))


def record_refund(
    act: Act,
    payment_id: int,
    sent: SentRefund,
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
    rules.check_refund_day(sent.refunded_on, payment.received_on, local(act.now).date())
    exhibitor = current_session().get_one(Exhibitor, payment.document.exhibitor_id)
    with act.transaction(exhibitor, payment, *_rows(line)) as session:
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
                recorded_at=act.now,
                recorded_by=act.actor.display_name,
            )
            save_new_row(session, key, refund)
            settle(act, line, LineOutcome.REFUNDED, refund=refund)
            details = {"amount": str(sent.amount), "method": sent.method.value}
            _write_entry(act, session, BillingAction.REFUND_RECORDED, payment, **details)
    return _account(exhibitor.id)


def cancel_refund(
    act: Act,
    refund_id: int,
    reason: str,
    cancelled_on: date | None = None,
    line: StatementLine | None = None,
) -> Account:
    """Cancel a refund recorded by mistake or returned by the bank; it stays listed.

    `cancelled_on`, `line`: as of `cancel_payment`. Raises RefundAlreadyCancelled,
    CancelDateRefused, LineAlreadySettled.
    """
    refund, today = queries.get_refund(refund_id), local(act.now).date()
    rules.check_cancel_day(cancelled_on or today, refund.refunded_on, today)
    exhibitor = current_session().get_one(Exhibitor, refund.payment.document.exhibitor_id)
    with act.transaction(exhibitor, refund, *_rows(line)) as session:
        _check_waits(line)
        if refund.cancelled_at is not None:
            raise rules.RefundAlreadyCancelled
        settle(act, line, LineOutcome.RETURNED, refund=refund)
        _cancel(refund, act.now, cancelled_on or today, reason)
        day = (cancelled_on or today).isoformat()
        details = {"amount": str(refund.amount), "reason": reason, "cancelled_on": day}
        _write_entry(act, session, BillingAction.REFUND_CANCELLED, refund.payment, **details)
    return _account(exhibitor.id)


def _cancel(money: Payment | Refund, now: datetime, cancelled_on: date, reason: str) -> None:
    money.cancelled_at, money.cancelled_on, money.cancel_reason = now, cancelled_on, reason


def settle(
    act: Act,
    line: StatementLine | None,
    outcome: LineOutcome,
    *,
    payment: Payment | None = None,
    refund: Refund | None = None,
) -> None:
    """Say what a line of a statement is, within the caller's transaction; nothing without line."""
    if line is not None:
        line.outcome, line.payment, line.refund = outcome, payment, refund
        line.settled_at, line.settled_by = act.now, act.actor.display_name


def _rows(line: StatementLine | None) -> list[StatementLine]:
    return [] if line is None else [line]


def _check_waits(line: StatementLine | None) -> None:
    if line is not None:
        rules.check_line_waits(line.settled_by, is_settled=line.settled_at is not None)


def _account(*exhibitor_ids: int) -> Account:
    """Return the account of an exhibitor, or of several together."""
    current_session().expire_all()
    accounts = [
        account_of(sales_of(row_id), queries.receipts_of(row_id)) for row_id in exhibitor_ids
    ]
    due = sum((account.due for account in accounts), ZERO)
    return Account(due, sum((account.in_favour for account in accounts), ZERO))


def _write_entry(
    act: Act, session: Session, action: JournalAction, payment: Payment, **details: str
) -> None:
    document = get_document(payment.document_id)
    words = {
        "reference": document.reference,
        "amount": str(payment.amount),
        "method": payment.method.value,
        **details,
    }
    subject = f"exhibitor:{document.exhibitor_id}"
    write_entry(session, act.actor, action, subject, payment=payment.id, **words)
