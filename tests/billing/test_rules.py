"""Rules of quotes, invoices and payments. No database."""

from datetime import date
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
