"""Lines and totals of a sales document, as it was issued. Pure; Decimal euros."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from salon.billing.models import SalesDocument, SalesLine
from salon.exhibitors.engine.pricing import ZERO, PricedLine, Totals, round_to_cent, totals
from salon.exhibitors.models import PriceUnit
from salon.platform.words.formats import percent

OWED = "DU"
"""Code of the lines of an invoice for a part of an order."""


def line_as_issued(line: SalesLine) -> PricedLine:
    """Return a line as it was issued."""
    return PricedLine(
        *(line.code, line.label, line.unit, line.quantity),
        *(line.unit_price, line.vat_rate, line.net),
    )


def columns_of(line: PricedLine) -> dict[str, Any]:
    """Return the columns of the row of a line."""
    return {name: value for name, value in vars(line).items() if name != "supply"}


def lines_of(document: SalesDocument) -> list[PricedLine]:
    return [line_as_issued(line) for line in document.lines]


def totals_of(document: SalesDocument) -> Totals:
    """Return the totals of the lines as they were issued."""
    total = totals(lines_of(document))
    if document.vat_by_rate is None:
        return total
    return with_vat(
        total, {Decimal(rate): Decimal(vat) for rate, vat in document.vat_by_rate.items()}
    )


def with_vat(total: Totals, vat_by_rate: dict[Decimal, Decimal]) -> Totals:
    """Return these totals with the VAT of each rate."""
    by_rate = tuple((rate, base, vat_by_rate[rate]) for rate, base, _ in total.by_rate)
    vat = sum(vat_by_rate.values(), ZERO)
    return replace(total, by_rate=by_rate, vat=vat, gross=total.net + vat)


def credited_totals(lines: Iterable[PricedLine], former_notes: Iterable[SalesDocument]) -> Totals:
    """Return the totals of the next credit note of an invoice.

    Its VAT is that of all that is credited by then, less that of the former notes: once every line
    of a rate is credited, the notes make the VAT of the invoice to the cent.
    """
    total = totals(lines)
    former = [part for note in former_notes for part in totals_of(note).by_rate]
    vat_by_rate = {}
    for rate, base, _ in total.by_rate:
        credited = sum((part[1] for part in former if part[0] == rate), base)
        taken = sum((part[2] for part in former if part[0] == rate), ZERO)
        vat_by_rate[rate] = max(round_to_cent(credited * rate / 100) - taken, ZERO)
    return with_vat(total, vat_by_rate)


def has_lines(document: SalesDocument, lines: Sequence[PricedLine]) -> bool:
    """Return whether a document sells these lines at these prices, whatever their VAT."""
    return [_price_of(line) for line in document.lines] == [_price_of(line) for line in lines]


def _price_of(line: SalesLine | PricedLine) -> tuple[str, str, Decimal, Decimal]:
    return line.code, line.label, line.quantity, line.unit_price


def part_of_order(order: SalesDocument, share: Decimal, label: str) -> list[PricedLine]:
    """Return one line per VAT rate for a share, in %, of the net amount of an order."""
    words = f"{label}, {percent(share)} de la commande {order.reference}"
    return [
        PricedLine(OWED, words, PriceUnit.OPTION, Decimal(1), part, rate, part)
        for rate, net, _ in totals_of(order).by_rate
        if (part := round_to_cent(net * share / 100))
    ]
