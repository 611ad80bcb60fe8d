"""Amounts and rates as people type them in French: « 1 000,50 »."""

import re
from decimal import Decimal

from salon.platform.words.errors import RuleBroken

BLANKS = re.compile(r"[ \u00a0\u202f]")
TYPED = re.compile(r"[0-9]{1,9}(?:[,.][0-9]{1,2})?", re.ASCII)
GROUPED = re.compile(r"[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})*(?:[,.][0-9]{1,2})?", re.ASCII)


class AmountUnreadable(RuleBroken):
    status = 400
    message = "Écrivez le montant en chiffres, comme 1 000,50."


def read_amount(text: str | None) -> Decimal:
    """Return the amount typed, two decimals at most; « € » may follow. Raises AmountUnreadable.

    A point is read as a decimal comma when at most two digits follow; « 1.000,50 » could be read in
    two ways and is refused, as is a negative amount.
    """
    cut = (text or "").strip().removesuffix("€").rstrip()
    if not TYPED.fullmatch(cut) and not GROUPED.fullmatch(cut):
        raise AmountUnreadable
    plain = BLANKS.sub("", cut).replace(",", ".")
    if len(plain.partition(".")[0]) > 9:
        raise AmountUnreadable
    return Decimal(plain).quantize(Decimal("0.01"))


def typed_amount(amount: Decimal) -> str:
    """Return an amount as a field shows it: « 1234,50 »."""
    return f"{amount:.2f}".replace(".", ",")
