"""Badges as this project prints them, seen by a camera: turned, tilted, blurred, in the dark."""

from pathlib import Path

import pypdfium2
import zxingcpp
from PIL import Image, ImageEnhance, ImageFilter
from sqlalchemy import select

from salon.badges import queries
from salon.badges.documents.badge_sheet import write_badges
from salon.badges.models import Badge
from salon.badges.models.badge_layouts import Layout
from salon.fair.queries import get_public_edition
from salon.platform.database.db import current_session
from tests.browser.conftest import LiveServer

SIDE = 480
PAPER = 245


class Printed:
    """A page as printed: its size in millimetres, its text, its QR code and how large that is."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        width, height = (item / 72 * 25.4 for item in page.get_size())
        self.size = (round(width), round(height))
        self.text = page.get_textpage().get_text_bounded()
        scale = 300 / 72
        (barcode,) = zxingcpp.read_barcodes(page.render(scale=scale).to_pil().convert("L"))
        self.code = barcode.text
        side = barcode.position.top_right.x - barcode.position.top_left.x
        self.code_side = side / scale / 72 * 25.4

    def words_in(self, words: str) -> str:
        return words if words in self.text else self.text


def printed_badges(server: LiveServer, folder: Path, count: int) -> dict[str, Image.Image]:
    """The first badges of the file that is printed, by their code: its QR code and what is around
    it on paper."""
    path = folder / "badges.pdf"
    server.flask("print-badges", "--output", str(path), "--limit", str(count))
    seen = _badges_in(path)
    assert len(seen) == count
    return seen


def printed_badge(server: LiveServer, folder: Path, code: str) -> Image.Image:
    """The badge of this code as it is printed: its QR code and what is around it on paper."""
    path = folder / f"{code}.pdf"
    with server.application() as app, path.open("wb") as stream:
        edition = get_public_edition()
        settings = queries.settings_of(edition.id)
        ids = current_session().scalars(select(Badge.id).where(Badge.code == code)).all()
        faces = queries.faces_of(ids, app.config["SALON"].qr_prefix, settings)
        write_badges(stream, faces, queries.fair_face(edition, settings), Layout.A4)
    return _badges_in(path)[code]


def _badges_in(path: Path) -> dict[str, Image.Image]:
    seen: dict[str, Image.Image] = {}
    for sheet in pypdfium2.PdfDocument(path):
        page = sheet.render(scale=300 / 72).to_pil().convert("RGB")
        for code in zxingcpp.read_barcodes(page):
            if "/B/" in code.text:
                seen.setdefault(code.text[-26:], _around_code(page, code.position))
    return seen


def _around_code(page: Image.Image, code: zxingcpp.Position) -> Image.Image:
    (left, top), (right, bottom) = (
        (value.x, value.y) for value in (code.top_left, code.bottom_right)
    )
    around = (right - left) * 0.9
    seen = page.crop(
        (int(left - around), int(top - around), int(right + around), int(bottom + around))
    )
    return seen.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def rotated(seen: Image.Image) -> Image.Image:
    return seen.rotate(23, Image.Resampling.BICUBIC, fillcolor=(PAPER,) * 3)


def tilted(seen: Image.Image) -> Image.Image:
    """The badge leans back: its top is further away and to the side."""
    corners = (-70, -40, -20, SIDE + 20, SIDE + 30, SIDE + 40, SIDE + 110, -90)
    return seen.transform(
        seen.size,
        Image.Transform.QUAD,
        corners,
        Image.Resampling.BICUBIC,
        fillcolor=(PAPER,) * 3,
    )


def blurred(seen: Image.Image) -> Image.Image:
    return seen.filter(ImageFilter.GaussianBlur(1.6))


def dim(seen: Image.Image) -> Image.Image:
    """A dark hall: a quarter of the light, and the grain of the sensor."""
    grain = Image.effect_noise(seen.size, 24).convert("RGB")
    dark = ImageEnhance.Contrast(ImageEnhance.Brightness(seen).enhance(0.25)).enhance(0.8)
    return Image.blend(dark, grain, 0.08)


TREATMENTS = {"rotated": rotated, "tilted": tilted, "blurred": blurred, "dim": dim}
