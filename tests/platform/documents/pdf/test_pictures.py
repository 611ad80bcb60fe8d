"""Pictures of the screens on paper."""

import io
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from salon.platform.documents.pdf import pictures

SQUARE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">
<rect width="30" height="10" fill="#F00" fill-opacity=".5"/>
<clipPath id="c"><circle cx="5" cy="5" r="2"/></clipPath>
<g clip-path="url(#c)"><rect width="10" height="10" fill="#00F"/></g></svg>"""


def drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Image.Image:
    """Return the picture, 10 points wide, in a form of a page of 20 points."""
    (tmp_path / "square.svg").write_text(SQUARE)
    monkeypatch.setattr(pictures, "IMAGES", tmp_path)
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(20, 20))
    canvas.beginForm("form", 0, 0, 20, 20)
    assert pictures.draw_picture(canvas, "square.svg", 0, 0, 10) == 10
    canvas.endForm()
    canvas.doForm("form")
    canvas.showPage()
    canvas.save()
    image: Image.Image = pypdfium2.PdfDocument(stream.getvalue())[0].render().to_pil()
    return image.convert("RGB")


def test_a_picture_keeps_its_frame_its_clips_and_its_pale_colours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = drawn(tmp_path, monkeypatch)
    assert image.getpixel((1, 18)) == (255, 128, 128)
    assert image.getpixel((5, 14)) == (0, 0, 255)
    assert image.getpixel((15, 15)) == (255, 255, 255)


def test_a_missing_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="absent"):
        pictures.picture("absent.svg")
