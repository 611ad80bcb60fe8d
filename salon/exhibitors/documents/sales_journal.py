"""The sales journal as a spreadsheet: one row per invoice, one, negative, per credit note."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from salon.exhibitors.engine.ledger import received
from salon.exhibitors.engine.pricing import ZERO, totals_of
from salon.exhibitors.models import SalesDocument, SalesKind
from salon.platform.formats import percent
from salon.platform.spreadsheets import Cell, Column, workbook

HEADS = (
    *("Date", "Pièce", "Numéro", "Exposant", "Client facturé", "SIRET", "Acheteur public"),
    *("Numéro d’engagement", "Code service", "Bon de commande", "Échéance", "Facture d’origine"),
)
WIDE = ("Exposant", "Client facturé")
ENDS = ("Total HT", "TVA", "Total TTC", "Réglé")


def journal_rows(
    documents: Sequence[SalesDocument], references: Mapping[int, str]
) -> tuple[list[str], list[list[Cell]]]:
    """The heads, with two columns per VAT rate met, and the rows.

    `references`: the number of each document by its id, to name the invoice of a credit note.
    """
    rates = sorted({line.vat_rate for one in documents for line in one.lines}, reverse=True)
    heads = [*HEADS]
    for rate in rates:
        heads += [f"Base HT à {percent(rate)}", f"TVA à {percent(rate)}"]
    return [*heads, *ENDS], [_row(one, rates, references) for one in documents]


def _row(one: SalesDocument, rates: Sequence[Decimal], references: Mapping[int, str]) -> list[Cell]:
    sign = -1 if one.kind == SalesKind.CREDIT_NOTE else 1
    by_rate = {rate: (base, vat) for rate, base, vat in totals_of(one).by_rate}
    origin = references.get(one.from_id or 0, "") if one.kind == SalesKind.CREDIT_NOTE else ""
    cells: list[Cell] = [
        one.issued_on or "",
        one.kind.label,
        one.reference,
        one.exhibitor.name,
        str(one.buyer["name"]),
        str(one.buyer.get("siret", "")),
        "oui" if one.buyer.get("is_public") else "non",
        one.engagement_number,
        one.service_code,
        one.purchase_order,
        one.due_on or "",
        origin,
    ]
    for rate in rates:
        base, vat = by_rate.get(rate, (ZERO, ZERO))
        cells += [sign * base + ZERO, sign * vat + ZERO]
    amounts = (one.net, one.vat, one.gross)
    return [*cells, *(sign * amount + ZERO for amount in amounts), received(one.payments)]


def journal_workbook(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    columns = [Column(head, 32 if head in WIDE else 14) for head in heads]
    return workbook("Journal des ventes", columns, rows, kept_columns=3)
