"""A quote, order, invoice or credit note on A4: black on white, one accent. Lengths in points.

Every font is embedded (PDF/A).
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from reportlab.lib.colors import white
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from salon.billing.documents import sales_mentions as words
from salon.billing.engine.issued_lines import totals_of
from salon.billing.models import SalesDocument, SalesKind, SalesLine
from salon.exhibitors.engine.vat import VAT
from salon.exhibitors.models import Party
from salon.platform.documents.pdf.colours import GREY, INK, LINE, SAND, SEA
from salon.platform.documents.pdf.report import (
    Fitted,
    Together,
    heading,
    paragraph,
    table,
    write_report,
)
from salon.platform.documents.pdf.sheet import FOOT_SIZE, NUMBER_WIDTH, About
from salon.platform.documents.pdf.text import ASCENT, LEADING, fit
from salon.platform.words.countries import country_name
from salon.platform.words.formats import NBSP, day, euros, moment, percent

MARGIN = 48.0
WIDTH = A4[0] - 2 * MARGIN
TOP, BAND, HEAD = 32.0, 10.0, 82.0
COLUMNS = (WIDTH - 257.0, 48.0, 74.0, 46.0, 89.0)
LEFT_SIDE, RIGHT_SIDE = WIDTH - 255.0, 255.0
ORIGINS = {
    SalesKind.QUOTE: "Devis accepté",
    SalesKind.ORDER: "Commande confirmée",
    SalesKind.INVOICE: "Facture d’origine",
}
WHOLE = ((0, 0), (-1, -1))
GUTTER = ("RIGHTPADDING", (0, 0), (0, -1), 14)
LOWER = (1 - ASCENT) * 9.5
"""How much higher a figure is drawn than a paragraph of the same size."""
LEGIBLE = 6.0
"""The smallest size of a line of the foot."""


def sales_pdf(
    document: SalesDocument,
    fair: Sequence[str],
    performed_on: date,
    origin: SalesDocument | None = None,
) -> bytes:
    """Return the PDF of a document. `fair`: its name and date; `origin`: its origin document."""
    name, seller = f"{document.label} {document.reference}", document.seller
    return write_report(
        [
            _head(document, fair),
            _parties(document),
            _references(document, performed_on, origin),
            _lines(document.lines),
            Together(_ending(document, origin)),
        ],
        About(name, str(seller["name"]), foot=_foot(seller), is_reproducible=True),
        running_head=heading(name, 11, colour=SEA),
        draw_first=_band,
        margin=MARGIN,
        top=TOP,
    )


def _foot(seller: Party) -> list[str]:
    """Return the name and address of the issuer, or its name alone, then its numbers."""
    whole = f"{seller['name']} · {_address(seller)}"
    block = fit(whole, WIDTH - NUMBER_WIDTH, FOOT_SIZE * LEADING, FOOT_SIZE, LEGIBLE - 1)
    identifiers = filter(None, (_siret(seller), _vat_number(seller)))
    return [whole if block.size >= LEGIBLE else seller["name"], " · ".join(identifiers)]


def _band(canvas: Canvas) -> None:
    canvas.setFillColor(SEA)
    canvas.rect(0, A4[1] - BAND, A4[0], BAND, stroke=0, fill=1)


def _head(document: SalesDocument, fair: Sequence[str]) -> Flowable:
    issued = "Émise" if document.kind == SalesKind.INVOICE else "Émis"
    left = [
        paragraph(document.label, 27, bold=True, colour=SEA),
        paragraph(f"n°{NBSP}{document.reference}", 12, bold=True, colour=INK, before=2),
        paragraph(f"{issued} le {day(document.issued_on)}", 9.5, colour=GREY, before=2),
    ]
    right = [paragraph(line, 9.5, colour=GREY, align="right", before=2) for line in fair]
    return table([[left, right]], (LEFT_SIDE, RIGHT_SIDE), heights=(HEAD,), padding=(0, 0))


def _parties(document: SalesDocument) -> Flowable:
    """Return the issuer on the left; the buyer on the right, where a window envelope shows it."""
    issuer = [_term("Émetteur"), *_party(document.seller)]
    buyer = [_term("Client"), *_party(document.buyer, says_country=VAT in document.seller)]
    card = table(
        [[buyer]],
        (RIGHT_SIDE,),
        [("BACKGROUND", *WHOLE, SAND), ("ROUNDEDCORNERS", [4] * 4)],
        least=96,
        padding=(14, 10),
    )
    sides = table([[issuer, card]], (LEFT_SIDE, RIGHT_SIDE), [GUTTER], padding=(0, 0))
    sides.spaceAfter = 20
    return sides


def _party(party: Party, says_country: bool = False) -> list[Flowable]:
    place = f"{party.get('postal_code', '')} {party['city']}".strip()
    lines = [party["address"], place]
    if says_country and party.get("country", "FR") != "FR":
        lines.append(country_name(party["country"]))
    exhibitor = party.get("exhibitor", "")
    if party.get("exhibitor_address") or exhibitor not in ("", party["name"]):
        names = (exhibitor, party.get("exhibitor_address"))
        lines.append(f"Exposant{NBSP}: {', '.join(filter(None, names))}")
    lines += filter(None, (words.legal_words(party), _siret(party), _vat_number(party)))
    name = paragraph(party["name"], 11.5, bold=True, colour=INK)
    return [name, *(paragraph(line, 9.5, colour=INK) for line in lines)]


def _address(party: Party) -> str:
    return f"{party['address']}, {party['postal_code']} {party['city']}"


def _siret(party: Party) -> str:
    return f"SIRET {words.siret_words(party['siret'])}" if party.get("siret") else ""


def _vat_number(party: Party) -> str:
    if not party.get("vat_number"):
        return ""
    name = "TVA" if words.is_vat_number(party) else f"N°{NBSP}d’entreprise"
    return f"{name} {party['vat_number']}"


def _references(
    document: SalesDocument, performed_on: date, origin: SalesDocument | None
) -> Flowable:
    """Return the references of the document, one cell each, four on a row."""
    cells: list[object] = [
        [_term(term), paragraph(value, 10, bold=True, colour=INK)]
        for term, value in _facts(document, performed_on, origin)
    ]
    cells += [""] * (-len(cells) % 4)
    rows = [cells[start : start + 4] for start in range(0, len(cells), 4)]
    apart = [("RIGHTPADDING", *WHOLE, 10)]
    references = table(rows, [WIDTH / 4] * 4, apart, padding=(0, 4))
    references.spaceAfter = 8
    return references


def _facts(
    document: SalesDocument, performed_on: date, origin: SalesDocument | None
) -> list[tuple[str, str]]:
    due = f"{document.due_on:%d/%m/%Y}" if document.due_on and not words.is_free(document) else ""
    performed = "Service fait le" if document.service_done_on else "Prestation du"
    names = {SalesKind.QUOTE: "Valable jusqu’au", SalesKind.INVOICE: "À régler au plus tard le"}
    cells = [
        (names.get(document.kind, ""), due),
        (ORIGINS[origin.kind] if origin else "", origin.reference if origin else ""),
        ("Complète", document.remark if document.kind == SalesKind.QUOTE else ""),
        ("Numéro d’engagement", document.engagement_number),
        ("Code service", document.service_code),
        ("Votre bon de commande", document.purchase_order),
        (performed, f"{performed_on:%d/%m/%Y}"),
    ]
    return [(term, value) for term, value in cells if term and value]


def _lines(lines: Sequence[SalesLine]) -> Flowable:
    titles = ("Désignation", "Quantité", "Prix unitaire HT", "TVA", "Montant HT")
    rows = [
        [_cell(title, at, 8.5, bold=True, colour=white) for at, title in enumerate(titles)],
        *([_cell(text, at) for at, text in enumerate(_row(line))] for line in lines),
    ]
    style = [
        ("BACKGROUND", (0, 0), (-1, 0), SEA),
        ("LINEBELOW", (0, 1), (-1, -1), 0.6, LINE),
        ("TOPPADDING", (1, 0), (-1, -1), 4.5 + LOWER),
        ("BOTTOMPADDING", (1, 0), (-1, -1), 4.5 - LOWER),
    ]
    return table(rows, COLUMNS, style, heads=1, padding=(4, 4.5))


def _row(line: SalesLine) -> Sequence[str]:
    quantity = words.quantity_words(line.quantity)
    unit = f"{NBSP}m²" if line.unit.value == "area" else ""
    prices = euros(line.unit_price), percent(line.vat_rate), euros(line.net)
    return line.full_label, f"{quantity}{unit}", *prices


def _cell(text: str, column: int, size: float = 9.5, **options: Any) -> Flowable:
    """Return a label that wraps, or a figure on the right."""
    if column:
        return Fitted(text, size, align="right", **{"colour": INK, **options})
    return paragraph(text, size, leading=LEADING, **{"colour": INK, **options})


def _ending(document: SalesDocument, origin: SalesDocument | None) -> list[Flowable]:
    """Return totals on the right, terms of payment on the left, then the mandatory mentions."""
    sides = [[_terms(document, origin), _totals(document)]]
    return [
        table(sides, (LEFT_SIDE, RIGHT_SIDE), [GUTTER], padding=(0, 14)),
        *(_note(note, document) for _, note in words.legal_notes(document)),
    ]


def _note(note: str, document: SalesDocument) -> Flowable:
    """Return a mention; that of the treatment of VAT is larger than the rest."""
    if note == document.seller.get(VAT, {}).get("mention"):
        return paragraph(note, 9.5, colour=INK, before=4)
    return paragraph(note, 7.8, colour=GREY)


def _totals(document: SalesDocument) -> Flowable:
    names = {SalesKind.INVOICE: "Net à payer TTC", SalesKind.CREDIT_NOTE: "Avoir TTC"}
    total = names.get(document.kind, "Total TTC")
    terms = [("Total HT", euros(document.net))]
    for rate, base, vat in totals_of(document).by_rate:
        terms.append((f"TVA {percent(rate)} sur {euros(base)}", euros(vat)))
    rows: list[list[Any]] = [
        *([Fitted(term, 9.5, colour=GREY), _cell(value, 1)] for term, value in terms),
        [
            Fitted(total, 10.5, bold=True, colour=INK),
            Fitted(euros(document.gross), 15, bold=True, colour=SEA, align="right"),
        ],
    ]
    style = [
        ("BACKGROUND", (0, -1), (-1, -1), SAND),
        ("VALIGN", (0, -1), (-1, -1), "MIDDLE"),
        *((f"{side}PADDING", (0, -1), (-1, -1), 8) for side in ("TOP", "BOTTOM")),
    ]
    return table(rows, (140, RIGHT_SIDE - 140), style, padding=(4, 2.5))


def _terms(document: SalesDocument, origin: SalesDocument | None) -> list[Flowable]:
    """Return the terms of payment; on a quote, the signature box; on an order, the signatory."""
    lines: Sequence[tuple[str, str]]
    if document.kind == SalesKind.QUOTE:
        return [_agreement_box()]
    if document.kind == SalesKind.ORDER:
        agreed = document.remark or f"Confirmée par {document.created_by}"
        lines = [("Accord", f"{agreed}, le {moment(document.created_at)}.")]
    elif document.kind == SalesKind.CREDIT_NOTE:
        lines = [("Objet", words.due_words(document, origin)), ("Motif", document.remark)]
    elif words.is_free(document):
        lines = [("Règlement", words.due_words(document))]
    else:
        seller = document.seller
        lines = [
            ("Règlement", words.due_words(document)),
            ("IBAN", words.iban_words(seller["iban"])),
            ("BIC", str(seller.get("bic", ""))),
            ("Référence à rappeler", document.reference),
        ]
    return [
        piece
        for term, value in lines
        if value
        for piece in (_term(term, 5), paragraph(value, 10, bold=True, colour=INK))
    ]


def _agreement_box() -> Flowable:
    signed = "Date, nom, fonction, signature et cachet"
    text = [paragraph("Bon pour accord", 10, bold=True, colour=INK), _term(signed)]
    style = [("BOX", *WHOLE, 0.8, LINE), ("ROUNDEDCORNERS", [4] * 4)]
    return table([[text]], (LEFT_SIDE - 22,), style, heights=(98,), padding=(10, 7))


def _term(text: str, before: float = 0) -> Flowable:
    return paragraph(text, 8, colour=GREY, before=before)
