"""A quote, order, invoice or credit note on A4: black on white, one accent. Lengths in points."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from reportlab.lib.colors import HexColor

from salon.billing.documents import sales_mentions as words
from salon.billing.documents.sales_sheet import GREY, HEIGHT, LEFT, LINE, RIGHT, SEA, WIDTH, Paper
from salon.billing.engine.issued_lines import totals_of
from salon.billing.models import SalesDocument, SalesKind, SalesLine
from salon.platform.formats import NBSP, day, euros, percent
from salon.platform.pdf.text import LEADING

COLUMNS = {"quantity": 338.0, "price": 412.0, "vat": 458.0}
LABEL_WIDTH = 238.0
ORIGINS = {
    SalesKind.QUOTE: "Devis accepté",
    SalesKind.ORDER: "Commande confirmée",
    SalesKind.INVOICE: "Facture d’origine",
}


def sales_pdf(
    document: SalesDocument,
    fair: Sequence[str],
    performed_on: date,
    origin: SalesDocument | None = None,
) -> bytes:
    """Return the PDF of a document. `fair`: its name and date; `origin`: its origin document."""
    pages = _draw_pages(document, fair, performed_on, origin, 1).page
    return _draw_pages(document, fair, performed_on, origin, pages).finish()


def _draw_pages(
    document: SalesDocument,
    fair: Sequence[str],
    performed_on: date,
    origin: SalesDocument | None,
    pages: int,
) -> Paper:
    paper = Paper(document, pages)
    head(paper, fair)
    parties(paper)
    facts(paper, performed_on, origin)
    table_head(paper)
    for line in document.lines:
        row(paper, line)
    ending(paper, origin)
    return paper


def head(paper: Paper, fair: Sequence[str]) -> None:
    document = paper.document
    paper.canvas.setFillColor(SEA)
    paper.canvas.rect(0, HEIGHT - 10, WIDTH, 10, stroke=0, fill=1)
    paper.text(document.kind.label, LEFT, HEIGHT - 34, 27, bold=True, colour=SEA, width=300)
    issued = "Émise" if document.kind == SalesKind.INVOICE else "Émis"
    end = paper.text(f"n°{NBSP}{document.reference}", LEFT, HEIGHT - 67, 12, bold=True)
    paper.text(f"{issued} le {day(document.issued_on)}", LEFT, end - 3, 9.5, colour=GREY)
    top = HEIGHT - 44
    for line in fair:
        top = paper.text(line, RIGHT, top, 9.5, right=True, colour=GREY, width=290) - 2
    paper.top = HEIGHT - 124


def parties(paper: Paper) -> None:
    """Draw the issuer on the left; the buyer on the right, where a window envelope shows it."""
    middle = 306.0
    width = RIGHT - middle - 12
    buyer = _party(paper.document.buyer)
    height = sum(
        len(paper.wrapped(text, size, bold, width)) * size * LEADING + gap
        for text, size, bold, gap in buyer
    )
    paper.box(middle - 14, paper.top + 10, RIGHT - middle + 22, max(height + 24, 96))
    left = _draw_party(paper, "Émetteur", _party(paper.document.seller), LEFT, 220)
    right = _draw_party(paper, "Client", buyer, middle, width)
    paper.top = min(left, right, paper.top - 86) - 30


def _party(party: dict[str, Any]) -> list[tuple[str, float, bool, float]]:
    """Return (text, size, bold, room above) of each line."""
    place = f"{party.get('postal_code', '')} {party['city']}".strip()
    lines = [party["address"], place]
    exhibitor = party.get("exhibitor", "")
    if party.get("exhibitor_address") or exhibitor not in ("", party["name"]):
        names = (exhibitor, party.get("exhibitor_address"))
        lines.append(f"Exposant{NBSP}: {', '.join(filter(None, names))}")
    if party.get("siret"):
        lines.append(f"SIRET {words.siret_words(party['siret'])}")
    if party.get("vat_number"):
        lines.append(f"TVA {party['vat_number']}")
    return [(party["name"], 11.5, True, 2), *((line, 9.5, False, 1.5) for line in lines)]


def _draw_party(
    paper: Paper,
    title: str,
    lines: Sequence[tuple[str, float, bool, float]],
    x: float,
    width: float,
) -> float:
    end = paper.text(title, x, paper.top, 8, colour=GREY)
    for text, size, bold, gap in lines:
        end = paper.text(text, x, end - gap, size, bold=bold, width=width)
    return end


def facts(paper: Paper, performed_on: date, origin: SalesDocument | None) -> None:
    """Draw the references of the document, one cell each, on as many rows as needed."""
    cells = _facts(paper.document, performed_on, origin)
    width = (RIGHT - LEFT) / 4
    for start in range(0, len(cells), 4):
        ends = []
        for column, (term, value) in enumerate(cells[start : start + 4]):
            x = LEFT + column * width
            end = paper.text(term, x, paper.top, 8, colour=GREY, width=width - 8)
            ends.append(paper.text(value, x, end - 2, 10, bold=True, width=width - 8))
        paper.top = min(ends) - 12
    paper.top -= 4


def _facts(
    document: SalesDocument, performed_on: date, origin: SalesDocument | None
) -> list[tuple[str, str]]:
    due = f"{document.due_on:%d/%m/%Y}" if document.due_on else ""
    performed = "Service fait le" if document.service_done_on else "Prestation du"
    names = {SalesKind.QUOTE: "Valable jusqu’au", SalesKind.INVOICE: "À régler au plus tard le"}
    cells = [
        (names.get(document.kind, ""), due),
        (ORIGINS[origin.kind] if origin else "", origin.reference if origin else ""),
        ("Numéro d’engagement", document.engagement_number),
        ("Code service", document.service_code),
        ("Votre bon de commande", document.purchase_order),
        (performed, f"{performed_on:%d/%m/%Y}"),
    ]
    return [(term, value) for term, value in cells if term and value]


def table_head(paper: Paper) -> None:
    top = paper.top
    paper.canvas.setFillColor(SEA)
    paper.canvas.rect(LEFT - 8, top - 20, RIGHT - LEFT + 16, 22, stroke=0, fill=1)
    white = HexColor("#FFFFFF")
    paper.text("Désignation", LEFT, top - 4, 8.5, bold=True, colour=white)
    for title, x in (
        ("Quantité", COLUMNS["quantity"]),
        ("Prix unitaire HT", COLUMNS["price"]),
        ("TVA", COLUMNS["vat"]),
        ("Montant HT", RIGHT),
    ):
        paper.text(title, x, top - 4, 8.5, bold=True, colour=white, right=True)
    paper.top = top - 28


def row(paper: Paper, line: SalesLine) -> None:
    """Draw one line of the table; its label takes as many lines as it needs."""
    lines = paper.wrapped(line.label, 9.5, False, LABEL_WIDTH)
    height = len(lines) * 9.5 * LEADING + 9
    if not paper.room(height):
        paper.turn()
        table_head(paper)
    paper.text(line.label, LEFT, paper.top, width=LABEL_WIDTH)
    quantity = f"{line.quantity.normalize():f}".replace(".", ",")
    unit = f"{NBSP}m²" if line.unit.value == "area" else ""
    paper.text(f"{quantity}{unit}", COLUMNS["quantity"], paper.top, right=True)
    paper.text(euros(line.unit_price), COLUMNS["price"], paper.top, right=True)
    paper.text(percent(line.vat_rate), COLUMNS["vat"], paper.top, right=True)
    paper.text(euros(line.net), RIGHT, paper.top, right=True)
    paper.top -= height
    paper.rule(paper.top + 4)


def ending(paper: Paper, origin: SalesDocument | None) -> None:
    """Draw totals on the right, terms of payment on the left, then the mandatory mentions."""
    document = paper.document
    total = totals_of(document)
    if not paper.room(190 + 30 * len(total.by_rate)):
        paper.turn()
    start = paper.top - 12
    bottom = _totals(paper, start)
    left = _draw_terms(paper, start, origin)
    paper.top = min(bottom, left) - 18
    for _, note in words.legal_notes(document):
        paper.top = paper.text(note, LEFT, paper.top, 7.8, colour=GREY) - 2


def _totals(paper: Paper, top: float) -> float:
    document = paper.document
    x = 338.0
    rows = [("Total HT", euros(document.net))]
    for rate, base, vat in totals_of(document).by_rate:
        rows.append((f"TVA {percent(rate)} sur {euros(base)}", euros(vat)))
    for term, value in rows:
        paper.text(term, x, top, colour=GREY)
        paper.text(value, RIGHT, top, right=True)
        top -= 17
    top -= 4
    paper.box(x - 10, top + 4, RIGHT - x + 18, 34)
    names = {SalesKind.INVOICE: "Net à payer TTC", SalesKind.CREDIT_NOTE: "Avoir TTC"}
    paper.text(names.get(document.kind, "Total TTC"), x, top - 8, 10.5, bold=True)
    paper.text(euros(document.gross), RIGHT, top - 5, 15, bold=True, right=True, colour=SEA)
    return top - 34


def _draw_terms(paper: Paper, top: float, origin: SalesDocument | None) -> float:
    """Draw the terms of payment; on a quote, the signature box; on an order, the signatory."""
    document = paper.document
    lines: Sequence[tuple[str, str]]
    if document.kind == SalesKind.QUOTE:
        return _agreement_box(paper, top)
    if document.kind == SalesKind.ORDER:
        agreed = f"Bon pour accord{NBSP}: {document.created_by}, le {day(document.issued_on)}."
        lines = [("Commande confirmée", agreed)]
    elif document.kind == SalesKind.CREDIT_NOTE:
        lines = [("Objet", words.due_words(document, origin))]
    else:
        seller = document.seller
        lines = [
            ("Règlement", words.due_words(document)),
            ("IBAN", words.iban_words(seller["iban"])),
            ("BIC", str(seller.get("bic", ""))),
            ("Référence à rappeler", document.reference),
        ]
    for term, value in lines:
        if value:
            end = paper.text(term, LEFT, top, 8, colour=GREY)
            top = paper.text(value, LEFT, end - 1, 10, bold=True, width=250) - 7
    return top


def _agreement_box(paper: Paper, top: float) -> float:
    paper.canvas.setStrokeColor(LINE)
    paper.canvas.setLineWidth(0.8)
    paper.canvas.roundRect(LEFT, top - 96, 254, 98, 4, stroke=1, fill=0)
    end = paper.text("Bon pour accord", LEFT + 10, top - 7, 10, bold=True)
    paper.text("Date, nom, fonction, signature et cachet", LEFT + 10, end - 1, 8, colour=GREY)
    return top - 98
