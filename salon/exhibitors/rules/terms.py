"""Order of the dates and limits that the organiser sets."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from salon.exhibitors.models import Task
from salon.platform.settings.clock import local
from salon.platform.words.errors import BadInput

MOST_STEPS = 6
"""Steps of the fees of who withdraws."""


class TermsOutOfOrder(BadInput):
    """Two dates or two limits contradict each other; `field` is the input to correct."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class SellerUnknown(TermsOutOfOrder):
    """The issuer or its VAT is not complete."""


def check_seller_is_known(gaps: Sequence[str]) -> None:
    """Applications open once the price that each applicant reads has an issuer and a VAT."""
    if gaps:
        raise SellerUnknown(
            "opens_without_seller",
            f"Avant d’ouvrir les candidatures, complétez «\u00a0Facturation\u00a0»\u00a0: "
            f"{', '.join(gaps)}. Si le salon ne facture rien, cochez «\u00a0Ouvrir sans "
            "émetteur\u00a0».",
        )


def check_applications_end_after_they_start(opens_at: datetime, closes_at: datetime) -> None:
    if closes_at <= opens_at:
        raise TermsOutOfOrder(
            "applications_close_at", "Les candidatures doivent se clore après leur ouverture."
        )


def check_answer_comes_between(closes_at: datetime, answer_by_on: date, fair_on: date) -> None:
    """Answers are promised between the closing of applications and the eve of the fair."""
    if answer_by_on < local(closes_at).date():
        raise TermsOutOfOrder(
            "answer_by_on", "La réponse ne peut pas être promise avant la clôture des candidatures."
        )
    if answer_by_on >= fair_on:
        raise TermsOutOfOrder("answer_by_on", "La réponse doit arriver avant le salon.")


def check_areas_are_ordered(minimum: int, maximum: int) -> None:
    if maximum < minimum:
        raise TermsOutOfOrder(
            "maximum_area", "La plus grande surface doit dépasser la plus petite."
        )


def check_fees_grow(steps: Sequence[Sequence[int]]) -> None:
    """Fees of who withdraws grow, up to 100 %, as the fair comes nearer. `steps`: [days, percent],
    the earliest first."""
    days, percents = [day for day, _ in steps], [percent for _, percent in steps]
    are_days = days == sorted(set(days), reverse=True) and all(day >= 0 for day in days)
    are_percents = percents == sorted(percents) and all(0 <= fee <= 100 for fee in percents)
    if not (are_days and are_percents and len(steps) <= MOST_STEPS):
        raise TermsOutOfOrder(
            "cancellation_fees",
            f"Les frais de désistement ont {MOST_STEPS} paliers au plus, et montent, jusqu’à "
            "100\u00a0%, quand le salon approche.",
        )


def check_deadlines_come_before(deadlines: Mapping[Task, date], fair_on: date) -> None:
    """Deadlines precede the fair, except payment: public buyers pay after it."""
    for task, day in deadlines.items():
        if day >= fair_on and task != Task.INVOICE:
            raise TermsOutOfOrder(
                f"deadline_{task}", f"« {task.label} » doit être demandé avant le salon."
            )
