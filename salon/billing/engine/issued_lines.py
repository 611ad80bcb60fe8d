"""Lines and totals of a sales document, as it was issued. Pure; Decimal euros."""

from decimal import Decimal

from salon.billing.models import SalesDocument, SalesLine
from salon.exhibitors.engine.pricing import PricedLine, Totals, round_to_cent, totals
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


def lines_of(document: SalesDocument) -> list[PricedLine]:
    return [line_as_issued(line) for line in document.lines]


def totals_of(document: SalesDocument) -> Totals:
    """Return the totals of the lines as they were issued."""
    return totals(lines_of(document))


def part_of_order(order: SalesDocument, share: Decimal, label: str) -> list[PricedLine]:
    """Return one line per VAT rate for a share, in %, of the net amount of an order."""
    words = f"{label}, {percent(share)} de la commande {order.reference}"
    return [
        PricedLine(OWED, words, PriceUnit.OPTION, Decimal(1), part, rate, part)
        for rate, net, _ in totals_of(order).by_rate
        if (part := round_to_cent(net * share / 100))
    ]
