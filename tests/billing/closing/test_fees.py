"""The fees of who withdraws: typed by the organiser, proposed by date, read before withdrawing."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from salon.exhibitors.engine.cancellation import fee_percent, read_steps, typed_steps
from salon.exhibitors.models import ExhibitorTerms
from salon.exhibitors.rules.terms import TermsOutOfOrder, check_fees_grow
from salon.fair.models import Edition
from salon.platform.database.db import transaction
from tests.billing.closing.test_services import order_of, withdraw
from tests.billing.pages import money_of, text_of
from tests.billing.sales import make_buyer
from tests.pages import PageClient

STEPS = [[60, 10], [20, 30], [0, 100]]


def test_lines_are_read_as_people_write_them() -> None:
    lines = "0 jour : 100 %\n60 jours avant : 10%\n\n 20 = 30"
    assert read_steps(lines) == STEPS
    assert read_steps(typed_steps(STEPS)) == STEPS
    assert read_steps("") == []


@pytest.mark.parametrize("text", ["trente pour cent", "60 jours", "60 : 30 : 10"])
def test_what_is_no_step_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        read_steps(text)


@pytest.mark.parametrize(
    "text",
    [
        *("60 : 101", "60 : 30\n60 : 40", "60 : 50\n20 : 30"),
        "\n".join(f"{day} : {50 - day}" for day in range(7)),
    ],
)
def test_fees_that_do_not_grow_are_refused(text: str) -> None:
    with pytest.raises(TermsOutOfOrder) as refusal:
        check_fees_grow(read_steps(text))
    assert refusal.value.field == "cancellation_fees"
    check_fees_grow(STEPS)
    check_fees_grow([])


def test_the_step_of_a_day_includes_its_day() -> None:
    fair_on = date(2026, 10, 1)
    days = {61: 10, 60: 10, 59: 30, 20: 30, 19: 100, 0: 100, -3: None}
    percents = {day: fee_percent(STEPS, fair_on - timedelta(days=day), fair_on) for day in days}
    assert percents == days
    assert fee_percent([[30, 50]], fair_on - timedelta(days=29), fair_on) is None


def set_steps(steps: list[list[int]]) -> None:
    with transaction() as session:
        session.execute(update(ExhibitorTerms).values(cancellation_fees=steps))


def test_fees_are_read_before_withdrawing_and_proposed_by_date(
    app: Flask, organiser: PageClient, edition: Edition
) -> None:
    """The fair is tomorrow, and 21 days after the withdrawal: the last step, then the second."""
    exhibitor = make_buyer(edition)
    order_of(exhibitor)
    set_steps(STEPS)
    own = f"/exposants/inscription/{exhibitor.private_token}/retirer"
    page = text_of(app.test_client(), own)
    assert "si vous vous désistez aujourd’hui, 100" in page
    assert "10 % jusqu’à 60 jours avant le salon, 30 % jusqu’à 20 jours" in page
    assert "le salon, 100 % ensuite." in page
    withdraw(exhibitor)
    asked = organiser.get(f"{money_of(exhibitor)}/somme-due").text
    assert 'value="30"' in asked
    set_steps([])
    asked = organiser.get(f"{money_of(exhibitor)}/somme-due").text
    assert 'value="30"' not in asked
