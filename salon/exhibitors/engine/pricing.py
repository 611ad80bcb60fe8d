"""The price of a stand: lines of the price list, and their totals. Pure; Decimal euros only.

Sources: CGI, annexe II, art. 242 nonies A, I, 8° to 10° (quantity, unit price without tax and rate
of each line; total without tax and tax by rate), and EN 16931, BR-CO-10, BR-CO-13 to BR-CO-17,
which the structured invoice is checked against. Rule chosen: the net amount of each line is rounded
to the cent; VAT is computed once per rate, on the sum of the rounded lines, and rounded to the
cent. Half a cent goes away from zero (ROUND_HALF_UP). A credit note of a whole invoice has its
lines, hence its totals; several credit notes of parts take back the same net and the same VAT to
the cent: each has the VAT of all that is credited by then, less that of those before it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from salon.exhibitors.models import Exhibitor, PriceItem, PriceUnit, Supply
from salon.exhibitors.models.prices import full_label

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
STANDARD = "standard"


@dataclass(frozen=True)
class PricedLine:
    """A line of a quote, order, invoice or credit note. `vat_rate` in %, `net` in cents exactly.

    `exhibitor_id`: the member of a pavilion that it is for; `beneficiary` names it and its stand.
    """

    code: str
    label: str
    unit: PriceUnit
    quantity: Decimal
    unit_price: Decimal
    vat_rate: Decimal
    net: Decimal
    supply: Supply = Supply.STAND
    exhibitor_id: int | None = None
    beneficiary: str = ""

    @property
    def full_label(self) -> str:
        return full_label(self.beneficiary, self.label)


@dataclass(frozen=True)
class Totals:
    """`by_rate`: (rate in %, base, VAT), highest rate first."""

    net: Decimal
    by_rate: tuple[tuple[Decimal, Decimal, Decimal], ...]
    vat: Decimal
    gross: Decimal


def round_to_cent(amount: Decimal) -> Decimal:
    """Return the amount rounded to the cent, half a cent away from zero; never « -0.00 »."""
    return amount.quantize(CENT, ROUND_HALF_UP) + ZERO


def line_of(item: PriceItem, quantity: Decimal | int) -> PricedLine:
    """Return the line for a quantity of an item, its net amount rounded to the cent."""
    count = Decimal(quantity)
    return PricedLine(
        item.code,
        item.label,
        item.unit,
        count,
        item.unit_price,
        item.vat_rate,
        round_to_cent(count * item.unit_price),
        item.supply,
    )


def price_lines(
    exhibitor: Exhibitor,
    items: Sequence[PriceItem],
    category: str = STANDARD,
    is_corner: bool | None = None,
) -> list[PricedLine]:
    """Return the lines charged to an exhibitor, in the order of the price list.

    `is_corner` is None while it has no stand: its wish then counts. The power lines cover what was
    asked. A stand has the smallest flat price that holds it, else is paid by the m²; a pavilion
    (0 m²) pays no surface. Retired prices are left out, except those of options.
    """
    live = [item for item in items if item.retired_at is None]
    corner = exhibitor.wants_corner if is_corner is None else is_corner
    lines: list[PricedLine] = []
    if exhibitor.area > 0:
        lines += _stand_lines(live, category, exhibitor.area)
    if corner:
        lines += _priced(_first(live, PriceUnit.CORNER), 1)
    for item, count in connections(live, exhibitor.power_kw):
        lines.append(line_of(item, count))
    if exhibitor.wants_water:
        lines += _priced(_first(live, PriceUnit.WATER), 1)
    if exhibitor.co_exhibitors:
        lines += _priced(_first(live, PriceUnit.CO_EXHIBITOR), len(exhibitor.co_exhibitors))
    options = sorted(exhibitor.options, key=lambda option: (option.item.rank, option.item.id or 0))
    return lines + [
        line_of(option.item, option.quantity) for option in options if option.quantity > 0
    ]


def connections(items: Iterable[PriceItem], power_kw: int) -> list[tuple[PriceItem, int]]:
    """Return the smallest connection that gives `power_kw`; beyond the largest, several."""
    offered = sorted(
        (item for item in items if item.unit == PriceUnit.POWER and item.power_kw > 0),
        key=lambda item: (item.power_kw, item.unit_price),
    )
    if power_kw <= 0 or not offered:
        return []
    full_connections, remaining_kw = divmod(power_kw, offered[-1].power_kw)
    chosen_connections = [(offered[-1], full_connections)] if full_connections else []
    if remaining_kw:
        sufficient_item = next(item for item in offered if item.power_kw >= remaining_kw)
        if chosen_connections and sufficient_item is chosen_connections[0][0]:
            return [(sufficient_item, full_connections + 1)]
        chosen_connections.append((sufficient_item, 1))
    return chosen_connections


def totals(lines: Iterable[PricedLine]) -> Totals:
    """Return net, VAT by rate and gross of these lines, by the rule at the head of this file."""
    bases: dict[Decimal, Decimal] = {}
    for line in lines:
        bases[line.vat_rate] = bases.get(line.vat_rate, ZERO) + line.net
    by_rate = tuple(
        (rate, bases[rate], round_to_cent(bases[rate] * rate / 100))
        for rate in sorted(bases, reverse=True)
    )
    net = sum((base for _, base, _ in by_rate), ZERO)
    vat = sum((tax for _, _, tax in by_rate), ZERO)
    return Totals(net, by_rate, vat, net + vat)


def _stand_lines(items: Sequence[PriceItem], category: str, area: int) -> list[PricedLine]:
    """Return the line of a stand, by the prices of its category, else by the first of a m²."""
    by_area = [item for item in items if item.unit == PriceUnit.AREA]
    flat = sorted(
        (item for item in items if item.is_flat and item.maximum >= area),
        key=lambda item: item.maximum,
    )
    for candidate in (category, "", STANDARD):
        for item in (*flat, *by_area):
            if item.price_category == candidate:
                return [line_of(item, 1 if item.is_flat else area)]
    return _priced(next(iter(by_area), None), area)


def _first(items: Sequence[PriceItem], unit: PriceUnit) -> PriceItem | None:
    return next((item for item in items if item.unit == unit), None)


def _priced(item: PriceItem | None, quantity: int) -> list[PricedLine]:
    return [] if item is None else [line_of(item, quantity)]
