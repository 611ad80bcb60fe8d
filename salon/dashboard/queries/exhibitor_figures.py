"""Figures of the exhibitors on the overview: progress, and tasks of an organiser."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from salon.billing.engine.ledger import SaleStep
from salon.billing.queries.ledger import Figure
from salon.billing.queries.ledger import figures_of as money_of
from salon.exhibitors.models import ApplicationStatus, Exhibitor, Task
from salon.exhibitors.queries.exhibitors import find_terms
from salon.exhibitors.queries.review import Wait, counts_of
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.database.edition_scope import in_edition
from salon.platform.settings.clock import local
from salon.safety.models import SafetyForm


@dataclass(frozen=True)
class ExhibitorFigures:
    """`stands` are the accepted exhibitors that have or await one; `area` is in m², given."""

    waits: Mapping[Wait, int]
    money: Mapping[SaleStep, Figure]
    stands: int
    placed: int
    area: int
    safe: int
    safety_is_due: bool

    @property
    def late_forms(self) -> int:
        """Return the number of safety forms still awaited after their day."""
        return self.stands - self.safe if self.safety_is_due else 0

    @property
    def to_collect(self) -> Decimal:
        """Return the unpaid amount of invoices, late or not, in euros."""
        return self.money[SaleStep.TO_COLLECT].amount + self.money[SaleStep.LATE].amount


def dues_of(editions: Iterable[Edition], now: datetime) -> list[tuple[Edition, Figure]]:
    """Return the unpaid invoices of each of these editions that has some."""
    dues = []
    for edition in editions:
        with in_edition(edition.id):
            money = money_of(edition, local(now).date())
        late, unpaid = money[SaleStep.LATE], money[SaleStep.TO_COLLECT]
        if late.count + unpaid.count:
            figure = Figure(late.count + unpaid.count, late.amount + unpaid.amount)
            dues.append((edition, figure))
    return dues


def exhibitors_of(edition: Edition, now: datetime) -> ExhibitorFigures:
    """Return the figures of the exhibitors of an edition, in a fixed number of queries."""
    today = local(now).date()
    placed = Exhibitor.stand_id.is_not(None)
    statement = (
        select(
            func.count(Exhibitor.id),
            func.count(Exhibitor.id).filter(placed),
            func.coalesce(func.sum(Exhibitor.area).filter(placed), 0),
            func.count(SafetyForm.completed_at),
        )
        .outerjoin(Exhibitor.safety)
        .where(
            Exhibitor.edition_id == edition.id,
            Exhibitor.status == ApplicationStatus.ACCEPTED,
            Exhibitor.area > 0,
        )
    )
    stands, with_stand, area, safe = current_session().execute(statement).one()
    terms = find_terms(edition)
    deadline = terms.deadline(Task.SAFETY) if terms else None
    return ExhibitorFigures(
        waits=counts_of(edition.id, now).waits,
        money=money_of(edition, today),
        stands=stands,
        placed=with_stand,
        area=int(area),
        safe=safe,
        safety_is_due=deadline is not None and deadline < today,
    )
