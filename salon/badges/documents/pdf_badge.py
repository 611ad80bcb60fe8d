"""The two faces of a badge: compact (90 × 55 mm) and tall (A6 panel and labels). In points."""

from collections.abc import Callable
from dataclasses import dataclass

from reportlab.lib.colors import Color, HexColor, black, white
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from salon.badges.models.badge_layouts import BadgeFace, FairFace
from salon.platform.documents.pdf.colours import INK, SEA
from salon.platform.documents.pdf.pictures import draw_picture
from salon.platform.documents.pdf.sheet import draw_qr
from salon.platform.documents.pdf.text import draw, fit, flow, top_around
from salon.platform.documents.qr import QUIET_ZONE
from salon.platform.words.typography import sentence

COMPACT = (90 * mm, 55 * mm)
TALL_UNITS = 105
"""A tall badge is drawn in units of a 105th of its width: millimetres on an A6 panel."""

TALL_MARGIN = 7


@dataclass(frozen=True)
class Box:
    """A place on the page: its left edge, its top, its sides."""

    left: float
    top: float
    width: float
    height: float


def stamp(canvas: Canvas, name: str, width: float, height: float, make: Callable[[], None]) -> None:
    """Draw the parts shared by many badges, stored once in the file."""
    key = name.encode().hex()
    if not canvas.hasForm(key):
        canvas.beginForm(key, 0, 0, width, height)
        make()
        canvas.endForm()
    canvas.doForm(key)


def compact_badge(canvas: Canvas, face: BadgeFace, fair: FairFace) -> None:
    """Draw a badge of 90 × 55 mm, lower left corner at the origin."""
    width, height = COMPACT
    margin, qr_side, band = 4.5 * mm, 26 * mm, 10.5 * mm
    fair = fair.for_visit(face.visit_days)
    stamp(canvas, f"compact{fair.key}", width, height, lambda: _compact_head(canvas, fair))
    colour = HexColor(face.category.colour)
    _category(canvas, face, Box(margin, 0, width, band), 15.5, colour)
    column = width - margin - qr_side - 2.5 * mm
    canvas.setFillColor(INK)
    _holder(canvas, face, Box(margin, height - 14.2 * mm, column, 30 * mm), 25)
    qr_x, qr_y = width - qr_side - 1.8 * mm, height - 13 * mm - qr_side
    draw_qr(canvas, face.payload, qr_x, qr_y, qr_side)
    code = fit(face.short_code, qr_side, 3 * mm, 7, 5)
    draw(canvas, code, qr_x + qr_side / 2, qr_y + 0.6 * mm, "centre")


def _compact_head(canvas: Canvas, fair: FairFace) -> None:
    width, height = COMPACT
    margin, logo = 4.5 * mm, 8.6 * mm
    draw_picture(canvas, "logo.svg", margin, height - 3 * mm - logo, logo)
    left = margin + logo + 2.2 * mm
    room = width - left - margin
    canvas.setFillColor(SEA)
    top = height - 3.1 * mm
    top = draw(canvas, fit(fair.name, room, 6.4 * mm, 8.4, 6, True), left, top)
    canvas.setFillColor(INK)
    if fair.is_dated:
        date_and_place = fit(f"{sentence(fair.day)} · {fair.place}", room, 3 * mm, 6.8, 5)
        draw(canvas, date_and_place, left, top - 0.3 * mm)


def panel_badge(canvas: Canvas, face: BadgeFace, fair: FairFace, height: float) -> None:
    """Draw an A6 panel in colour, with the landscape; lower left corner at the origin."""
    width = TALL_UNITS * mm
    fair = fair.for_visit(face.visit_days)
    stamp(
        canvas, f"panel{fair.key}", width, height, lambda: _panel_head(canvas, fair, width, height)
    )
    colour = HexColor(face.category.colour)
    _tall_body(canvas, face, Box(0, height - 57 * mm, width, 20 * mm), (INK, colour))


def _panel_head(canvas: Canvas, fair: FairFace, width: float, height: float) -> None:
    margin = TALL_MARGIN * mm
    room = width - 2 * margin
    top = height - margin
    canvas.setFillColor(SEA)
    draw(canvas, flow(fair.name, room * 0.66, 15 * mm, 12.5, 7, True), margin, top)
    scene = draw_picture(canvas, fair.landscape, margin, top - 4 * mm - room * 0.35, room)
    top -= 4 * mm + max(scene, room * 0.35) + 2 * mm
    canvas.setFillColor(INK)
    if fair.is_dated:
        date_and_hours = fit(f"{sentence(fair.day)}, {fair.hours}", room, 5 * mm, 11, 7, True)
        top = draw(canvas, date_and_hours, margin, top)
        draw(canvas, fit(fair.place, room, 4.5 * mm, 10, 7), margin, top)


def label_badge(
    canvas: Canvas, face: BadgeFace, fair: FairFace, width: float, height: float
) -> None:
    """Draw a label in black and white, for printers that have one colour; corner at the origin."""
    unit = width / TALL_UNITS
    fair = fair.for_visit(face.visit_days)
    stamp(
        canvas, f"label{fair.key}", width, height, lambda: _label_head(canvas, fair, width, height)
    )
    _tall_body(canvas, face, Box(0, height - 30 * unit, width, 18 * unit), (black, black))


def _label_head(canvas: Canvas, fair: FairFace, width: float, height: float) -> None:
    unit = width / TALL_UNITS
    margin, emblem = TALL_MARGIN * unit, 18 * unit
    top = height - margin
    _emblem(canvas, margin + emblem / 2, top - emblem / 2, emblem / 2 - 0.4 * unit)
    left = margin + emblem + 4 * unit
    room = width - margin - left
    canvas.setFillColor(black)
    top = draw(canvas, flow(fair.name, room, 13 * unit, 4.8 * unit, 3.2 * unit, True), left, top)
    for text in (f"{sentence(fair.day)}, {fair.hours}", fair.place) if fair.is_dated else ():
        top = draw(canvas, fit(text, room, 5 * unit, 3.8 * unit, 2.8 * unit), left, top)


def _emblem(canvas: Canvas, x: float, y: float, radius: float) -> None:
    """Draw the sun and waves in a ring, in black."""
    canvas.saveState()
    canvas.setLineWidth(radius * 0.09)
    canvas.setLineCap(1)
    canvas.circle(x, y, radius, stroke=1, fill=0)
    ring = canvas.beginPath()
    ring.circle(x, y, radius)
    canvas.clipPath(ring, stroke=0, fill=0)
    canvas.setFillColor(black)
    canvas.circle(x, y + radius * 0.2, radius * 0.44, stroke=0, fill=1)
    canvas.setFillColor(white)
    canvas.translate(x - radius, y - radius)
    canvas.drawPath(_wave(canvas, 2 * radius, radius, 3), stroke=0, fill=1)
    canvas.setLineWidth(radius * 0.13)
    for height in (0.95, 0.66, 0.37):
        canvas.drawPath(_wave(canvas, 2 * radius, height * radius, 3), stroke=1, fill=0)
    canvas.restoreState()


def _tall_body(canvas: Canvas, face: BadgeFace, body: Box, colours: tuple[Color, Color]) -> None:
    """Draw the holder, code and category from the top of `body` to the foot of a badge, whose band
    has the height of `body`. `colours`: of the text and of the band."""
    width, top, band = body.width, body.top, body.height
    ink, colour = colours
    unit = width / TALL_UNITS
    margin = TALL_MARGIN * unit
    room = width - 2 * margin
    _category(canvas, face, Box(margin, 0, width, band), 10 * unit, colour)
    free_height = top - band
    qr_side = min(60 * unit, free_height * 0.44)
    quiet = qr_side * QUIET_ZONE / 37
    foot = band + unit - quiet * 0.4
    draw_qr(canvas, face.payload, margin - quiet, foot, qr_side)
    canvas.setFillColor(ink)
    holder = Box(margin, top, room, free_height * 0.56)
    _holder(canvas, face, holder, min(20 * unit, free_height * 0.17))
    left = margin + qr_side - quiet
    column = width - margin - left
    words = fit("À présenter à l’entrée", column, 14 * unit, 5.2 * unit, 2.8 * unit, True)
    below = draw(canvas, words, left, foot + qr_side - quiet)
    code = fit(f"Code {face.short_code}", column, 7 * unit, 4.8 * unit, 2.8 * unit)
    below = draw(canvas, code, left, below - unit)
    promise = "Il ne contient aucune donnée personnelle."
    draw(canvas, flow(promise, column, 9 * unit, 3.6 * unit, 2.4 * unit), left, below - unit)


def _holder(canvas: Canvas, face: BadgeFace, box: Box, largest: float) -> None:
    """Draw the name as large as it can be, then the function, the place and the stand; centred in
    the height."""
    width, height, top = box.width, box.height, box.top
    small = largest * 0.42
    least = largest * 0.25
    share = height * 0.97 / 1.1 if face.stand else height
    blocks = (
        fit(face.first_name, width, share * 0.31, largest, least, True),
        fit(face.last_name, width, share * 0.31, largest, least, True),
        fit(face.function, width, share * 0.165, small, small * 0.55),
        fit(face.organisation, width, share * 0.185, small, small * 0.55, True),
        fit(face.stand, width, share * 0.13, small, small * 0.55),
    )
    gap = min(height * 0.03, largest * 0.12)
    top -= (height - gap - sum(block.height for block in blocks)) * 0.42
    for block in blocks[:2]:
        top = draw(canvas, block, box.left, top)
    for block in blocks[2:]:
        if block.lines:
            top = draw(canvas, block, box.left, top - gap / 2)


def _category(canvas: Canvas, face: BadgeFace, box: Box, size: float, colour: Color) -> None:
    """Draw the sea at the foot of the badge, in the colour of the category, with its word, which
    begins at the left of the box."""
    width, height, margin = box.width, box.height, box.left

    def make() -> None:
        canvas.setFillColor(colour)
        canvas.drawPath(_wave(canvas, width, height, 5), stroke=0, fill=1)
        canvas.setFillColor(white)
        block = fit(face.category.label, width - 2 * margin, height * 0.7, size, size * 0.5, True)
        draw(canvas, block, margin, top_around(block, height * 0.42))

    stamp(canvas, f"{face.category.label} {colour.hexval()}", width, height, make)


def _wave(canvas: Canvas, width: float, height: float, count: int) -> PDFPathObject:
    """Return a sea of that height whose top has `count` waves."""
    path = canvas.beginPath()
    path.moveTo(0, 0)
    path.lineTo(0, height * 0.86)
    step = width / count
    for start in (index * step for index in range(count)):
        path.curveTo(
            start + step * 0.36,
            height * 1.08,
            start + step * 0.64,
            height * 0.64,
            start + step,
            height * 0.86,
        )
    path.lineTo(width, 0)
    path.close()
    return path
