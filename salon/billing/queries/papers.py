"""The stored PDF of sales documents."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from salon.billing.models import SalesDocument, SalesPaper
from salon.platform.database.db import current_session
from salon.platform.database.edition_scope import across_editions


def find_paper(document_id: int) -> SalesPaper | None:
    return current_session().get(SalesPaper, document_id)


def documents_without_paper(limit: int) -> Sequence[SalesDocument]:
    """Return the oldest documents whose PDF is not stored yet, with their lines.

    Those whose ten years are over, whose buyer and author are blanked, are stored no more.
    """
    statement = (
        select(SalesDocument)
        .outerjoin(SalesPaper, SalesPaper.document_id == SalesDocument.id)
        .where(SalesPaper.document_id.is_(None), SalesDocument.created_by != "")
        .options(selectinload(SalesDocument.lines))
        .order_by(SalesDocument.id)
        .limit(limit)
    )
    return current_session().scalars(statement).all()


@across_editions()
def stored_names() -> set[str]:
    """Return the file names of the documents of every edition."""
    return set(current_session().scalars(select(SalesPaper.stored_name)))
