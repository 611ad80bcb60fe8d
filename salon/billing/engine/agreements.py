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


@dataclass(frozen=True)
class OnlineSignature:
    """The « bon pour accord » that a person signed on the site, by their name."""

    name: str


Agreement = OrderAgreement | OnlineSignature


def agreement_words(agreement: Agreement | None, organiser: str) -> str:
    """Return who agreed, how and when: online, else as an organiser confirmed it."""
    if isinstance(agreement, OnlineSignature):
        return f"Bon pour accord signé en ligne par {agreement.name}"
    how = f" {agreement.way.label.lower()} le {day(agreement.received_on)}" if agreement else ""
    return f"Accord reçu{how or ' par l’organisation'}, confirmé par {organiser}"
