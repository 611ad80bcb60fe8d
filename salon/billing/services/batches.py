"""Issue many documents; each in its own transaction, a refusal does not stop the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from salon.billing.engine.agreements import OrderAgreement
from salon.billing.models import SalesDocument, SalesKind
from salon.billing.queries.batches import Waiting, orders_without_service
from salon.billing.services.billing import record_service_done
from salon.billing.services.sales import issue, issue_credit_note
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.settings.clock import local
from salon.platform.words.errors import RuleBroken

FAIR_CANCELLED = "Salon annulé"
"""Reason of the credit notes of a cancelled fair, which close their sales."""


@dataclass(frozen=True)
class IssueOutcome:
    """Result for one exhibitor: the reference of its document, or the refusal."""

    exhibitor_id: int
    name: str
    reference: str = ""
    refusal: str = ""


def issue_together(
    act: Act,
    batch: Sequence[Waiting],
    kind: SalesKind,
    *,
    as_deposit: bool = False,
    agreement: OrderAgreement | None = None,
) -> list[IssueOutcome]:
    """Issue the next document of each exhibitor, unless it changed since the batch was read.

    `agreement`: the one that organisers received of each, for orders.
    """
    outcomes = []
    for waiting in batch:
        try:
            document = _issue(act, waiting, kind, as_deposit, agreement)
        except RuleBroken as refusal:
            outcomes.append(
                IssueOutcome(waiting.exhibitor_id, waiting.name, refusal=refusal.message)
            )
        else:
            outcomes.append(IssueOutcome(waiting.exhibitor_id, waiting.name, document.reference))
    return outcomes


def _issue(
    act: Act, waiting: Waiting, kind: SalesKind, as_deposit: bool, agreement: OrderAgreement | None
) -> SalesDocument:
    if kind == SalesKind.CREDIT_NOTE:
        return issue_credit_note(
            act, waiting.last_document_id, None, FAIR_CANCELLED, closes_sale=True
        )
    return issue(
        act,
        waiting.exhibitor_id,
        kind,
        last_read_id=waiting.last_document_id,
        as_deposit=as_deposit,
        agreement=agreement,
    )


def record_services_done(act: FairAct, done_on: date) -> int:
    """Record the *service fait* of every public buyer's order without one.

    Returns their number. Raises ServiceTooEarly, ServiceInFuture.
    """
    waiting = [order.id for order in orders_without_service(act.edition, local(act.now).date())]
    for order_id in waiting:
        record_service_done(act, order_id, done_on)
    return len(waiting)
