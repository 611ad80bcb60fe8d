"""Lines and totals of a sales document, as it was issued. Pure; Decimal euros."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

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
        exhibitor_id=line.exhibitor_id,
        beneficiary=line.beneficiary,
    )


def columns_of(line: PricedLine) -> dict[str, object]:
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


Rates = dict[Decimal, tuple[Decimal, Decimal]]
"""The base and the VAT of each rate, in %."""


def rates_of(document: SalesDocument) -> Rates:
    return {rate: (base, vat) for rate, base, vat in totals_of(document).by_rate}


def rates_left(invoice: SalesDocument, notes: Iterable[SalesDocument]) -> Rates:
    """Return what credit notes leave of each rate of an invoice."""
    left = rates_of(invoice)
    for note in notes:
        for rate, (base, vat) in rates_of(note).items():
            left[rate] = (left[rate][0] - base, left[rate][1] - vat)
    return left


def credited_totals(
    lines: Iterable[PricedLine], invoice: SalesDocument, former_notes: Iterable[SalesDocument]
) -> Totals:
    """Return the totals of the next credit note of an invoice.

    Its VAT is that of all that is credited by then, less that of the former notes: once all of a
    rate is credited, the notes make the VAT of the invoice to the cent.
    """
    total, whole, left = totals(lines), rates_of(invoice), rates_left(invoice, former_notes)
    vat_by_rate = {}
    for rate, base, _ in total.by_rate:
        base_left, vat_left = left[rate]
        credited = round_to_cent((whole[rate][0] - base_left + base) * rate / 100)
        vat = max(credited - (whole[rate][1] - vat_left), ZERO)
        vat_by_rate[rate] = vat_left if base == base_left else min(vat, vat_left)
    return with_vat(total, vat_by_rate)


def has_lines(documents: Iterable[SalesDocument], lines: Iterable[PricedLine]) -> bool:
    """Return whether documents sell these lines at these prices, whatever their VAT."""
    sold = (line for document in documents for line in document.lines)
    return _quantities(sold) == _quantities(lines)


def _quantities(lines: Iterable[SalesLine | PricedLine]) -> dict[tuple[object, ...], Decimal]:
    """Return the quantity sold of each line at its price."""
    quantities: dict[tuple[object, ...], Decimal] = {}
    for line in lines:
        key = line.code, line.label, line.unit_price, line.exhibitor_id
        quantities[key] = quantities.get(key, ZERO) + line.quantity
    return quantities


def part_of_order(
    order: SalesDocument, share: Decimal, label: str, code: str = OWED
) -> list[PricedLine]:
    """Return one line per VAT rate for a share, in %, of the net amount of an order."""
    words = f"{label}, {percent(share)} de la commande {order.reference}"
    return [
        PricedLine(code, words, PriceUnit.OPTION, Decimal(1), part, rate, part)
        for rate, net, _ in totals_of(order).by_rate
        if (part := round_to_cent(net * share / 100))
    ]
