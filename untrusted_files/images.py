"""Pictures that strangers send: logos written anew, photographs checked."""

import io
import struct
import zipfile

from PIL import Image, ImageOps

from untrusted_files import FileRefused

LOGO_FORMATS = ("PNG", "JPEG", "WEBP")
LOGO_SIDE = 800
SMALL_SIDE, LARGE_SIDE = 900, 1_600
"""Longest side, in pixels, of a picture on a phone and on a computer."""
MAX_LOGO_SIDE = 6_000
MAX_LOGO_PIXELS = 16_000_000
MAX_PHOTO_SIDE = 12_000
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

NO_LOGO = (
    "Ce fichier n’est pas une image que nous pouvons lire. Envoyez votre logo en PNG, JPEG ou WebP."
)
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


def write_picture_anew(content: bytes, side: int = LOGO_SIDE) -> bytes:
    """Return the logo, or a photograph, as WebP of at most `side`, without metadata.

    Raises FileRefused.

    The pixels of a logo sent in WebP stay as they are: written anew again, it loses nothing.
    An animation is refused; of a phone's JPEG with several pictures, the first is kept. Sizes are
    read before anything is decoded.
    """
    if not content:
        raise FileRefused("Ce fichier est vide. Choisissez votre logo, en PNG, JPEG ou WebP.")
    start = content[:200].lstrip().lower()
    for mark, message in KNOWN_OTHERS:
        if start.startswith(mark.lower()):
            raise FileRefused(message)
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise FileRefused(TWO_IN_ONE)
    try:
        with Image.open(io.BytesIO(content), formats=LOGO_FORMATS) as image:
            width, height = image.size
            if max(width, height) > MAX_LOGO_SIDE or width * height > MAX_LOGO_PIXELS:
                raise FileRefused(LOGO_TOO_LARGE)
            if image.format in ("PNG", "WEBP") and getattr(image, "is_animated", False):
                raise FileRefused(ANIMATED)
            return _written_anew(image, side)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise FileRefused(LOGO_TOO_LARGE) from None
    except BREAKS_DECODING:
        raise FileRefused(NO_LOGO) from None


def _written_anew(image: Image.Image, side: int) -> bytes:
    image.draft("RGB", (side, side))
    image.load()
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I"):  # 16 bits of grey: PNG alone has them
        upright = upright.convert("I").point(lambda value: value / 256).convert("L")
    clean = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    clean.thumbnail((side, side), Image.Resampling.LANCZOS)
    clean.info = {}
    is_lossless = image.format == "WEBP" and side == LOGO_SIDE
    quality = 90 if side == LOGO_SIDE else 80
    written = io.BytesIO()
    bare = {"exif": b"", "xmp": b"", "icc_profile": b""}
    clean.save(written, "WEBP", quality=quality, lossless=is_lossless, **bare)
    return written.getvalue()


def check_photo(content: bytes, kind: str) -> None:
    """Check that a photo decodes to its end: a JPEG at an eighth of its size, a PNG by checksums.

    Raises FileRefused.
    """
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise FileRefused(TWO_IN_ONE)
    try:
        with Image.open(io.BytesIO(content), formats=(kind,)) as image:
            if max(image.size) > MAX_PHOTO_SIDE:
                raise FileRefused(PHOTO_TOO_LARGE)
            if kind == "PNG":
                image.verify()
            else:
                image.draft(image.mode, (max(1, image.width // 8), max(1, image.height // 8)))
                image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise FileRefused(PHOTO_TOO_LARGE) from None
    except BREAKS_DECODING:
        raise FileRefused(
            "Cette image est abîmée ou incomplète. Prenez une autre photo, puis envoyez-la."
        ) from None
