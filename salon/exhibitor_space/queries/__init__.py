"""An exhibitor's space, its documents, and its tasks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select, tuple_, union
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from salon.accounts.models import Account
from salon.exhibitor_space.engine.tasks import concerns
from salon.exhibitors.models import (
    AddedTask,
    AnswerKind,
    ApplicationStatus,
    Contact,
    Document,
    DocumentKind,
    DocumentStatus,
    Exhibitor,
    ExhibitorTerms,
    Reminder,
    TaskAnswer,
)
from salon.exhibitors.queries.exhibitors import find_terms
from salon.fair.models import Edition, EditionState, Stand
from salon.platform.database.db import UtcDateTime, current_session
from salon.platform.database.edition_scope import across_editions
from salon.platform.pages.lists.listing import FIRST_PAGE, Column, Listing, Page, PageRequest

LATE = Listing({"exhibitor": Column("Exposant", lambda row: row.exhibitor.name_key)})
ANSWERS = Listing(LATE.columns)


@across_editions()
def applications_of_account(account_id: int) -> Sequence[Exhibitor]:
    """Return applications not accepted (or no longer) of this account, the latest edition first.

    Those of closed editions are left out.
    """
    return (
        current_session()
        .scalars(
            select(Exhibitor)
            .join(Exhibitor.edition)
            .where(
                Edition.state != EditionState.CLOSED,
                Exhibitor.status != ApplicationStatus.ACCEPTED,
                Exhibitor.id.in_(
                    select(Contact.exhibitor_id)
                    .join(Account, Account.email_key == Contact.email_key)
                    .where(Account.id == account_id)
                ),
            )
            .options(contains_eager(Exhibitor.edition), selectinload(Exhibitor.sales))
            .order_by(Edition.id.desc(), Exhibitor.name_key)
        )
        .all()
    )


@dataclass(frozen=True)
class DocumentFilter:
    """Filters of documents; an empty value does not filter."""

    kind: str = ""
    status: str = ""
    exhibitor_id: int | None = None


DOCUMENTS = Listing(
    {
        "exhibitor": Column("Exposant", Exhibitor.name_key),
        "kind": Column("Document", Document.kind),
        "uploaded": Column("Envoi", Document.uploaded_at),
    },
    ties=(Document.uploaded_at, Document.id),
)


def documents_page(
    edition: Edition, filters: DocumentFilter, request: PageRequest = FIRST_PAGE
) -> Page:
    """Return the documents of an edition: those to check first, the oldest first."""
    statement = (
        select(Document)
        .join(Document.exhibitor)
        .where(*_conditions(edition, filters))
        .order_by(Document.status != DocumentStatus.WAITING, Document.uploaded_at, Document.id)
    )
    with_exhibitor = contains_eager(Document.exhibitor).joinedload(Exhibitor.stand)
    return DOCUMENTS.page(statement, request, with_exhibitor, joinedload(Document.task))


def _conditions(edition: Edition, filters: DocumentFilter) -> Iterable[ColumnElement[bool]]:
    yield Exhibitor.edition_id == edition.id
    if filters.kind:
        yield Document.kind == DocumentKind(filters.kind)
    if filters.status:
        yield Document.status == DocumentStatus(filters.status)
    if filters.exhibitor_id:
        yield Exhibitor.id == filters.exhibitor_id


def count_waiting(edition: Edition) -> int:
    """Return the number of documents that wait for an answer."""
    return (
        current_session().scalar(
            select(func.count())
            .select_from(Document)
            .join(Document.exhibitor)
            .where(Exhibitor.edition_id == edition.id, Document.status == DocumentStatus.WAITING)
        )
        or 0
    )


def get_document(document_id: int, edition: Edition) -> Document:
    """Return a document of this edition with its exhibitor; raise NoResultFound."""
    return (
        current_session()
        .scalars(
            select(Document)
            .join(Document.exhibitor)
            .where(Document.id == document_id, Exhibitor.edition_id == edition.id)
            .options(
                contains_eager(Document.exhibitor).options(
                    joinedload(Exhibitor.stand).joinedload(Stand.hall),
                    selectinload(Exhibitor.contacts),
                ),
                joinedload(Document.task),
            )
        )
        .one()
    )


def get_document_of(document_id: int, exhibitor_id: int) -> Document:
    """Return a document of this exhibitor; raise NoResultFound for another exhibitor's."""
    return (
        current_session()
        .scalars(
            select(Document).where(
                Document.id == document_id, Document.exhibitor_id == exhibitor_id
            )
        )
        .one()
    )


def next_waiting(edition: Edition, after: Document | None = None) -> Document | None:
    """Return the document that has waited longest for an answer; `after` another, the next in the
    order of the list, which wraps to the first.
    """
    upload_order = tuple_(Document.uploaded_at, Document.id)
    in_turn: list[Any] = [Document.uploaded_at, Document.id]
    others: list[ColumnElement[bool]] = []
    if after is not None:
        position = tuple_(literal(after.uploaded_at, UtcDateTime), literal(after.id))
        in_turn.insert(0, (upload_order > position).desc())
        others.append(Document.id != after.id)
    return (
        current_session()
        .scalars(
            select(Document)
            .join(Document.exhibitor)
            .where(
                Exhibitor.edition_id == edition.id,
                Document.status == DocumentStatus.WAITING,
                *others,
            )
            .order_by(*in_turn)
            .limit(1)
        )
        .one_or_none()
    )


def exhibitors_reminded_on(edition: Edition, day: date) -> set[int]:
    """Return the ids of the exhibitors that were sent a reminder on a day."""
    return exhibitors_told(edition, f"day:{day.isoformat()}")


def exhibitors_told(edition: Edition, subject: str) -> set[int]:
    """Return the ids of the exhibitors that were written to about a subject (`Reminder`)."""
    return set(
        current_session().scalars(
            select(Reminder.exhibitor_id)
            .join(Exhibitor, Exhibitor.id == Reminder.exhibitor_id)
            .where(Exhibitor.edition_id == edition.id, Reminder.subject == subject)
        )
    )


@across_editions()
def stored_names() -> set[str]:
    """Return the files that a row refers to: documents and logos, of every edition."""
    documents = current_session().scalars(select(Document.stored_name))
    logos = current_session().scalars(select(Exhibitor.logo_file).where(Exhibitor.logo_file != ""))
    return {*documents, *logos}


def get_added_task(task_id: int, edition_id: int) -> AddedTask:
    """Return a task that the organisers of an edition added; raise NoResultFound."""
    return (
        current_session()
        .scalars(
            select(AddedTask)
            .join(AddedTask.terms)
            .where(AddedTask.id == task_id, ExhibitorTerms.edition_id == edition_id)
        )
        .one()
    )


def answering_exhibitors(terms: ExhibitorTerms) -> dict[int, int]:
    """Return the number of exhibitors that answered, by id of the added task."""
    answers = union(
        select(TaskAnswer.task_id, TaskAnswer.exhibitor_id),
        select(Document.task_id, Document.exhibitor_id),
    ).subquery()
    rows = current_session().execute(
        select(answers.c.task_id, func.count().label("exhibitors"))
        .join(AddedTask, AddedTask.id == answers.c.task_id)
        .where(AddedTask.terms_id == terms.id)
        .group_by(answers.c.task_id)
    )
    return {row.task_id: row.exhibitors for row in rows}


def document_tasks(exhibitor: Exhibitor, edition: Edition) -> list[AddedTask]:
    """Return the added tasks that ask an exhibitor for a document."""
    terms = find_terms(edition)
    return [
        task
        for task in (terms.live_tasks if terms else ())
        if task.expects == AnswerKind.DOCUMENT and concerns(task, exhibitor)
    ]
