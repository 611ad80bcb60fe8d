"""Number and write a sales document.

The number is taken in the transaction that writes the document: a rollback gives it back, and two
issuers queue on the pessimistic lock of the series.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from salon.billing.engine.issued_lines import columns_of
from salon.billing.models import (
    NumberSeries,
    Sale,
    SalesDocument,
    SalesKind,
    SalesLine,
    SaleStatus,
)
from salon.billing.queries import sales as queries
from salon.billing.queries.buyers import references_of
from salon.billing.rules import sales as rules
from salon.exhibitors.engine.pricing import PricedLine, Totals, totals
from salon.exhibitors.models import Exhibitor
from salon.platform.database.clock_evidence import clock_doubt
from salon.platform.database.db import upsert
from salon.platform.settings.clock import local, real_now

LETTERS = {
    SalesKind.QUOTE: "D",
    SalesKind.ORDER: "C",
    SalesKind.INVOICE: "F",
    SalesKind.CREDIT_NOTE: "A",
}


def next_number(session: Session, series: str) -> int:
    """Return the next number of a series; its row stays locked until the transaction ends."""
    statement = (
        upsert(NumberSeries)
        .values(series=series, last=1)
        .on_conflict_do_update(index_elements=["series"], set_={"last": NumberSeries.last + 1})
        .returning(NumberSeries.last)
    )
    return int(session.execute(statement).scalar_one())


@dataclass(frozen=True)
class Draft:
    """A document without its number: `carried` are columns that its kind or its origin sets.

    `ranks`: those of the invoice's lines that a credit note takes back; `total`: its totals, None
    for those of the lines.
    """

    lines: Sequence[PricedLine]
    carried: dict[str, Any]
    ranks: Sequence[int] = ()
    total: Totals | None = None


def write_document(
    session: Session, exhibitor: Exhibitor, kind: SalesKind, draft: Draft, now: datetime
) -> SalesDocument:
    """Take the next number and write the document with its lines and totals.

    Raises ClockDoubtful, DateGoesBack.
    """
    plain_total, today = totals(draft.lines), local(now).date()
    total = draft.total or plain_total
    vat_by_rate = {str(rate): str(vat) for rate, _, vat in total.by_rate}
    rules.check_clock(clock_doubt(real_now()))
    series = f"{kind.value}-{today.year}"
    number = next_number(session, series)
    if kind in (SalesKind.INVOICE, SalesKind.CREDIT_NOTE):
        rules.check_dates_go_on(today, queries.latest_day_of(series))
    document = SalesDocument(
        edition_id=exhibitor.edition_id,
        exhibitor_id=exhibitor.id,
        kind=kind,
        series=series,
        number=number,
        reference=f"{LETTERS[kind]}-{today.year}-{number:04d}",
        issued_on=today,
        net=total.net,
        vat=total.vat,
        gross=total.gross,
        line_count=len(draft.lines),
        vat_by_rate=None if total == plain_total else vat_by_rate,
        created_at=now,
        **{**references_of(exhibitor), **draft.carried},
    )
    document.lines = [
        SalesLine(rank=rank, **columns_of(line))
        for rank, line in zip(
            draft.ranks or range(1, len(draft.lines) + 1), draft.lines, strict=True
        )
    ]
    session.add(document)
    session.flush()
    session.execute(upsert(Sale).values(exhibitor_id=exhibitor.id).on_conflict_do_nothing())
    return document


def set_status(
    session: Session, exhibitor_id: int, closed_at: datetime | None, payer_id: int | None = None
) -> None:
    """Close the sale of an exhibitor at that time; None opens it. `payer_id`: who pays for it."""
    status = SaleStatus.OPEN if closed_at is None else SaleStatus.CLOSED
    values = {"status": status, "closed_at": closed_at, "payer_id": payer_id}
    session.execute(
        upsert(Sale)
        .values(exhibitor_id=exhibitor_id, **values)
        .on_conflict_do_update(index_elements=["exhibitor_id"], set_=values)
    )
