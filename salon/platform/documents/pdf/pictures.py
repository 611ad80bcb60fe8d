"""SVG pictures of static/images drawn in a PDF, by svglib."""

from functools import lru_cache
from typing import Any

from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas
from svglib.svglib import svg2rlg

from salon.platform.settings.installation import ROOT

IMAGES = ROOT / "static" / "images"


@lru_cache
def picture(name: str) -> Drawing:
    """Return the picture, read once per process."""
    drawing: Drawing | None = svg2rlg(IMAGES / name)
    if drawing is None:
        raise ValueError(f"{name} is no SVG picture")
    _flatten(drawing)
    return drawing


def _flatten(shape: Any) -> None:
    """Mix what is half transparent with the paper's white: a ReportLab form loses its opacity."""
    for part in getattr(shape, "contents", ()):
        _flatten(part)
    colour = getattr(shape, "fillColor", None)
    if colour and colour.alpha < 1:
        shape.fillColor = Color(*(1 - colour.alpha * (1 - part) for part in colour.rgb()))
        shape.fillOpacity = None


def draw_picture(canvas: Canvas, name: str, x: float, y: float, width: float) -> float:
    """Draw the picture with its lower left corner at x, y; return its height.

    What lies outside the picture's own frame is not drawn.
    """
    drawing = picture(name)
    scale = width / drawing.width
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(scale, scale)
    frame = canvas.beginPath()
    frame.rect(0, 0, drawing.width, drawing.height)
    canvas.clipPath(frame, stroke=0, fill=0)
    renderPDF.draw(drawing, canvas, 0, 0)
    canvas.restoreState()
    return float(drawing.height * scale)
