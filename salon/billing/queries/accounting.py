"""The books of a calendar year: what was sold, received and paid back, whatever the edition."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from salon.billing.engine.accounting import Entry, Figures, all_entries, figures_of
from salon.billing.engine.vat_due import VatDue, vat_due
from salon.billing.models import Allocation, Payment, SalesDocument, SalesKind
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.database.edition_scope import across_editions


@dataclass(frozen=True)
class Books:
    """Every invoice, credit note and receipt of some editions, in order of issue."""

    documents: Sequence[SalesDocument]
    payments: Sequence[Payment]

    @cached_property
    def entries(self) -> list[Entry]:
        """Return all entries, in the order they were recorded in."""
        return all_entries(self.documents, self.payments)

    @cached_property
    def vat(self) -> list[VatDue]:
        """Return what makes VAT due, the oldest first."""
        notes: dict[int | None, list[SalesDocument]] = {}
        for document in self.documents:
            if document.kind == SalesKind.CREDIT_NOTE:
                notes.setdefault(document.from_id, []).append(document)
        dues = [
            due
            for document in self.documents
            if document.kind == SalesKind.INVOICE
            for due in vat_due(document, notes.get(document.id, []))
        ]
        return sorted(dues, key=lambda due: (due.on, due.document.id))

    def years(self, today: date) -> list[int]:
        """Return the calendar years with an entry, and this one, the last first."""
        return sorted({today.year, *(entry.dated_on.year for entry in self.entries)}, reverse=True)

    def entries_in(self, year: int, month: int | None = None) -> list[Entry]:
        """Return the entries of a year, or of one of its months."""
        return [entry for entry in self.entries if _is_in(entry.dated_on, year, month)]

    def vat_in(self, year: int, month: int | None = None) -> list[VatDue]:
        """Return what makes VAT due in a year, or in one of its months."""
        return [due for due in self.vat if _is_in(due.on, year, month)]

    def figures(self, year: int, month: int | None = None) -> Figures:
        return figures_of(self.entries_in(year, month), self.vat_in(year, month))

    def months(self, year: int) -> list[tuple[int, Figures]]:
        """Return the months of a year in which something was sold, received or due."""
        days = [entry.dated_on for entry in self.entries_in(year)]
        days += [due.on for due in self.vat_in(year)]
        months = sorted({day.month for day in days})
        return [(month, self.figures(year, month)) for month in months]

    def documents_in(self, year: int) -> list[SalesDocument]:
        return [document for document in self.documents if document.issued_on.year == year]


def _is_in(day: date, year: int, month: int | None) -> bool:
    return day.year == year and month in (None, day.month)


@across_editions()
def editions_left_out(read_ids: Collection[int], year: int) -> Sequence[str]:
    """Return the names of the other editions that sold or received something in a year."""
    days = date(year, 1, 1), date(year, 12, 31)
    statement = (
        select(Edition.short_name)
        .join(SalesDocument, SalesDocument.edition_id == Edition.id)
        .outerjoin(Payment, Payment.document_id == SalesDocument.id)
        .where(
            Edition.id.not_in(read_ids),
            SalesDocument.kind.in_((SalesKind.INVOICE, SalesKind.CREDIT_NOTE)),
            or_(SalesDocument.issued_on.between(*days), Payment.received_on.between(*days)),
        )
        .distinct()
    )
    return current_session().scalars(statement.order_by(Edition.short_name)).all()


@across_editions()
def books_of(edition_ids: Collection[int]) -> Books:
    """Return the books of these editions."""
    documents = (
        select(SalesDocument)
        .where(
            SalesDocument.edition_id.in_(edition_ids),
            SalesDocument.kind.in_((SalesKind.INVOICE, SalesKind.CREDIT_NOTE)),
        )
        .options(
            joinedload(SalesDocument.exhibitor),
            selectinload(SalesDocument.lines),
            selectinload(SalesDocument.allocations).joinedload(Allocation.payment),
        )
        .order_by(SalesDocument.id)
    )
    payments = (
        select(Payment)
        .join(Payment.document)
        .where(SalesDocument.edition_id.in_(edition_ids))
        .options(
            joinedload(Payment.document).joinedload(SalesDocument.exhibitor),
            selectinload(Payment.refunds),
        )
        .order_by(Payment.id)
    )
    session = current_session()
    return Books(session.scalars(documents).all(), session.scalars(payments).all())
