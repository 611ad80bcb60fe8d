"""Mails to the billing contact, posted in the transaction that issues the document."""

from sqlalchemy.orm import Session

from salon.billing.models import SalesDocument, SalesKind
from salon.exhibitors.models import ContactKind, Exhibitor
from salon.platform.mail import outbox
from salon.platform.mail.wording import Context
from salon.platform.words.formats import day, euros

MAILS = {
    SalesKind.QUOTE: "quote_ready",
    SalesKind.ORDER: "order_confirmed",
    SalesKind.INVOICE: "invoice_issued",
    SalesKind.CREDIT_NOTE: "credit_note_issued",
}


def post_document(
    session: Session, exhibitor: Exhibitor, document: SalesDocument, invoice: str = ""
) -> None:
    """Notify the billing contact, if there is one, that a document was issued."""
    contact = exhibitor.contact(ContactKind.BILLING)
    if contact is None or not contact.email:
        return
    outbox.post(
        session,
        MAILS[document.kind],
        contact.email,
        about=f"exhibitor:{exhibitor.id}",
        **context_of(exhibitor, document),
        invoice=invoice,
    )


def context_of(exhibitor: Exhibitor, document: SalesDocument) -> Context:
    """Return the variables of every mail about a document."""
    return {
        "exhibitor_id": exhibitor.id,
        "exhibitor": exhibitor.name,
        "reference": document.reference,
        "gross": euros(document.gross),
        "due": day(document.due_on) if document.due_on else "",
        "is_free": not document.gross,
        "is_public": exhibitor.is_public_body,
    }
