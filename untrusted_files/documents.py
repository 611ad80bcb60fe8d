"""Documents that strangers send: a PDF, or a photograph of paper."""

import io
import logging

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from untrusted_files import FileRefused
from untrusted_files.images import check_photo
from untrusted_files.pdf_contents import extra_in

# What it says of a stranger's file stays out of our logs.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

MAX_PAGES = 200
TAIL = 1_024
BREAKS_READING = (OSError, ValueError, TypeError, AttributeError, LookupError,
                  ArithmeticError, RecursionError, AssertionError)  # fmt: skip
NO_DOCUMENT = (
    "Nous n’arrivons pas à ouvrir ce fichier. Enregistrez-le de nouveau en PDF, "
    "ou envoyez une photo nette de chaque page, en JPEG ou PNG."
)
OFFICE = "Ce fichier n’est pas un PDF. Dans votre logiciel, choisissez « Enregistrer en PDF »."
KNOWN_PAPERS = {
    b"PK\x03\x04": OFFICE,
    b"\xd0\xcf\x11\xe0": OFFICE,
    b"{\\rtf": OFFICE,
}


def check_document(content: bytes, is_named_pdf: bool) -> str:
    """Return the media type of a PDF, JPEG or PNG that opens. Raises FileRefused.

    `is_named_pdf`: what its name says decides nothing but the words of a refusal.
    """
    if not content:
        raise FileRefused("Ce fichier est vide. Choisissez le document, en PDF, JPEG ou PNG.")
    if content.startswith(b"%PDF-"):
        _check_pdf(content)
        return "application/pdf"
    if content.startswith(b"\xff\xd8\xff"):
        check_photo(content, "JPEG")
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        check_photo(content, "PNG")
        return "image/png"
    for mark, message in KNOWN_PAPERS.items():
        if content.startswith(mark):
            raise FileRefused(message)
    if is_named_pdf:
        raise FileRefused(
            "Ce fichier porte le nom d’un PDF, mais n’en est pas un. "
            "Ouvrez-le dans votre logiciel, puis choisissez « Enregistrer en PDF »."
        )
    raise FileRefused("Envoyez un PDF, ou une photo du document en JPEG ou PNG.")


def _check_pdf(content: bytes) -> None:
    """Check that a PDF is complete, opens unencrypted, and has 1 to MAX_PAGES pages and only them.

    Raises FileRefused.
    """
    tail = content[-TAIL:]
    end = tail.rfind(b"%%EOF")
    if end < 0 or tail[end + 5 :].strip(b" \t\r\n\0"):
        raise FileRefused(
            "Ce PDF est incomplet : l’envoi a peut-être été coupé. Envoyez-le de nouveau."
        )
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise FileRefused(
                "Ce PDF est protégé par un mot de passe. Enregistrez-le sans mot de passe."
            )
        pages, extra = len(reader.pages), extra_in(reader)
    except (PyPdfError, *BREAKS_READING):
        raise FileRefused(NO_DOCUMENT) from None
    if extra is not None:
        raise FileRefused(extra.message)
    if not pages:
        raise FileRefused("Ce PDF n’a aucune page. Enregistrez-le de nouveau.")
    if pages > MAX_PAGES:
        raise FileRefused(
            f"Ce PDF a {pages} pages : envoyez {MAX_PAGES} pages au plus par document."
        )
