"""Accepted exhibitors with the facts that their tasks are read from: one query a table."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import InstrumentedAttribute

from salon.billing.models import Allocation, Payment, Sale, SalesDocument
from salon.exhibitor_space.engine.facts import AcceptedExhibitor, IssuedDocument
from salon.exhibitors.models import ApplicationStatus, Document, Exhibitor, TaskAnswer
from salon.fair.models import Edition, Stand
from salon.platform.database.db import current_session

Columns = tuple[InstrumentedAttribute[object], ...]

EXHIBITOR_COLUMNS: Columns = (
    Exhibitor.id,
    Exhibitor.name,
    Exhibitor.name_key,
    Exhibitor.status,
    Exhibitor.status_at,
    Exhibitor.kind,
    Exhibitor.area,
    Exhibitor.presentation,
    Exhibitor.logo_file,
    Exhibitor.entered_by,
    Exhibitor.accepted_regulations_on,
)
SALE_COLUMNS: Columns = (
    SalesDocument.id,
    SalesDocument.kind,
    SalesDocument.from_id,
    SalesDocument.cancels_id,
    SalesDocument.issued_on,
    SalesDocument.due_on,
    SalesDocument.engagement_number,
    SalesDocument.purchase_order,
    SalesDocument.gross,
)
DOCUMENT_COLUMNS: Columns = (
    Document.id,
    Document.kind,
    Document.task_id,
    Document.name,
    Document.status,
    Document.reason,
)
ANSWER_COLUMNS: Columns = (TaskAnswer.task_id, TaskAnswer.text, TaskAnswer.answered_at)
Rows = dict[int, list[object]]


def accepted_with_tasks(edition: Edition) -> list[AcceptedExhibitor]:
    """Return the accepted exhibitors by name, with the facts of their tasks."""
    return _read(Exhibitor.edition_id == edition.id)


def get_with_tasks(exhibitor_id: int, edition: Edition) -> AcceptedExhibitor:
    """Return an accepted exhibitor with the facts of its tasks; raise NoResultFound."""
    rows = _read(Exhibitor.edition_id == edition.id, Exhibitor.id == exhibitor_id)
    if not rows:
        raise NoResultFound
    return rows[0]


def _read(*conditions: ColumnElement[bool]) -> list[AcceptedExhibitor]:
    accepted = (*conditions, Exhibitor.status == ApplicationStatus.ACCEPTED)
    documents = _rows_of(Document, DOCUMENT_COLUMNS, Document.id, accepted)
    answers = _rows_of(TaskAnswer, ANSWER_COLUMNS, TaskAnswer.id, accepted)
    sales = _sales(accepted)
    safety_form: Any = Exhibitor.safety.property.mapper.class_  # a table of a feature above
    is_paid_by_another = Exhibitor.id.in_(
        select(Sale.exhibitor_id).where(Sale.payer_id.is_not(None))
    )
    rows = current_session().execute(
        select(
            *EXHIBITOR_COLUMNS,
            is_paid_by_another.label("is_paid_by_another"),
            Exhibitor.staff.any().label("staff"),
            Exhibitor.stand_id,
            Stand.number,
            Stand.category,
            safety_form.completed_at,
        )
        .outerjoin(Exhibitor.stand)
        .outerjoin(Exhibitor.safety)
        .where(*accepted)
        .order_by(Exhibitor.name_key, Exhibitor.id)
    )
    accepted_exhibitors = []
    for row in rows:
        columns: list[Any] = [
            *row[: len(EXHIBITOR_COLUMNS)],
            row.is_paid_by_another,
            row if row.stand_id is not None else None,
            row,
            row.staff,
            documents[row.id],
            answers[row.id],
            sales[row.id],
        ]
        accepted_exhibitors.append(AcceptedExhibitor(*columns))
    return accepted_exhibitors


def _sales(accepted: Sequence[ColumnElement[bool]]) -> Rows:
    allocations: Rows = defaultdict(list)
    for allocation in current_session().execute(
        select(Allocation.document_id, Allocation.amount, Payment.cancelled_at)
        .join(Payment, Payment.id == Allocation.payment_id)
        .join(SalesDocument, SalesDocument.id == Allocation.document_id)
        .join(Exhibitor, Exhibitor.id == SalesDocument.exhibitor_id)
        .where(*accepted)
        .order_by(Allocation.id)
    ):
        allocations[allocation.document_id].append(allocation)
    sales: Rows = defaultdict(list)
    for row in current_session().execute(
        select(SalesDocument.exhibitor_id, *SALE_COLUMNS)
        .join(Exhibitor, Exhibitor.id == SalesDocument.exhibitor_id)
        .where(*accepted)
        .order_by(SalesDocument.id)
    ):
        columns: list[Any] = [*row[1:], allocations[row.id]]
        sales[row.exhibitor_id].append(IssuedDocument(*columns))
    return sales


def _rows_of(
    table: Any,
    columns: Columns,
    order: InstrumentedAttribute[int],
    accepted: Sequence[ColumnElement[bool]],
) -> Rows:
    """Return these columns of a table by exhibitor."""
    rows: Rows = defaultdict(list)
    for row in current_session().execute(
        select(table.exhibitor_id, *columns)
        .join(Exhibitor, Exhibitor.id == table.exhibitor_id)
        .where(*accepted)
        .order_by(order)
    ):
        rows[row.exhibitor_id].append(row)
    return rows
