"""SVG pictures of static/images drawn in a PDF.

Supports only the part of SVG that these pictures use: paths with the commands M L H V Q T C S A Z
(circular arcs), circles, rectangles, groups, a clip path, fill, stroke, dashes. Opacity is mixed
with the paper's colour. Anything else raises.
"""

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from xml.etree import ElementTree

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from salon.platform.settings import ROOT

IMAGES = ROOT / "static" / "images"
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")
ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "Q": 4, "T": 2, "C": 6, "S": 4, "A": 7, "Z": 0}
NUMBERS = {"cx", "cy", "r", "x", "y", "width", "height", "rx"}
IGNORED = {"title", "desc", "clipPath"}


@lru_cache
def picture(name: str) -> ElementTree.Element:
    return ElementTree.parse(IMAGES / name).getroot()


def size_of(name: str) -> tuple[float, float]:
    """Return the width and height of a picture in its own units."""
    _, _, width, height = picture(name).attrib["viewBox"].split()
    return float(width), float(height)


def on_paper(colour: str, opacity: float) -> Color:
    """Return the colour mixed with white paper."""
    ink = HexColor(colour)
    return Color(*(1 - opacity * (1 - part) for part in ink.rgb()))


def draw_picture(canvas: Canvas, name: str, x: float, y: float, width: float) -> float:
    """Draw the picture with its lower left corner at x, y; return its height."""
    own_width, own_height = size_of(name)
    scale = width / own_width
    canvas.saveState()
    canvas.translate(x, y + own_height * scale)
    canvas.scale(scale, -scale)
    frame = canvas.beginPath()
    frame.rect(0, 0, own_width, own_height)
    canvas.clipPath(frame, stroke=0, fill=0)
    _draw_children(canvas, picture(name), {"fill": "#000000"}, picture(name))
    canvas.restoreState()
    return own_height * scale


def _draw_children(
    canvas: Canvas,
    parent: ElementTree.Element,
    style: dict[str, str],
    root: ElementTree.Element,
) -> None:
    for element in parent:
        kind = element.tag.split("}")[-1]
        element_style = style | element.attrib
        if kind in IGNORED:
            continue
        if kind == "g":
            clip = element_style.pop("clip-path", "")
            canvas.saveState()
            if clip:
                shape = root.find(f".//*[@id='{clip[5:-1]}']/*")
                if shape is None:
                    raise ValueError(f"no clip path {clip}")
                canvas.clipPath(_outline(canvas, shape), stroke=0, fill=0)
            _draw_children(canvas, element, element_style, root)
            canvas.restoreState()
        else:
            _paint(canvas, _outline(canvas, element), element_style)


def _paint(canvas: Canvas, path: PDFPathObject, style: dict[str, str]) -> None:
    opacity = float(style.get("opacity", 1))
    fill, stroke = style["fill"], style.get("stroke", "none")
    if fill != "none":
        canvas.setFillColor(on_paper(fill, opacity))
    if stroke != "none":
        canvas.setStrokeColor(on_paper(stroke, opacity))
        canvas.setLineWidth(float(style.get("stroke-width", 1)))
        canvas.setLineCap({"round": 1, "square": 2}.get(style.get("stroke-linecap", ""), 0))
        canvas.setDash([float(part) for part in style.get("stroke-dasharray", "").split()])
    canvas.drawPath(path, stroke=int(stroke != "none"), fill=int(fill != "none"))


def _outline(canvas: Canvas, element: ElementTree.Element) -> PDFPathObject:
    kind = element.tag.split("}")[-1]
    path = canvas.beginPath()
    number = {key: float(value) for key, value in element.attrib.items() if key in NUMBERS}
    if kind == "path":
        _follow(path, element.attrib["d"])
    elif kind == "circle":
        path.circle(number["cx"], number["cy"], number["r"])
    elif kind == "rect":
        box = number.get("x", 0), number.get("y", 0), number["width"], number["height"]
        path.roundRect(*box, number["rx"]) if "rx" in number else path.rect(*box)
    else:
        raise ValueError(f"the printed pictures know no <{kind}>")
    return path


def _follow(path: PDFPathObject, data: str) -> None:
    """Draw the path data of an SVG."""
    x = y = start_x = start_y = 0.0
    control: tuple[float, float] | None = None
    for letter, numbers in _commands(data):
        name = letter.upper()
        points = _absolute(letter, numbers, x, y)
        mirrored = (2 * x - control[0], 2 * y - control[1]) if control else (x, y)
        control = None
        if name == "Z":
            path.close()
            x, y = start_x, start_y
            continue
        end = points[-2], points[-1]
        if name == "M":
            path.moveTo(*end)
            start_x, start_y = end
        elif name == "A":
            _arc(path, (x, y), points[0], bool(points[3]), bool(points[4]), end)
        elif name in "QT":
            control = (points[0], points[1]) if name == "Q" else mirrored
            path.curveTo(*_towards(control, (x, y)), *_towards(control, end), *end)
        elif name in "CS":
            first = (points[0], points[1]) if name == "C" else mirrored
            control = points[-4], points[-3]
            path.curveTo(*first, *control, *end)
        else:
            path.lineTo(*end)
        x, y = end


def _commands(data: str) -> Iterator[tuple[str, list[float]]]:
    """Return each command with its own numbers; numbers without a letter repeat the last
    command."""
    for letter, text in re.findall(r"([A-Za-z])([^A-Za-z]*)", data):
        numbers = [float(number) for number in NUMBER.findall(text)]
        count = ARGUMENTS[letter.upper()]
        yield letter, numbers[:count]
        if letter in "Mm":
            letter = "l" if letter == "m" else "L"
        for first in range(count, len(numbers), count or 1):
            yield letter, numbers[first : first + count]


def _absolute(letter: str, numbers: list[float], x: float, y: float) -> list[float]:
    """Return the numbers of a command relative to the picture's corner; H and V become a point."""
    left, up = (x, y) if letter.islower() else (0.0, 0.0)
    match letter.upper():
        case "H":
            return [numbers[0] + left, y]
        case "V":
            return [x, numbers[0] + up]
        case "A":
            return [*numbers[:5], numbers[5] + left, numbers[6] + up]
    return [number + (up if place % 2 else left) for place, number in enumerate(numbers)]


def _towards(control: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    """Return the cubic control point, at one end, of a quadratic curve."""
    return (end[0] + 2 * control[0]) / 3, (end[1] + 2 * control[1]) / 3


def _arc(
    path: PDFPathObject,
    start: tuple[float, float],
    radius: float,
    large: bool,
    clockwise: bool,
    end: tuple[float, float],
) -> None:
    """Draw a circular arc."""
    half = math.dist(start, end) / 2
    if half == 0:
        return
    radius = max(radius, half)
    away = math.sqrt(radius**2 - half**2) / half / 2 * (1 if large == clockwise else -1)
    x = (start[0] + end[0]) / 2 + away * (end[1] - start[1])
    y = (start[1] + end[1]) / 2 - away * (end[0] - start[0])
    begin = math.degrees(math.atan2(start[1] - y, start[0] - x))
    extent = (math.degrees(math.atan2(end[1] - y, end[0] - x)) - begin) % 360
    box = x - radius, y - radius, x + radius, y + radius
    # The angles may be fractions; only the type stub says int.
    path.arcTo(*box, begin, extent if clockwise else extent - 360)  # type: ignore[arg-type]
