"""The frame of a page of the paper pack: head, QR code, foot. A4, black on white, in points."""

from functools import lru_cache
from typing import Any

from reportlab.lib.colors import black
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from salon.platform.documents.pdf.sheet import FOOT, draw_qr
from salon.platform.documents.pdf.text import (
    ELLIPSIS,
    draw,
    fit,
    font,
    longest_start,
    printable,
    width_of,
)

LEFT, RIGHT = 34.0, A4[0] - 34.0
WIDTH = RIGHT - LEFT
TOP = A4[1] - 32
HEAD = 76.0
BODY_TOP = TOP - HEAD
ROOM = BODY_TOP - FOOT
QR_SIDE = 66.0
HAIR, THIN, THICK = 0.3, 0.6, 1.6
GREY = 0.62
"""Colour of lines that only guide the eye: any machine prints them, and nothing is lost without
them."""

Written = tuple[str, str, float]
"""A text that fits, its font and its size."""


@lru_cache(maxsize=16384)
def one_line(
    text: str, width: float, size: float, smallest: float = 0, bold: bool = False
) -> Written:
    """Return the text on one line: smaller if needed, then cut with « … »."""
    clean, name = printable(text[:120], bold=bold)
    natural = width_of(clean, name, 1)
    fitting = size if natural * size <= width else max(smallest or size * 0.82, width / natural)
    fitting = min(size, fitting)
    if natural * fitting > width + 0.01:
        room = width - width_of(ELLIPSIS, name, fitting)
        clean = clean[: longest_start(clean, name, fitting, room)].rstrip() + ELLIPSIS
    return clean, name, fitting


def write(canvas: Any, written: Written, x: float, y: float) -> None:
    """Draw a line of text on its baseline, as drawString does, in half the time and bytes.

    A pack has hundreds of thousands of texts. `canvas`: a Canvas, whose type stubs are incomplete.
    """
    text, name, size = written
    face, document = font(name), canvas._doc
    operators = " ".join(
        f"{face.getSubsetInternalName(subset, document)} {size:.2f} Tf ({canvas._escape(part)}) Tj"
        for subset, part in face.splitString(text, document)
    )
    canvas.addLiteral(f"BT 1 0 0 1 {x:.2f} {y:.2f} Tm {operators} ET")


def write_right(canvas: Canvas, written: Written, x: float, y: float) -> None:
    """Draw a line of text as `write` does, ending at `x`."""
    text, name, size = written
    write(canvas, written, x - width_of(text, name, size), y)


def box(canvas: Canvas, x: float, y: float, side: float) -> None:
    """Draw a box to tick."""
    canvas.setLineWidth(0.9)
    canvas.rect(x, y, side, side)


def ticked_box(canvas: Canvas, x: float, y: float, side: float) -> None:
    """Draw a box already ticked."""
    box(canvas, x, y, side)
    canvas.setLineWidth(1.4)
    canvas.lines(
        [
            (x + side * 0.2, y + side * 0.5, x + side * 0.42, y + side * 0.22),
            (x + side * 0.42, y + side * 0.22, x + side * 0.82, y + side * 0.8),
        ]
    )


def rule(canvas: Canvas, y: float, width: float = THIN, left: float = LEFT) -> None:
    canvas.setLineWidth(width)
    canvas.line(left, y, RIGHT, y)


def head(canvas: Canvas, title: str, subtitle: str, address: str, words: str) -> None:
    """Draw the title of a page, its content, and the QR code that opens it on a screen."""
    canvas.setFillColor(black)
    canvas.setStrokeColor(black)
    room = WIDTH - QR_SIDE - 64
    draw(canvas, fit(title, room, 24, 20, 12, True), LEFT, TOP)
    if subtitle:
        write(canvas, one_line(subtitle, room, 11.5, 8), LEFT, TOP - 37)
    draw_qr(canvas, address, RIGHT - QR_SIDE + 6, TOP - QR_SIDE + 6, QR_SIDE)
    for row, line in enumerate(words.split("\n")):
        write_right(canvas, one_line(line, 80, 7), RIGHT - QR_SIDE + 6, TOP - 10 - row * 8.5)
