"""The table of VAT as an organiser reads it, and as docs/vat.md prints it."""

from collections.abc import Collection
from dataclasses import dataclass

from salon.exhibitors.engine.vat import RULES, Buyer, Treatment
from salon.exhibitors.models import Supply, VatRegime


@dataclass(frozen=True)
class VatRow:
    """A rule of the table, by its labels."""

    sellers: list[str]
    buyers: list[str]
    supplies: list[str]
    treatment: Treatment

    @property
    def codes(self) -> str:
        """Return the EN 16931 category and the VATEX code."""
        return f"{self.treatment.category} {self.treatment.code}".strip()


def vat_rows() -> list[VatRow]:
    """Return the rules in the order of the table."""
    return [
        VatRow(
            _labels(sellers),
            _buyers(buyers),
            _labels(supplies),
            treatment,
        )
        for sellers, buyers, supplies, treatment in RULES
    ]


def _buyers(buyers: Collection[Buyer]) -> list[str]:
    """Return the labels of the buyers, or of those left out where they are fewer."""
    others = [buyer for buyer in Buyer if buyer not in buyers]
    if not others:
        return ["Tous"]
    if len(others) < len(buyers):
        return ["Tous, sauf\u00a0:", *_labels(others)]
    return _labels(buyers)


def _labels(members: Collection[VatRegime | Buyer | Supply]) -> list[str]:
    return [member.label for member in members]
