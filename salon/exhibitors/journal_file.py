"""The sales journal as a spreadsheet: one row per invoice, one, negative, per credit note."""

import io
from collections.abc import Mapping, Sequence
from decimal import Decimal

from salon.exhibitors.ledger import received
from salon.exhibitors.models import SalesDocument, SalesKind
from salon.exhibitors.pricing import ZERO, totals_of
from salon.formats import percent

Cell = str | Decimal
HEADS = (
    *("Date", "Pièce", "Numéro", "Exposant", "Client facturé", "SIRET", "Acheteur public"),
    *("Numéro d’engagement", "Code service", "Bon de commande", "Échéance", "Facture d’origine"),
)
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
        f"{one.issued_on:%d/%m/%Y}",
        one.kind.label,
        one.reference,
        one.exhibitor.name,
        str(one.buyer["name"]),
        str(one.buyer.get("siret", "")),
        "oui" if one.buyer.get("is_public") else "non",
        one.engagement_number,
        one.service_code,
        one.purchase_order,
        f"{one.due_on:%d/%m/%Y}" if one.due_on else "",
        origin,
    ]
    for rate in rates:
        base, vat = by_rate.get(rate, (ZERO, ZERO))
        cells += [sign * base + ZERO, sign * vat + ZERO]
    amounts = (one.net, one.vat, one.gross)
    return [*cells, *(sign * amount + ZERO for amount in amounts), received(one.payments)]


def journal_text(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """The rows as French texts: « -1234,50 »."""
    return [
        [f"{cell:.2f}".replace(".", ",") if isinstance(cell, Decimal) else cell for cell in row]
        for row in rows
    ]


def journal_workbook(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """An XLSX whose amounts are numbers and whose texts are never formulas."""
    import xlsxwriter

    target = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet("Journal des ventes")
        strong = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        money = book.add_format({"num_format": "#,##0.00"})
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, strong)
        for place, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, Decimal):
                    sheet.write_number(place, column, float(cell), money)
                else:
                    sheet.write_string(place, column, cell)
        sheet.set_column(0, len(heads) - 1, 14)
        sheet.set_column(3, 4, 32)
        sheet.freeze_panes(1, 3)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, len(rows), len(heads) - 1)
    return target.getvalue()
