"""The first page of one of our PDF files as a picture, by PDFium."""

from io import BytesIO
from threading import Lock

_one_page_at_a_time = Lock()
"""PDFium is not safe in several threads."""


def page_picture(content: bytes, width: int) -> bytes:
    """Return a PNG of the first page, `width` pixels wide."""
    # PDFium takes 10 MB: a web worker that shows no page does without.
    from pypdfium2 import PdfDocument

    with _one_page_at_a_time, PdfDocument(content) as document:
        page = document[0]
        picture = page.render(scale=width / page.get_width()).to_pil()
    stream = BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()
