"""Rules of lower prices and free lines granted to one exhibitor."""

from collections.abc import Collection

from salon.platform.words.errors import RuleBroken


class InvoiceKeepsPrices(RuleBroken):
    message = (
        "Une facture court\u00a0: elle garde ses prix, et rien ne s’accorde plus. "
        "Un avoir l’annule d’abord."
    )


class NothingLowered(RuleBroken):
    status = 400
    message = (
        "Rien n’en serait moins cher que la liste, ou que ce qui est déjà accordé\u00a0: "
        "rien n’a été accordé."
    )


class GrantWithdrawn(RuleBroken):
    message = "Ce qui était accordé est déjà retiré ou remplacé. Voici ce qui l’est aujourd’hui."


def check_no_invoice_stands(has_invoice: bool) -> None:
    if has_invoice:
        raise InvoiceKeepsPrices


def check_something_falls(lowered_lines: Collection[object]) -> None:
    """What is granted is a lower price: a dearer line is a free line, with its own label."""
    if not lowered_lines:
        raise NothingLowered


def check_not_withdrawn(is_withdrawn: bool) -> None:
    if is_withdrawn:
        raise GrantWithdrawn
