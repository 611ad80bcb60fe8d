"""Files that exhibitors give: logos made again, documents checked, names made safe.

A logo is never kept as it came: it is decoded and written anew. A document is kept as it came,
under a random name, and only ever leaves as an attachment.
"""

import io
import logging
import os
import re
import secrets
import struct
import unicodedata
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from salon.errors import RuleBroken

# Pillow and pypdf are loaded by the first file that comes: 11 MB that most workers never need.
if TYPE_CHECKING:
    from PIL import Image

# What it says of a stranger's file stays out of our logs.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

FOLDER = "uploads"
LOGO_FORMATS = ("PNG", "JPEG", "WEBP")
LOGO_SIDE = 800
MAX_LOGO_SIDE = 6_000
MAX_LOGO_PIXELS = 16_000_000
MAX_PHOTO_SIDE = 12_000
MAX_PAGES = 200
MAX_NAME = 100
TAIL = 1_024
SUFFIXES = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
STORED_NAME = re.compile(r"[0-9a-f]{32}\.(?:webp|pdf|jpg|png)")
BREAKS_DECODING = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    OverflowError,
    struct.error,
    Warning,  # where warnings are errors
)
BREAKS_READING = (OSError, ValueError, TypeError, AttributeError, LookupError,
                  ArithmeticError, RecursionError, AssertionError)  # fmt: skip


class LogoRefused(RuleBroken):
    status = 400
    message = (
        "Ce fichier n’est pas une image que nous pouvons lire. "
        "Envoyez votre logo en PNG, JPEG ou WebP."
    )


class DocumentRefused(RuleBroken):
    status = 400
    message = (
        "Nous n’arrivons pas à ouvrir ce fichier. Enregistrez-le de nouveau en PDF, "
        "ou envoyez une photo nette de chaque page, en JPEG ou PNG."
    )


class StorageFull(RuleBroken):
    status = 507
    message = "L’espace de stockage est plein : rien n’a été enregistré. Prévenez l’organisation."


LOGO_TOO_LARGE = (
    "Cette image est trop grande pour un logo. "
    f"Envoyez-la en {MAX_LOGO_SIDE} pixels de côté au plus, 16 millions de pixels en tout."
)
PHOTO_TOO_LARGE = (
    f"Cette image est trop grande. Envoyez-la en {MAX_PHOTO_SIDE} pixels de côté au plus, "
    "ou enregistrez le document en PDF."
)
TWO_IN_ONE = (
    "Ce fichier est à la fois une image et une archive. "
    "Ouvrez l’image, enregistrez-la de nouveau en PNG ou JPEG, puis envoyez-la."
)
ANIMATED = "Cette image est animée. Envoyez votre logo en image fixe, PNG, JPEG ou WebP."
# What a file begins with → what to send instead.
KNOWN_OTHERS = (
    (b"GIF8", "Les images GIF ne sont pas acceptées. Envoyez votre logo en PNG ou en JPEG."),
    (b"%PDF", "Ce fichier est un PDF, pas une image. Envoyez votre logo en PNG, JPEG ou WebP."),
    (b"%!PS", "Les fichiers EPS ne sont pas acceptés. Exportez votre logo en PNG."),
    (b"\xc5\xd0\xd3\xc6", "Les fichiers EPS ne sont pas acceptés. Exportez votre logo en PNG."),
    (b"<svg", "Les fichiers SVG ne sont pas acceptés. Exportez votre logo en PNG."),
    (b"<?xml", "Les fichiers SVG ne sont pas acceptés. Exportez votre logo en PNG."),
)
OFFICE = "Ce fichier n’est pas un PDF. Dans votre logiciel, choisissez « Enregistrer en PDF »."
KNOWN_PAPERS = {
    b"PK\x03\x04": OFFICE,
    b"\xd0\xcf\x11\xe0": OFFICE,
    b"{\\rtf": OFFICE,
}


def read_logo(content: bytes) -> bytes:
    """The logo, written anew as WebP of at most LOGO_SIDE, without metadata. Raises LogoRefused.

    An animation is refused; of a phone's JPEG with several pictures, the first is kept. Sizes are
    read before anything is decoded.
    """
    from PIL import Image

    if not content:
        raise LogoRefused("Ce fichier est vide. Choisissez votre logo, en PNG, JPEG ou WebP.")
    start = content[:200].lstrip().lower()
    for mark, message in KNOWN_OTHERS:
        if start.startswith(mark.lower()):
            raise LogoRefused(message)
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise LogoRefused(TWO_IN_ONE)
    try:
        with Image.open(io.BytesIO(content), formats=LOGO_FORMATS) as image:
            width, height = image.size
            if max(width, height) > MAX_LOGO_SIDE or width * height > MAX_LOGO_PIXELS:
                raise LogoRefused(LOGO_TOO_LARGE)
            if image.format in ("PNG", "WEBP") and getattr(image, "is_animated", False):
                raise LogoRefused(ANIMATED)
            return _written_anew(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise LogoRefused(LOGO_TOO_LARGE) from None
    except BREAKS_DECODING:
        raise LogoRefused from None


def _written_anew(image: "Image.Image") -> bytes:
    from PIL import Image, ImageOps

    image.draft("RGB", (LOGO_SIDE, LOGO_SIDE))
    image.load()
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I"):  # 16 bits of grey: PNG alone has them
        upright = upright.convert("I").point(lambda value: value / 256).convert("L")
    clean = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    clean.thumbnail((LOGO_SIDE, LOGO_SIDE), Image.Resampling.LANCZOS)
    clean.info = {}
    written = io.BytesIO()
    clean.save(written, "WEBP", quality=90, exif=b"", xmp=b"", icc_profile=b"")
    return written.getvalue()


def check_document(content: bytes, name: str) -> str:
    """The media type of a PDF, JPEG or PNG that opens. Raises DocumentRefused.

    `name` is what the person called it; it decides nothing, the bytes do.
    """
    if not content:
        raise DocumentRefused("Ce fichier est vide. Choisissez le document, en PDF, JPEG ou PNG.")
    if content.startswith(b"%PDF-"):
        _check_pdf(content)
        return "application/pdf"
    if content.startswith(b"\xff\xd8\xff"):
        _check_photo(content, "JPEG")
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        _check_photo(content, "PNG")
        return "image/png"
    for mark, message in KNOWN_PAPERS.items():
        if content.startswith(mark):
            raise DocumentRefused(message)
    if name.lower().endswith(".pdf"):
        raise DocumentRefused(
            "Ce fichier porte le nom d’un PDF, mais n’en est pas un. "
            "Ouvrez-le dans votre logiciel, puis choisissez « Enregistrer en PDF »."
        )
    raise DocumentRefused("Envoyez un PDF, ou une photo du document en JPEG ou PNG.")


def _check_pdf(content: bytes) -> None:
    """It ends as a PDF does, opens, is not encrypted, has 1 to MAX_PAGES pages and only them."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    from salon.exhibitors.pdf_contents import extra_in

    tail = content[-TAIL:]
    end = tail.rfind(b"%%EOF")
    if end < 0 or tail[end + 5 :].strip(b" \t\r\n\0"):
        raise DocumentRefused(
            "Ce PDF est incomplet : l’envoi a peut-être été coupé. Envoyez-le de nouveau."
        )
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise DocumentRefused(
                "Ce PDF est protégé par un mot de passe. Enregistrez-le sans mot de passe."
            )
        pages, extra = len(reader.pages), extra_in(reader)
    except (PyPdfError, *BREAKS_READING):
        raise DocumentRefused from None
    if extra is not None:
        raise DocumentRefused(extra.message)
    if not pages:
        raise DocumentRefused("Ce PDF n’a aucune page. Enregistrez-le de nouveau.")
    if pages > MAX_PAGES:
        raise DocumentRefused(
            f"Ce PDF a {pages} pages : envoyez {MAX_PAGES} pages au plus par document."
        )


def _check_photo(content: bytes, kind: str) -> None:
    """It decodes to its last line; a JPEG at an eighth of its size, a PNG by its checksums."""
    from PIL import Image

    if zipfile.is_zipfile(io.BytesIO(content)):
        raise DocumentRefused(TWO_IN_ONE)
    try:
        with Image.open(io.BytesIO(content), formats=(kind,)) as image:
            if max(image.size) > MAX_PHOTO_SIDE:
                raise DocumentRefused(PHOTO_TOO_LARGE)
            if kind == "PNG":
                image.verify()
            else:
                image.draft(image.mode, (max(1, image.width // 8), max(1, image.height // 8)))
                image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise DocumentRefused(PHOTO_TOO_LARGE) from None
    except BREAKS_DECODING:
        raise DocumentRefused(
            "Cette image est abîmée ou incomplète. Prenez une autre photo, puis envoyez-la."
        ) from None


def save_file(data: Path, content: bytes, suffix: str) -> str:
    """Writes a file under uploads/ with a random name, down to the disk; answers this name."""
    folder = data / FOLDER
    stored_name = secrets.token_hex(16) + suffix
    path = file_path(data, stored_name)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            _sync(folder)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StorageFull from error
    return stored_name


def file_path(data: Path, stored_name: str) -> Path:
    """Where a stored file is. A name that `save_file` did not give is a ValueError."""
    if not STORED_NAME.fullmatch(stored_name):
        raise ValueError(f"not a stored name: {stored_name!r}")
    return data / FOLDER / stored_name


def remove_file(data: Path, stored_name: str) -> None:
    """Removes a stored file; one that is no longer there is no trouble."""
    if stored_name:
        file_path(data, stored_name).unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def clean_name(name: str, media_type: str = "") -> str:
    """A name fit for a download: no folder, no invisible character, at most MAX_NAME characters.

    Its extension is that of `media_type`: what was checked is what the name says.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(one if unicodedata.category(one)[0] != "C" else " " for one in last)
    kept = re.sub(r"\s+", " ", re.sub(r'[<>:"|?*%;]', " ", visible)).strip(" .")
    suffix = SUFFIXES.get(media_type, "")
    if suffix:
        kept = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", kept).strip(" .")
    return (kept[: MAX_NAME - len(suffix)].strip(" .") or "document") + suffix


def attachment(name: str) -> str:
    """The Content-Disposition of a download (RFC 6266): an ASCII name, then the true one."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r'["\\]', "", plain).strip() or "document"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
