"""What an organiser grants to one exhibitor, on lines of the price list. Pure; Decimal euros.

A reduction is a lower unit price, never a negative line: each line of an invoice then has a price,
a rate and a net amount of its own (EN 16931, BR-27).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from salon.exhibitors.engine.pricing import PricedLine, round_to_cent
from salon.exhibitors.models import NegotiatedLine, PriceUnit
from salon.platform.words.formats import euros

FREE_LINE = "LIBRE"
"""Code of the lines that no price of the list gives."""


@dataclass(frozen=True)
class Reduction:
    """A new unit price, or some per cent off the price of the list."""

    amount: Decimal | None = None
    percent_off: Decimal = Decimal(0)

    def applied_to(self, list_price: Decimal) -> Decimal:
        if self.amount is not None:
            return self.amount
        return round_to_cent(list_price * (100 - self.percent_off) / 100)


def negotiated_lines(
    lines: Sequence[PricedLine], granted: Iterable[NegotiatedLine]
) -> list[PricedLine]:
    """Return the lines of the price list at the prices granted, then the free lines.

    `granted`: those that were not withdrawn. What no line has is left out.
    """
    prices, free_lines = {}, []
    for row in granted:
        if row.item is None:
            free_lines.append(_free_line(row))
        else:
            prices[row.item.code] = row.unit_price
    return [_lowered(line, prices.get(line.code)) for line in lines] + free_lines


def _lowered(line: PricedLine, unit_price: Decimal | None) -> PricedLine:
    """Return the line at a granted price, unless the list has become as low."""
    if unit_price is None or unit_price >= line.unit_price:
        return line
    return replace(
        line,
        label=f"{line.label}, au lieu de {euros(line.unit_price)}",
        unit_price=unit_price,
        net=round_to_cent(line.quantity * unit_price),
    )


def _free_line(row: NegotiatedLine) -> PricedLine:
    quantity, vat_rate = row.quantity or Decimal(0), row.vat_rate or Decimal(0)
    return PricedLine(
        FREE_LINE,
        row.label,
        PriceUnit.OPTION,
        quantity,
        row.unit_price,
        vat_rate,
        round_to_cent(quantity * row.unit_price),
        row.supply,
    )
