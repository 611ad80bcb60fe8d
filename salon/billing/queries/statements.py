"""Lines of bank statements: those that wait, those settled, and what they may be."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from salon.billing.engine.bank_matching import ExhibitorSales, Proposal, proposals
from salon.billing.models import Allocation, Payment, Refund, SalesDocument, StatementLine
from salon.billing.queries.sales import PAID
from salon.exhibitors.engine.pricing import ZERO
from salon.fair.models import Edition
from salon.platform.database.db import current_session

MOST_SHOWN = 100
WAITS = StatementLine.settled_at.is_(None)


@dataclass(frozen=True)
class LineCount:
    """A number of lines, and their credits in euros."""

    lines: int = 0
    credits: Decimal = ZERO


def waiting_lines(edition: Edition) -> Sequence[StatementLine]:
    """Return the first MOST_SHOWN lines that wait, the oldest first."""
    statement = (
        select(StatementLine)
        .where(StatementLine.edition_id == edition.id, WAITS)
        .order_by(StatementLine.booked_on, StatementLine.id)
    )
    return current_session().scalars(statement.limit(MOST_SHOWN)).all()


def settled_lines(edition: Edition) -> Sequence[StatementLine]:
    """Return the last MOST_SHOWN lines settled, the last first, with their documents."""
    document = joinedload(Payment.document).joinedload(SalesDocument.exhibitor)
    statement = (
        select(StatementLine)
        .where(StatementLine.edition_id == edition.id, ~WAITS)
        .options(
            joinedload(StatementLine.payment).options(
                document, selectinload(Payment.other_parts).options(document)
            ),
            joinedload(StatementLine.refund).joinedload(Refund.payment).options(document),
        )
        .order_by(StatementLine.settled_at.desc(), StatementLine.id.desc())
    )
    return current_session().scalars(statement.limit(MOST_SHOWN)).all()


def counts_of(edition: Edition) -> tuple[LineCount, LineCount]:
    """Return the lines that wait, and those settled."""
    is_credit = StatementLine.amount > 0
    statement = (
        select(WAITS, func.count(), func.sum(StatementLine.amount).filter(is_credit))
        .where(StatementLine.edition_id == edition.id)
        .group_by(WAITS)
    )
    counts = {
        bool(waits): LineCount(count, Decimal(str(amount or 0)).quantize(ZERO))
        for waits, count, amount in current_session().execute(statement)
    }
    return counts.get(True, LineCount()), counts.get(False, LineCount())


def get_line(line_id: int) -> StatementLine:
    return current_session().get_one(StatementLine, line_id)


def exhibitor_sales(edition: Edition) -> list[ExhibitorSales]:
    """Return the sales of each exhibitor of an edition that has a document."""
    statement = (
        select(SalesDocument)
        .where(SalesDocument.edition_id == edition.id)
        .options(PAID, joinedload(SalesDocument.exhibitor))
        .order_by(SalesDocument.exhibitor_id, SalesDocument.id.desc())
    )
    documents: defaultdict[int, list[SalesDocument]] = defaultdict(list)
    for document in current_session().scalars(statement):
        documents[document.exhibitor_id].append(document)
    receipts = (
        select(Payment)
        .join(Payment.document)
        .where(SalesDocument.edition_id == edition.id)
        .options(
            joinedload(Payment.document),
            selectinload(Payment.allocations).joinedload(Allocation.document),
            selectinload(Payment.refunds),
            selectinload(Payment.other_parts),
        )
        .order_by(Payment.id)
    )
    payments: defaultdict[int, list[Payment]] = defaultdict(list)
    for payment in current_session().scalars(receipts):
        payments[payment.document.exhibitor_id].append(payment)
    return [
        ExhibitorSales.of(of_exhibitor, payments[exhibitor_id])
        for exhibitor_id, of_exhibitor in documents.items()
    ]


def proposals_for(
    edition: Edition, lines: Sequence[StatementLine], sales: Sequence[ExhibitorSales]
) -> dict[StatementLine, list[Proposal]]:
    """Return what each line may be."""
    linked = select(StatementLine.payment_id, StatementLine.refund_id).where(
        StatementLine.edition_id == edition.id, ~WAITS
    )
    pairs = current_session().execute(linked).all()
    payment_ids = {payment_id for payment_id, _ in pairs}
    refund_ids = {refund_id for _, refund_id in pairs}
    payments = [payment for exhibitor in sales for payment in exhibitor.payments]
    settled = {payment for payment in payments if payment.id in payment_ids} | {
        refund for payment in payments for refund in payment.refunds if refund.id in refund_ids
    }
    return {line: proposals(line, sales, settled) for line in lines}
