"""What is left of an order to sell, to invoice, to credit, line by line. Pure; Decimal euros.

A deposit is an invoice of its own (UNTDID 1001, code 386). The invoice of its order has every line,
then the deposit, a line with a negative quantity for each rate: its total is what is still asked,
in EN 16931 (BR-CO-10 to 17), in the books and in VAT alike, which is due for a service when the
deposit is received (CGI, art. 269, 2, c; art. 289, I, 1, c for its invoice).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from salon.billing.engine.issued_lines import (
    line_as_issued,
    part_of_order,
    rates_left,
    with_vat,
)
from salon.billing.models import DEPOSIT, SalesDocument, SalesLine
from salon.exhibitors.engine.negotiation import FREE_LINE
from salon.exhibitors.engine.pricing import PricedLine, Totals, round_to_cent, totals
from salon.exhibitors.models import PriceUnit
from salon.platform.words.formats import day


@dataclass(frozen=True)
class Part:
    """A part of a line to credit: a quantity of it, or an amount without tax."""

    quantity: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True)
class LinePart:
    """A part of the line of these ranks, which must be one."""

    ranks: Collection[int]
    part: Part


def lines_beyond(lines: Iterable[PricedLine], others: Iterable[PricedLine]) -> list[PricedLine]:
    """Return what lines have more than others: charged and not sold yet, or the other way round.

    A line is known by its code and whom it is for, a free line by its label too, whatever their
    prices.
    """
    quantities: defaultdict[tuple[object, ...], Decimal] = defaultdict(Decimal)
    for line in others:
        quantities[_key(line)] += line.quantity
    beyond = []
    for line in lines:
        taken = min(line.quantity, quantities[_key(line)])
        quantities[_key(line)] -= taken
        if taken < line.quantity:
            beyond.append(_of_quantity(line, line.quantity - taken))
    return beyond


def _key(line: PricedLine) -> tuple[object, ...]:
    return line.code, line.label if line.code == FREE_LINE else "", line.exhibitor_id


def _of_quantity(line: PricedLine, quantity: Decimal) -> PricedLine:
    if quantity == line.quantity:
        return line
    return replace(line, quantity=quantity, net=round_to_cent(quantity * line.unit_price))


def deposit_lines(order: SalesDocument, percent: int) -> list[PricedLine]:
    """Return the lines of the deposit of an order: one for each rate."""
    return part_of_order(order, Decimal(percent), "Acompte", code=DEPOSIT)


def with_deposit_deducted(
    lines: Sequence[PricedLine], deposit: SalesDocument, notes: Sequence[SalesDocument]
) -> tuple[list[PricedLine], Totals]:
    """Return these lines with what is left of their deposit deducted, and their totals.

    The VAT of each rate is that of the lines less that of the deposit: both make it to the cent.
    """
    left = rates_left(deposit, notes)
    words = f"Acompte déduit, facture {deposit.reference} du {day(deposit.issued_on)}"
    deducted = [
        PricedLine(DEPOSIT, words, PriceUnit.OPTION, Decimal(-1), base, rate, -base)
        for rate, (base, _) in left.items()
        if base
    ]
    whole = {rate: vat for rate, _, vat in totals(lines).by_rate}
    total = totals([*lines, *deducted])
    vat_by_rate = {
        rate: whole[rate] - (left[rate][1] if rate in left else 0) for rate, _, _ in total.by_rate
    }
    return [*lines, *deducted], with_vat(total, vat_by_rate)


def lines_left(invoice: SalesDocument, notes: Iterable[SalesDocument]) -> dict[int, PricedLine]:
    """Return what credit notes leave of the lines of an invoice, by rank; none of what they took.

    A line of which an amount was credited is one unit of what is left.
    """
    credited = [line for note in notes for line in note.lines]
    left = {}
    for line in invoice.lines:
        taken = [credit for credit in credited if credit.rank == line.rank]
        if part := _left(line, taken):
            left[line.rank] = part
    return left


def _left(line: SalesLine, taken: Sequence[SalesLine]) -> PricedLine | None:
    whole = line_as_issued(line)
    if not taken:
        return whole
    net = line.net - sum(credit.net for credit in taken)
    if not net:
        return None
    quantity = line.quantity - sum(
        credit.quantity for credit in taken if credit.unit_price == line.unit_price
    )
    if quantity > 0 and round_to_cent(quantity * line.unit_price) == net:
        return replace(whole, quantity=quantity, net=net)
    return _amount_of(whole, net)


def _amount_of(line: PricedLine, amount: Decimal) -> PricedLine:
    return replace(line, quantity=Decimal(1), unit_price=amount, net=amount)


def part_of_line(line: PricedLine, part: Part) -> PricedLine:
    """Return a part of what is left of a line; the line itself where nothing of it would be."""
    if part.amount is not None:
        return line if part.amount == line.net else _amount_of(line, part.amount)
    return _of_quantity(line, part.quantity or line.quantity)
