"""What the page of a bank statement says of its lines."""

from collections.abc import Iterable
from decimal import Decimal

from salon.billing.engine.bank_matching import Match, Proposal
from salon.billing.models import PaymentMethod, SalesDocument, StatementLine
from salon.platform.words.formats import day, euros
from salon.platform.words.texts import folded

CHEQUES = ("cheque", "chq", "chqs", "remise")
BUTTONS = {
    Match.RECEIPT: "Enregistrer",
    Match.NOTED: "C’est ce règlement",
    Match.REFUND: "Noter le remboursement",
    Match.REFUND_NOTED: "C’est ce remboursement",
    Match.RETURNED: "Noter l’impayé",
    Match.REFUND_RETURNED: "Noter le retour",
}


def proposal_words(proposal: Proposal, line: StatementLine) -> str:
    """Say what a line may be: the documents, the exhibitor, what is due."""
    document = proposal.document
    exhibitor, of_document = document.exhibitor.name, f"pour {document.reference}"
    payment = proposal.refund.payment if proposal.refund else proposal.payment
    received = f"du {day(payment.received_on)} {of_document}, {exhibitor}" if payment else ""
    match proposal.match:
        case Match.NOTED:
            return f"Règlement {received}, déjà noté"
        case Match.REFUND:
            return f"Remboursement de ce que laisse le règlement {received}"
        case Match.REFUND_NOTED:
            return f"Remboursement sur le règlement {received}, déjà noté"
        case Match.RETURNED:
            return f"Règlement {received}, revenu impayé\u00a0: il sera annulé"
        case Match.REFUND_RETURNED:
            return f"Remboursement sur le règlement {received}, revenu\u00a0: il sera annulé"
    names: dict[str, list[str]] = {}
    for document in proposal.documents:
        names.setdefault(document.exhibitor.name, []).append(document.reference)
    documents = "\u00a0; ".join(f"{', '.join(row)}, {name}" for name, row in names.items())
    return f"{documents}\u00a0: {_due_words(proposal, line)}"


def _due_words(proposal: Proposal, line: StatementLine) -> str:
    if not proposal.due:
        return "rien n’est plus à recevoir"
    words, difference = f"{euros(proposal.due)} à recevoir", line.amount - proposal.due
    if difference:
        side = "de trop" if difference > 0 else "manqueront"
        words += f", {euros(abs(difference))} {side}"
    return words


def due_choices(dues: Iterable[tuple[SalesDocument, Decimal]]) -> dict[int, str]:
    """Return the words of invoices to choose from, by id."""
    return {
        invoice.id: f"{invoice.exhibitor.name}, {invoice.reference}\u00a0: {euros(due)} à recevoir"
        for invoice, due in dues
    }


def reasons_words(proposal: Proposal) -> str:
    return ", ".join(reason.label for reason in proposal.reasons)


def method_of(line: StatementLine, document: SalesDocument | None) -> PaymentMethod:
    """Return the way by which money came, as the label and the buyer tell it."""
    if any(word in CHEQUES for word in folded(line.label).split()):
        return PaymentMethod.CHEQUE
    is_public = document is not None and document.buyer.get("is_public")
    return PaymentMethod.MANDATE if is_public else PaymentMethod.TRANSFER
