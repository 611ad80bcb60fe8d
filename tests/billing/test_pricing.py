"""The price of a stand: tables of cases, and properties that hold for any prices."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salon.exhibitors.engine.pricing import (
    CENT,
    ZERO,
    PricedLine,
    connections,
    line_of,
    price_lines,
    round_to_cent,
    totals,
)
from salon.exhibitors.models import CoExhibitor, Exhibitor, PriceItem, PriceUnit, WantedOption
from salon.platform.settings.clock import now
from salon.platform.words.amounts import AmountUnreadable, read_amount, typed_amount


def item(code: str, unit: PriceUnit, price: str, **more: object) -> PriceItem:
    values = {"vat_rate": Decimal(20), "price_category": "", "power_kw": 0, "rank": 0, **more}
    return PriceItem(code=code, label=code, unit=unit, unit_price=Decimal(price), **values)


SQUARE = item("m2", PriceUnit.AREA, "120.00", price_category="standard")
PREMIUM = item("allee", PriceUnit.AREA, "150.00", price_category="premium")
CORNER = item("angle", PriceUnit.CORNER, "180.00")
WATER = item("eau", PriceUnit.WATER, "190.00")
FRIEND = item("co", PriceUnit.CO_EXHIBITOR, "150.00")
POWERS = [item(f"kw{kw}", PriceUnit.POWER, f"{kw * 40}", power_kw=kw) for kw in (6, 3, 9)]
LIST = [SQUARE, PREMIUM, CORNER, *POWERS, WATER, FRIEND]


def exhibitor(**overrides: object) -> Exhibitor:
    values = {"area": 9, "wants_corner": False, "wants_water": False, "power_kw": 0, **overrides}
    return Exhibitor(**values)


def codes(lines: list[PricedLine]) -> list[tuple[str, int]]:
    return [(line.code, int(line.quantity)) for line in lines]


@pytest.mark.parametrize(
    ("wishes", "category", "corner", "expected"),
    [
        ({}, "standard", None, [("m2", 9)]),
        ({}, "premium", None, [("allee", 9)]),
        ({"area": 0}, "standard", None, []),
        ({"wants_corner": True}, "standard", None, [("m2", 9), ("angle", 1)]),
        ({"wants_corner": True}, "standard", False, [("m2", 9)]),
        ({}, "standard", True, [("m2", 9), ("angle", 1)]),
        ({"power_kw": 1}, "standard", None, [("m2", 9), ("kw3", 1)]),
        ({"power_kw": 3}, "standard", None, [("m2", 9), ("kw3", 1)]),
        ({"power_kw": 4}, "standard", None, [("m2", 9), ("kw6", 1)]),
        ({"power_kw": 20}, "standard", None, [("m2", 9), ("kw9", 2), ("kw3", 1)]),
        ({"wants_water": True}, "standard", None, [("m2", 9), ("eau", 1)]),
    ],
)
def test_what_is_charged(
    wishes: dict[str, object], category: str, corner: bool | None, expected: list[tuple[str, int]]
) -> None:
    assert codes(price_lines(exhibitor(**wishes), LIST, category, corner)) == expected


def flat(code: str, area: int, category: str = "standard") -> PriceItem:
    return item(code, PriceUnit.OPTION, "900.00", price_category=category, maximum=area)


@pytest.mark.parametrize(
    ("area", "category", "expected"),
    [
        (6, "standard", ("nine", 1)),
        (9, "standard", ("nine", 1)),
        (12, "standard", ("eighteen", 1)),
        (24, "standard", ("m2", 24)),
        (9, "premium", ("allee", 9)),
        (9, "bare", ("nine", 1)),
    ],
)
def test_a_stand_has_the_smallest_flat_price_that_holds_it(
    area: int, category: str, expected: tuple[str, int]
) -> None:
    items = [*LIST, flat("eighteen", 18), flat("nine", 9)]
    assert codes(price_lines(exhibitor(area=area), items, category)) == [expected]


def test_co_exhibitors_and_options_are_counted() -> None:
    other_exhibitor = exhibitor()
    other_exhibitor.co_exhibitors = [
        CoExhibitor(name="A", name_key="a"),
        CoExhibitor(name="B", name_key="b"),
    ]
    lunch = item("repas", PriceUnit.OPTION, "22.73", vat_rate=Decimal(10), rank=9)
    chair = item("chaise", PriceUnit.OPTION, "6.90", rank=8)
    other_exhibitor.options = [
        WantedOption(item=lunch, quantity=3),
        WantedOption(item=chair, quantity=2),
    ]
    lines = price_lines(other_exhibitor, LIST)
    assert codes(lines) == [("m2", 9), ("co", 2), ("chaise", 2), ("repas", 3)]
    assert lines[-1].net == Decimal("68.19")


def test_a_retired_price_is_not_charged_but_a_wanted_option_stays() -> None:
    retired_item = item("vieux", PriceUnit.AREA, "1", price_category="standard", retired_at=now())
    option = item("option", PriceUnit.OPTION, "5", retired_at=now())
    other_exhibitor = exhibitor()
    other_exhibitor.options = [WantedOption(item=option, quantity=1)]
    assert codes(price_lines(other_exhibitor, [retired_item, SQUARE])) == [("m2", 9), ("option", 1)]
    assert price_lines(exhibitor(), []) == []


@pytest.mark.parametrize("wished", range(1, 61))
def test_connections_give_what_is_asked_and_no_step_more(wished: int) -> None:
    given_kw = sum(item.power_kw * count for item, count in connections(POWERS, wished))
    assert wished <= given_kw < wished + 3


@pytest.mark.parametrize(
    ("wished", "expected"), [(0, []), (1, [("kw1", 1)]), (3, [("kw2", 1), ("kw1", 1)])]
)
def test_a_connection_gives_at_least_one_kilowatt(
    wished: int, expected: list[tuple[str, int]]
) -> None:
    offered = [item(f"kw{kw}", PriceUnit.POWER, "40", power_kw=kw) for kw in (0, 1, 2)]
    assert [(power.code, count) for power, count in connections(offered, wished)] == expected


money = st.decimals(min_value=0, max_value=99999, places=2)
rates = st.sampled_from([Decimal(text) for text in ("20", "10", "5.5", "2.1", "0")])
quantities = st.decimals(min_value=0, max_value=500, places=2)
priced = st.builds(
    lambda price, rate, count: line_of(
        item("x", PriceUnit.OPTION, str(price), vat_rate=rate), count
    ),
    money,
    rates,
    quantities,
)


@given(st.lists(priced, max_size=12))
def test_totals_hold_whatever_the_lines(lines: list[PricedLine]) -> None:
    stored_totals = totals(lines)
    assert stored_totals.gross == stored_totals.net + stored_totals.vat
    assert stored_totals.net == sum((line.net for line in lines), ZERO)
    assert stored_totals.net == sum((base for _, base, _ in stored_totals.by_rate), ZERO)
    assert stored_totals.vat == sum((vat for _, _, vat in stored_totals.by_rate), ZERO)
    for rate, base, vat in stored_totals.by_rate:
        assert abs(vat - base * rate / 100) <= Decimal("0.005")
    amounts = [
        stored_totals.net,
        stored_totals.vat,
        stored_totals.gross,
        *(line.net for line in lines),
    ]
    for amount in amounts:
        assert type(amount) is Decimal
        assert amount == amount.quantize(CENT)
        assert not str(amount).startswith("-")


@given(st.lists(st.tuples(priced, st.integers(0, 3)), max_size=12))
def test_credit_notes_of_parts_take_back_the_whole(lines: list[tuple[PricedLine, int]]) -> None:
    """The net to the cent; VAT within half a cent for each rate of each document."""
    parts = [totals(line for line, at in lines if at == part) for part in range(4)]
    whole = totals(line for line, _ in lines)
    assert sum((part.net for part in parts), ZERO) == whole.net
    documents = sum(len(value.by_rate) for value in [*parts, whole])
    assert abs(sum((part.vat for part in parts), ZERO) - whole.vat) <= documents * CENT / 2


@given(st.lists(priced, max_size=12))
def test_the_order_of_lines_changes_nothing(lines: list[PricedLine]) -> None:
    assert totals(sorted(lines, key=lambda other_row: other_row.net)) == totals(lines)


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("0.005", "0.01"), ("0.004999", "0.00"), ("-0.001", "0.00"), ("-0.005", "-0.01")],
)
def test_half_a_cent_goes_away_from_zero(amount: str, rounded: str) -> None:
    assert str(round_to_cent(Decimal(amount))) == rounded


def test_vat_is_rounded_once_per_rate_and_not_line_by_line() -> None:
    cheap = item("x", PriceUnit.OPTION, "0.02")
    assert totals([line_of(cheap, 1)] * 3).vat == Decimal("0.01")


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1 000,50", "1000.50"),
        ("1\u202f000,5", "1000.50"),
        ("1\u00a0000", "1000.00"),
        ("12.5", "12.50"),
        ("118,00 €", "118.00"),
        ("0", "0.00"),
        ("007", "7.00"),
    ],
)
def test_amounts_as_people_type_them(typed: str, amount: str) -> None:
    assert str(read_amount(typed)) == amount


@pytest.mark.parametrize(
    "typed",
    ["", "-1", "1.000,50", "1,000.50", "1e9", "NaN", "Infinity", "1 00", "12,345", "١", "\ud800"],
)
def test_amounts_that_could_mean_two_things_are_refused(typed: str) -> None:
    with pytest.raises(AmountUnreadable):
        read_amount(typed)


@given(money)
def test_an_amount_shown_is_read_back(amount: Decimal) -> None:
    assert read_amount(typed_amount(amount)) == amount
