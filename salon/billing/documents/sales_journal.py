"""The sales journal as a spreadsheet: one row per invoice, one negative row per credit note."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from salon.billing.engine.issued_lines import totals_of
from salon.billing.engine.ledger import amount_received
from salon.billing.models import Payment, SalesDocument, SalesKind
from salon.exhibitors.engine.pricing import ZERO
from salon.platform.documents.spreadsheets.cells import Cell
from salon.platform.documents.spreadsheets.writer import Column, Table
from salon.platform.words.formats import percent

HEADS = (
    *("Date", "Pièce", "Numéro", "Exposant", "Client facturé", "SIRET", "Numéro de TVA", "Pays"),
    *("Acheteur public", "Numéro d’engagement", "Code service", "Bon de commande", "Échéance"),
    "Facture d’origine",
)
WIDE = ("Pièce", "Exposant", "Client facturé", "Moyen")
ENDS = ("Total HT", "TVA", "Total TTC", "Réglé", "Réglé le", "Moyen")


def journal_table(documents: Sequence[SalesDocument]) -> Table:
    """Return the journal, with two columns per VAT rate in use.

    A credit note names the invoice among `documents` that it reverses.
    """
    references = {document.id: document.reference for document in documents}
    rates = sorted(
        {line.vat_rate for document in documents for line in document.lines}, reverse=True
    )
    heads = [*HEADS]
    for rate in rates:
        heads += [f"Base HT à {percent(rate)}", f"TVA à {percent(rate)}"]
    columns = [Column(head, width=32 if head in WIDE else 14) for head in (*heads, *ENDS)]
    rows = (_row(document, rates, references) for document in documents)
    return Table("Journal des ventes", columns, rows, frozen_columns=3)


def _receipts_of(document: SalesDocument) -> list[Payment]:
    """Return the receipts that pay something of a document, in the order they came."""
    paid: defaultdict[Payment, Decimal] = defaultdict(Decimal)
    for allocation in document.allocations:
        if allocation.cancelled_at is None:
            paid[allocation.payment] += allocation.amount
    return [payment for payment, amount in paid.items() if amount]


def _row(
    document: SalesDocument, rates: Sequence[Decimal], references: Mapping[int, str]
) -> list[Cell]:
    sign = -1 if document.kind == SalesKind.CREDIT_NOTE else 1
    by_rate = {rate: (base, vat) for rate, base, vat in totals_of(document).by_rate}
    origin = (
        references.get(document.from_id or 0, "") if document.kind == SalesKind.CREDIT_NOTE else ""
    )
    cells: list[Cell] = [
        document.issued_on or "",
        document.label,
        document.reference,
        document.exhibitor.name,
        str(document.buyer["name"]),
        *(str(document.buyer.get(name, "")) for name in ("siret", "vat_number", "country")),
        "oui" if document.buyer.get("is_public") else "non",
        document.engagement_number,
        document.service_code,
        document.purchase_order,
        document.due_on or "",
        origin,
    ]
    for rate in rates:
        base, vat = by_rate.get(rate, (ZERO, ZERO))
        cells += [sign * base + ZERO, sign * vat + ZERO]
    receipts = _receipts_of(document)
    amounts = (document.net, document.vat, document.gross)
    return [
        *cells,
        *(sign * amount + ZERO for amount in amounts),
        amount_received(document.allocations),
        max((receipt.received_on for receipt in receipts), default=""),
        ", ".join(dict.fromkeys(receipt.method.label for receipt in receipts)),
    ]
