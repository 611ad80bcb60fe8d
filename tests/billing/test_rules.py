"""Rules of quotes, invoices and payments. No database."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from salon.billing.rules import receipts
from salon.billing.rules import sales as rules
from tests.refusals import Refusal, check_refusal

DAY = date(2026, 10, 1)
REFUSALS: list[Refusal] = [
    (rules.QuoteMissing, rules.check_can_order, (False, True, True, []), (True, False, False, [])),
    (rules.OrderMissing, rules.check_can_invoice, (False,) * 3 + (DAY,), (True, False, True, DAY)),
    *(
        (receipts.AmountRefused, receipts.check_amount, (Decimal(amount),), (Decimal(allowed),))
        for amount, allowed in (
            ("0.00", "0.01"),
            ("1000000.01", "1000000.00"),
            ("0.011", "0.01"),
            ("NaN", "1"),
            ("Infinity", "1"),
        )
    ),
    (receipts.AbsurdAmount, receipts.check_not_absurd, (101, 100, 100), (100, 100, 100)),
]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_what_cannot_be_sold_or_paid_is_refused(refusal: Refusal) -> None:
    check_refusal(refusal)


def test_an_agreement_is_received_between_its_quote_and_today() -> None:
    quoted_on, today = date(2026, 9, 7), date(2026, 9, 21)
    for received_on in (quoted_on, today):
        rules.check_agreement_day(received_on, quoted_on, today)
    for received_on in (quoted_on - timedelta(days=1), today + timedelta(days=1)):
        with pytest.raises(rules.AgreementDateRefused, match=r"7.septembre 2026"):
            rules.check_agreement_day(received_on, quoted_on, today)
