"""What is granted on lines of the price list, and what is refused: tables of cases."""

from decimal import Decimal

import pytest

from salon.billing.rules import negotiation as rules
from salon.exhibitors.engine.negotiation import FREE_LINE, Reduction, negotiated_lines
from salon.exhibitors.engine.pricing import PricedLine, line_of, totals
from salon.exhibitors.models import NegotiatedLine, PriceItem, PriceUnit


def item(code: str, price: str, rate: str = "20") -> PriceItem:
    return PriceItem(
        code=code,
        label=code.capitalize(),
        unit=PriceUnit.OPTION,
        unit_price=Decimal(price),
        vat_rate=Decimal(rate),
    )


STAND, CORNER, LUNCH = (
    item("stand", "120.00"),
    item("angle", "180.00"),
    item("repas", "22.73", "10"),
)
LINES = [line_of(STAND, 9), line_of(CORNER, 1), line_of(LUNCH, 3)]


def granted(price_item: PriceItem | None, price: str, **more: object) -> NegotiatedLine:
    values = {"quantity": None, "vat_rate": None, "label": "", **more}
    return NegotiatedLine(item=price_item, unit_price=Decimal(price), **values)


def shown(lines: list[PricedLine]) -> list[tuple[str, str, str]]:
    return [
        (line.label.replace("\u00a0", " "), str(line.unit_price), str(line.net)) for line in lines
    ]


AS_LISTED = [
    ("Stand", "120.00", "1080.00"),
    ("Angle", "180.00", "180.00"),
    ("Repas", "22.73", "68.19"),
]


@pytest.mark.parametrize(
    ("grants", "changed"),
    [
        ([], {}),
        (
            [granted(CORNER, "90.00")],
            {1: ("Angle, au lieu de 180,00 €", "90.00", "90.00")},
        ),
        ([granted(CORNER, "0.00")], {1: ("Angle, au lieu de 180,00 €", "0.00", "0.00")}),
        (
            [granted(STAND, "101.33"), granted(LUNCH, "20.46")],
            {
                0: ("Stand, au lieu de 120,00 €", "101.33", "911.97"),
                2: ("Repas, au lieu de 22,73 €", "20.46", "61.38"),
            },
        ),
        ([granted(CORNER, "180.00")], {}),
        ([granted(CORNER, "190.00")], {}),
        ([granted(item("eau", "190.00"), "10.00")], {}),
    ],
)
def test_a_line_is_charged_at_the_lower_price(
    grants: list[NegotiatedLine], changed: dict[int, tuple[str, str, str]]
) -> None:
    expected = [changed.get(rank, line) for rank, line in enumerate(AS_LISTED)]
    assert shown(negotiated_lines(LINES, grants)) == expected


def test_a_free_line_comes_after_those_of_the_list() -> None:
    sign = granted(
        None, "45.50", label="Enseigne", quantity=Decimal("1.50"), vat_rate=Decimal("5.50")
    )
    lines = negotiated_lines(LINES, [sign])
    assert shown(lines) == [*AS_LISTED, ("Enseigne", "45.50", "68.25")]
    assert (lines[-1].code, lines[-1].vat_rate) == (FREE_LINE, Decimal("5.50"))
    assert totals(lines).net == Decimal("1396.44")


@pytest.mark.parametrize(
    ("reduction", "list_price", "unit_price"),
    [
        (Reduction(Decimal("90.00")), "180.00", "90.00"),
        (Reduction(Decimal("0.00")), "180.00", "0.00"),
        (Reduction(percent_off=Decimal(15)), "180.00", "153.00"),
        (Reduction(percent_off=Decimal("12.5")), "22.73", "19.89"),
        (Reduction(percent_off=Decimal(50)), "0.05", "0.03"),
        (Reduction(percent_off=Decimal(100)), "180.00", "0.00"),
    ],
)
def test_a_reduction_gives_a_unit_price_in_cents(
    reduction: Reduction, list_price: str, unit_price: str
) -> None:
    assert str(reduction.applied_to(Decimal(list_price))) == unit_price


def test_what_may_be_granted() -> None:
    rules.check_no_invoice_stands(False)
    rules.check_something_falls(LINES)
    rules.check_not_withdrawn(False)
    with pytest.raises(rules.InvoiceKeepsPrices):
        rules.check_no_invoice_stands(True)
    with pytest.raises(rules.NothingLowered):
        rules.check_something_falls([])
    with pytest.raises(rules.GrantWithdrawn):
        rules.check_not_withdrawn(True)
