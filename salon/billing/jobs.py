"""Store the PDF of each sales document once it is issued, and read it again as it was.

The worker makes it within seconds; until then a download is drawn, and has the same bytes.
"""

import hashlib
import logging
from datetime import datetime

from salon.billing.documents.sales_files import draw_pdf
from salon.billing.models import SalesDocument, SalesPaper
from salon.billing.queries import papers as queries
from salon.billing.queries.sales import find_document
from salon.fair.models import Edition
from salon.platform.database.db import current_session, transaction, upsert
from salon.platform.files.uploads import remove_file, save_file
from salon.platform.storage.store import FileStore

PAPERS_AT_ONCE = 20

log = logging.getLogger("salon")


def store_papers(store: FileStore, now: datetime) -> int:
    """Store the PDF of the oldest documents that have none; return their number."""
    documents = queries.documents_without_paper(PAPERS_AT_ONCE)
    for document in documents:
        _store_paper(store, document, now)
    return len(documents)


def _store_paper(store: FileStore, document: SalesDocument, now: datetime) -> None:
    """Write the file, then its row; the file is removed unless its row is the first."""
    edition = current_session().get_one(Edition, document.edition_id)
    content = draw_pdf(document, edition, find_document(document.from_id))
    stored_name, is_saved = save_file(store, content, ".pdf"), False
    try:
        with transaction() as session:
            row = upsert(SalesPaper).values(
                document_id=document.id,
                stored_name=stored_name,
                sha256=hashlib.sha256(content).hexdigest(),
                made_at=now,
            )
            first = row.on_conflict_do_nothing().returning(SalesPaper.document_id)
            is_saved = session.execute(first).first() is not None
    finally:
        if not is_saved:
            remove_file(store, stored_name)
