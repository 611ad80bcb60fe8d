"""The structure of a PDF, as PDFium reads it: an independent reader."""

import ctypes
from collections.abc import Iterator

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument, PdfPage


def structure_of(content: bytes) -> list[tuple[int, str, str]]:
    """Return (depth, kind, text or alternative) of each element that the pages hold, in order."""
    with PdfDocument(content) as document:
        assert pdfium.FPDFCatalog_IsTagged(document.raw)
        return [line for page in document for line in _lines_of(page)]


def _lines_of(page: PdfPage) -> list[tuple[int, str, str]]:
    texts: dict[int, str] = {}
    text_page = page.get_textpage()
    for item in page.get_objects(max_depth=1):
        mark = pdfium.FPDFPageObj_GetMarkedContentID(item.raw)
        if item.type == pdfium.FPDF_PAGEOBJ_TEXT and mark >= 0:
            words = _string(pdfium.FPDFTextObj_GetText, item.raw, text_page.raw)
            texts[mark] = f"{texts.get(mark, '')} {words}".strip()
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    lines: list[tuple[int, str, str]] = []
    for rank in range(pdfium.FPDF_StructTree_CountChildren(tree)):
        lines += _elements(pdfium.FPDF_StructTree_GetChildAtIndex(tree, rank), texts, 0)
    pdfium.FPDF_StructTree_Close(tree)
    return lines


def _elements(element: object, texts: dict[int, str], depth: int) -> Iterator[tuple[int, str, str]]:
    kind = _string(pdfium.FPDF_StructElement_GetType, element)
    alternative = _string(pdfium.FPDF_StructElement_GetAltText, element)
    ranks = range(pdfium.FPDF_StructElement_CountChildren(element))
    marks = [pdfium.FPDF_StructElement_GetChildMarkedContentID(element, rank) for rank in ranks]
    yield depth, kind, alternative or " ".join(texts[mark] for mark in marks if mark in texts)
    for rank in ranks:
        if child := pdfium.FPDF_StructElement_GetChildAtIndex(element, rank):
            yield from _elements(child, texts, depth + 1)


def _string(read: object, *arguments: object) -> str:
    """Return the UTF-16 text that a function of PDFium writes into a buffer."""
    size = read(*arguments, None, 0)  # type: ignore[operator]
    buffer = ctypes.create_string_buffer(size)
    if read is pdfium.FPDFTextObj_GetText:
        target = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
        read(*arguments, target, size)  # type: ignore[operator]
    else:
        read(*arguments, buffer, size)  # type: ignore[operator]
    return buffer.raw[:size].decode("utf-16-le").rstrip("\0")
