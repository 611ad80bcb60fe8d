"""Lines and totals of a sales document, as it was issued. Pure; Decimal euros."""

from salon.billing.models import SalesDocument, SalesLine
from salon.exhibitors.engine.pricing import PricedLine, Totals, totals


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
