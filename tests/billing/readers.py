"""Readers of PDF and Factur-X that did not write them."""

import io
from decimal import Decimal

import pypdf
import pypdfium2
from lxml import etree

from salon.billing.documents import sales_files
from salon.billing.documents.facturx import SPACES
from salon.billing.models import SalesDocument
from salon.billing.queries.sales import find_document, get_document
from salon.fair.models import Edition


def pdf_of(document: SalesDocument, edition: Edition) -> bytes:
    sale = get_document(document.id)
    return sales_files.pdf_of(sale, edition, find_document(sale.from_id))


def text_of(pdf: bytes) -> str:
    read = pypdfium2.PdfDocument(pdf)
    try:
        pages = [read[number] for number in range(len(read))]
        text = "\n".join(page.get_textpage().get_text_bounded() for page in pages)
    finally:
        read.close()
    return " ".join(spaced(text).split())


def spaced(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def xml_in(pdf: bytes) -> etree._Element:
    """Return the XML attached to a PDF, by pypdf; pypdfium2 sees the same bytes."""
    content = pypdf.PdfReader(io.BytesIO(pdf)).attachments["factur-x.xml"][0]
    read = pypdfium2.PdfDocument(pdf)
    attached = read.get_attachment(0)
    assert attached.get_name() == "factur-x.xml"
    assert bytes(attached.get_data()) == content
    read.close()
    return etree.fromstring(content)


def value(root: etree._Element, path: str) -> str:
    result = root.xpath(f"string({path})", namespaces=SPACES)
    assert isinstance(result, str)
    return result


def amount(root: etree._Element, name: str) -> Decimal:
    sums = "//ram:SpecifiedTradeSettlementHeaderMonetarySummation"
    return Decimal(value(root, f"{sums}/ram:{name}"))


def boxes_of(pdf: bytes, words: str) -> list[tuple[float, float, float, float]]:
    """Return (left, bottom, right, top) of the words on the first page, wherever they are."""
    read = pypdfium2.PdfDocument(pdf)
    text = read[0].get_textpage()
    searcher, boxes = text.search(words, match_case=True), []
    while (place := searcher.get_next()) is not None:
        first, last = (text.get_charbox(at) for at in (place[0], sum(place) - 1))
        boxes.append((first[0], first[1], last[2], first[3]))
    searcher.close()
    text.close()
    read.close()
    return boxes
