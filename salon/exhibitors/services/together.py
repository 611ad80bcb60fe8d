"""Many documents in one go: each is issued by itself, one refusal does not stop the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from salon.exhibitors.models import SalesKind
from salon.exhibitors.queries.together import Waiting, without_service
from salon.exhibitors.services.billing import record_service_done
from salon.exhibitors.services.money import issue
from salon.fair.models import Edition
from salon.platform.clock import local
from salon.platform.errors import RuleBroken
from salon.platform.identity import Identity


@dataclass(frozen=True)
class Issued:
    """What came of one exhibitor: the number of its document, or why there is none."""

    exhibitor_id: int
    name: str
    reference: str = ""
    refusal: str = ""


def issue_together(
    batch: Sequence[Waiting], kind: SalesKind, by: Identity, now: datetime
) -> list[Issued]:
    """Issues the next document of each exhibitor, as it stood when the batch was read."""
    outcomes = []
    for one in batch:
        try:
            document = issue(one.exhibitor_id, kind, by, now, seen=one.seen)
        except RuleBroken as refusal:
            outcomes.append(Issued(one.exhibitor_id, one.name, refusal=refusal.message))
        else:
            outcomes.append(Issued(one.exhibitor_id, one.name, document.reference))
    return outcomes


def record_services_done(edition: Edition, done_on: date, by: Identity, now: datetime) -> int:
    """Records the *service fait* of every public buyer's order that waits for it.

    Answers how many. Raises ServiceTooEarly, ServiceInFuture.
    """
    waiting = [order.id for order in without_service(edition, local(now).date())]
    for order_id in waiting:
        record_service_done(order_id, done_on, by, now)
    return len(waiting)
