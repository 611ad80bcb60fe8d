"""The fair that a sales document is about, as it was announced when the document was issued."""

from datetime import date
from typing import Final

from salon.billing.models import SalesDocument
from salon.fair.models import Edition

FAIR: Final = "fair"
"""Its key in the frozen seller."""


def fair_facts(edition: Edition) -> dict[str, str]:
    return {
        "name": edition.short_name,
        "city": edition.city,
        "days": edition.day_label,
        "first_day": edition.days[0].day_on.isoformat(),
    }


def fair_of(document: SalesDocument, edition: Edition) -> dict[str, str]:
    """Return the facts frozen on the document; today's where it was issued without them."""
    return document.seller.get(FAIR) or fair_facts(edition)


def performed_on(document: SalesDocument, edition: Edition) -> date:
    """Return the day of the service: the *service fait*, else the first day of the fair."""
    if document.service_done_on is not None:
        return document.service_done_on
    return date.fromisoformat(fair_of(document, edition)["first_day"])
