"""How a buyer agreed to a quote, as its order says it. Pure."""

from dataclasses import dataclass
from datetime import date

from salon.platform.words.formats import day
from salon.platform.words.labels import LabelledEnum


class OrderWay(LabelledEnum):
    """How an agreement reached the organisers."""

    PAPER = "paper", "Sur papier"
    MAIL = "mail", "Par courriel"


@dataclass(frozen=True)
class OrderAgreement:
    """An agreement that organisers received outside the site."""

    way: OrderWay
    received_on: date


def agreement_words(agreement: OrderAgreement | None, signed_by: str, organiser: str) -> str:
    """Return who agreed, how and when: online, else as an organiser confirmed it."""
    if signed_by:
        return f"Bon pour accord signé en ligne par {signed_by}"
    how = f" {agreement.way.label.lower()} le {day(agreement.received_on)}" if agreement else ""
    return f"Accord reçu{how or ' par l’organisation'}, confirmé par {organiser}"
