"""Attachments of the messages about sales documents."""

from salon.billing.documents.sales_files import file_name, pdf_of
from salon.billing.queries.sales import find_document, find_document_named
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.mail.delivery import Attachment
from salon.platform.mail.wording import Context

WITH_DOCUMENT = (
    *("quote_ready", "order_confirmed", "invoice_issued", "invoice_reminder"),
    "credit_note_issued",
)


def attachments(kind: str, context: Context) -> list[Attachment]:
    """Return the PDF of the document that a message is about (a Factur-X for an invoice)."""
    if kind not in WITH_DOCUMENT:
        return []
    document = find_document_named(context["exhibitor_id"], context["reference"])
    if document is None:
        return []
    edition = current_session().get_one(Edition, document.edition_id)
    content = pdf_of(document, edition, find_document(document.from_id))
    return [Attachment(file_name(document), "pdf", content, maintype="application")]
