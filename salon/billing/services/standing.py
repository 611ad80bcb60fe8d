"""Follow the standing of the fair: what stays due, the credit notes that a cancellation asks."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from salon.billing.engine.ledger import amount_asked, amount_received
from salon.billing.models import SalesDocument
from salon.billing.queries.ledger import credit_notes_by_invoice, standing_invoices
from salon.billing.queries.sales import find_document
from salon.fair.models import Edition
from salon.platform.database.consequences import (
    Consequence,
    Consequences,
    Fate,
    Follower,
    Standing,
    StandingChange,
)
from salon.platform.words.formats import euros


class BillingFollower(Follower[StandingChange]):
    """Propose credit notes and refunds when the fair is cancelled; issue none."""

    name = "billing"

    def follow(self, session: Session, change: StandingChange) -> Consequences:
        edition = session.get_one(Edition, change.edition_id)
        invoices, notes = standing_invoices(edition), credit_notes_by_invoice(edition)
        if change.after == Standing.CANCELLED:
            ids = [invoice.id for invoice in invoices]
            paid = [invoice for invoice in invoices if amount_received(invoice.allocations)]
            return [
                Consequence(Fate.LEFT_TO_DO, "Avoirs à établir", _names(invoices, notes), ids),
                Consequence(
                    Fate.LEFT_TO_DO,
                    "Règlements à rendre, une fois l’avoir établi",
                    [_payment_name(invoice) for invoice in paid],
                ),
            ]
        if change.before == Standing.CANCELLED:
            former = map(find_document, change.former.get(self.name, ()))
            credited = [invoice for invoice in former if invoice and invoice not in invoices]
            label = "Factures annulées par un avoir, à établir de nouveau"
            return [Consequence(Fate.LEFT_TO_DO, label, _names(credited, {}))]
        return [Consequence(Fate.KEPT, "Factures, toujours dues", _names(invoices, notes))]


def _names(
    invoices: Sequence[SalesDocument], notes: Mapping[int, Sequence[SalesDocument]]
) -> list[str]:
    """Name invoices with what their credit notes, by id, leave of them."""
    return [
        f"{invoice.reference}, {invoice.exhibitor.name}, "
        f"{euros(amount_asked(invoice, notes.get(invoice.id, ())))}"
        for invoice in invoices
    ]


def _payment_name(invoice: SalesDocument) -> str:
    paid = euros(amount_received(invoice.allocations))
    return f"{invoice.reference}, {invoice.exhibitor.name}, {paid}"
