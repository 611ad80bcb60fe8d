"""Files of a sales document: PDF, Factur-X, and the bundle for Chorus Pro.

PDF libraries are imported only when a file is asked for: pages start without them.
"""

import hashlib
import io
import json
import logging
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from salon.billing.engine.issued_fair import fair_of, performed_on
from salon.billing.engine.issued_lines import totals_of
from salon.billing.models import SalesDocument, SalesKind
from salon.billing.queries.papers import find_paper
from salon.billing.queries.sales import deducted_deposits
from salon.fair.models import Edition
from salon.platform.documents.spreadsheets.writer import csv_lines
from salon.platform.files.uploads import upload
from salon.platform.web.access import settings
from salon.platform.words.formats import percent

log = logging.getLogger("salon")

STRUCTURED = (SalesKind.INVOICE, SalesKind.CREDIT_NOTE)
FRAMES = {
    SalesKind.INVOICE: "A1_FACTURE_FOURNISSEUR",
    SalesKind.CREDIT_NOTE: "A1_FACTURE_FOURNISSEUR",
}
TYPES = {SalesKind.INVOICE: "FACTURE", SalesKind.CREDIT_NOTE: "AVOIR"}
STAMP = (1980, 1, 1, 0, 0, 0)
"""Every file of a bundle bears the same date: the same document gives the same bytes."""


def file_name(document: SalesDocument, suffix: str = "pdf") -> str:
    """Return « facture-F-2021-0001.pdf »."""
    names = {"quote": "devis", "order": "commande", "invoice": "facture", "credit_note": "avoir"}
    return f"{names[document.kind.value]}-{document.reference}.{suffix}"


def pdf_of(document: SalesDocument, edition: Edition, origin: SalesDocument | None) -> bytes:
    """Return the PDF of a document as it is stored, or drawn when it is not stored yet."""
    paper = find_paper(document.id)
    if paper is None:
        return draw_pdf(document, edition, origin)
    try:
        content = settings().file_store.read(upload(paper.stored_name))
    except OSError as error:
        log.error("the stored file of %s is not read: %s", document.reference, error)
        return draw_pdf(document, edition, origin)
    if hashlib.sha256(content).hexdigest() != paper.sha256:
        log.error("the stored file of %s has changed: it is drawn again", document.reference)
        return draw_pdf(document, edition, origin)
    return content


def draw_pdf(document: SalesDocument, edition: Edition, origin: SalesDocument | None) -> bytes:
    """Draw the PDF of a document; for an invoice or a credit note, a Factur-X.

    `origin`: the document it was made from; the invoice, for a credit note.
    """
    from salon.billing.documents.sales_pdf import sales_pdf

    facts = fair_of(document, edition)
    fair = (facts["name"], facts["city"], facts["days"])
    pdf = sales_pdf(document, fair, performed_on(document, edition), origin)
    if document.kind not in STRUCTURED:
        return pdf
    from salon.billing.documents.facturx import embedded

    return embedded(pdf, xml_of(document, edition, origin), document)


def xml_of(document: SalesDocument, edition: Edition, origin: SalesDocument | None) -> bytes:
    """Return the CII XML of an invoice, or of the credit note of the invoice `origin`."""
    from salon.billing.documents.facturx import invoice_xml

    is_note = document.kind == SalesKind.CREDIT_NOTE
    preceding = filter(None, [origin]) if is_note else deducted_deposits(document)
    return invoice_xml(document, performed_on(document, edition), list(preceding))


def chorus_fields(document: SalesDocument, origin: SalesDocument | None) -> dict[str, Any]:
    """Return the fields of Chorus Pro's entry form, by its names; amounts as text, two decimals."""
    corrected = origin.reference if origin and document.kind == SalesKind.CREDIT_NOTE else ""
    return {
        "cadreFacturation": FRAMES[document.kind],
        "typeFacture": TYPES[document.kind],
        "typeTva": "TVA_SUR_DEBIT"
        if document.seller.get("vat_on_debits")
        else "TVA_SUR_ENCAISSEMENT",
        "numeroFacture": document.reference,
        "dateFacture": document.issued_on.isoformat(),
        "dateEcheance": document.due_on.isoformat() if document.due_on else "",
        "dateServiceFait": document.service_done_on.isoformat() if document.service_done_on else "",
        "siretFournisseur": document.seller["siret"],
        "siretDestinataire": document.buyer["siret"],
        "nomDestinataire": document.buyer["name"],
        "codeServiceExecutant": document.service_code,
        "numeroEngagement": document.engagement_number,
        "numeroBonCommande": document.purchase_order,
        "numeroFactureOrigine": corrected,
        "devise": "EUR",
        "modePaiement": "VIREMENT",
        "iban": document.seller.get("iban", ""),
        "bic": document.seller.get("bic", ""),
        "montantHtTotal": f"{document.net:.2f}",
        "montantTVA": f"{document.vat:.2f}",
        "montantTtcTotal": f"{document.gross:.2f}",
        "montantAPayer": f"{document.gross:.2f}",
        "recapitulatifTva": [
            {"taux": f"{rate:.2f}", "montantBaseHt": f"{base:.2f}", "montantTva": f"{vat:.2f}"}
            for rate, base, vat in totals_of(document).by_rate
        ],
        "lignes": [
            {
                "numero": rank,
                "reference": line.code,
                "denomination": line.full_label,
                "quantite": f"{line.quantity:.2f}",
                "prixUnitaireHt": f"{line.unit_price:.2f}",
                "tauxTva": f"{line.vat_rate:.2f}",
                "montantHt": f"{line.net:.2f}",
            }
            for rank, line in enumerate(document.lines, start=1)
        ],
    }


def chorus_bundle(document: SalesDocument, edition: Edition, origin: SalesDocument | None) -> bytes:
    """Return a ZIP: the Factur-X, its XML, and the fields of Chorus Pro as JSON and CSV."""
    fields = chorus_fields(document, origin)
    flat = [[key, value] for key, value in fields.items() if isinstance(value, str)]
    for tax in fields["recapitulatifTva"]:
        rate = percent(Decimal(tax["taux"]))
        flat.append([f"base HT à {rate}", tax["montantBaseHt"]])
        flat.append([f"TVA à {rate}", tax["montantTva"]])
    files = {
        file_name(document): pdf_of(document, edition, origin),
        file_name(document, "xml"): xml_of(document, edition, origin),
        "chorus-pro.json": json.dumps(fields, ensure_ascii=False, indent=2).encode(),
        "chorus-pro.csv": "".join(csv_lines(("Champ", "Valeur"), flat)).encode(),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            bundle.writestr(zipfile.ZipInfo(name, STAMP), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


INDEX = (
    *("typeFacture", "numeroFacture", "dateFacture", "dateEcheance", "nomDestinataire"),
    *("siretDestinataire", "codeServiceExecutant", "numeroEngagement", "numeroBonCommande"),
    *("numeroFactureOrigine", "montantHtTotal", "montantTVA", "montantTtcTotal"),
)
"""The columns of the index of a bundle, by the names of Chorus Pro."""


class StreamBuffer(io.RawIOBase):
    """A write-only stream whose content is removed as it is read."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: Any) -> int:
        self.parts.append(bytes(part))
        return len(part)

    def taken(self) -> bytes:
        content, self.parts = b"".join(self.parts), []
        return content


def zipped(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Yield a ZIP in parts, one for each (name, content); nothing is compressed again."""
    target = StreamBuffer()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as bundle:
        for name, content in files:
            bundle.writestr(zipfile.ZipInfo(name, STAMP), content)
            yield target.taken()
    yield target.taken()


def papers(
    documents: Iterable[SalesDocument],
    editions: Mapping[int, Edition],
    origins: Mapping[int, SalesDocument],
) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the PDF of each document.

    `editions` and `origins`, the documents they were made from: by id.
    """
    for document in documents:
        origin = origins.get(document.from_id or 0)
        yield file_name(document), pdf_of(document, editions[document.edition_id], origin)


def chorus_papers(
    documents: Sequence[SalesDocument], edition: Edition, origins: Mapping[int, SalesDocument]
) -> Iterator[tuple[str, bytes]]:
    """Yield the Factur-X of each invoice and credit note, then a CSV index of them."""
    yield from papers(documents, {edition.id: edition}, origins)
    rows = []
    for document in documents:
        fields = chorus_fields(document, origins.get(document.from_id or 0))
        rows.append([file_name(document), *(fields[key] for key in INDEX)])
    yield "index.csv", "".join(csv_lines(("fichier", *INDEX), rows)).encode()
