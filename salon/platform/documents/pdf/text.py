"""Text in boxes: font, size, line breaks, cuts with « … ».

Nothing in a text is interpreted. Lengths in points.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from salon.platform.settings.installation import ROOT
from salon.platform.words.typography import unbreakable

FONTS = ROOT / "static" / "vendor" / "fonts"
REGULAR = ("Atkinson-Regular", "DejaVuSans")
BOLD = ("Atkinson-Bold", "DejaVuSans-Bold")
"""The font of the fair, and the one that has the characters it lacks."""

Align = Literal["left", "centre", "right"]
ELLIPSIS = "…"
REPLACEMENT = "\ufffd"
NO_BREAK_SPACE = "\u00a0"
NARROW_SPACE = "\u202f"
ASCENT, CAPITAL = 0.8, 0.668
LEADING = 1.14
LONGEST = 200
"""Most characters of a name, a function or an organisation that are read; the rest is cut."""

BREAKABLE = re.compile(r"[^ -]*-+|[^ -]+")


@lru_cache
def font(name: str) -> TTFont:
    """Return the embedded font, read once per process."""
    loaded = TTFont(name, str(FONTS / f"{name}.ttf"))
    pdfmetrics.registerFont(loaded)
    return loaded


@lru_cache(maxsize=4096)
def printable(text: str, *, bold: bool = False) -> tuple[str, str]:
    """Return the text on one line and the font that has its characters; « � » stands for any
    other."""
    composed = unbreakable(unicodedata.normalize("NFC", text)).replace(NARROW_SPACE, NO_BREAK_SPACE)
    clean = "".join(printable_character(letter) for letter in composed).strip()
    first, second = BOLD if bold else REGULAR
    if all(ord(letter) in font(first).face.charToGlyph for letter in clean):
        return clean, first
    glyphs = font(second).face.charToGlyph
    return "".join(letter if ord(letter) in glyphs else REPLACEMENT for letter in clean), second


def printable_character(letter: str) -> str:
    """Return the character, or a space or « � » for one that prints nothing."""
    if letter.isprintable() or letter == NO_BREAK_SPACE:
        return letter
    return " " if letter.isspace() else REPLACEMENT


def width_of(text: str, name: str, size: float) -> float:
    return float(font(name).stringWidth(text, size))


@dataclass(frozen=True)
class Block:
    """Lines of one font and size."""

    lines: tuple[str, ...]
    font: str
    size: float

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * LEADING

    @property
    def width(self) -> float:
        return max((width_of(line, self.font, self.size) for line in self.lines), default=0)


@lru_cache(maxsize=4096)
def fit(
    text: str, width: float, height: float, largest: float, smallest: float, bold: bool = False
) -> Block:
    """Return the text as large as its box allows: on one line, else on two, else cut with « … »."""
    cut = text if len(text) <= LONGEST else text[:LONGEST] + ELLIPSIS
    clean, name = printable(cut, bold=bold)
    if not clean:
        return Block((), name, smallest)
    single_size = min(largest, height / LEADING, width / width_of(clean, name, 1))
    if single_size >= 0.72 * largest:
        return Block((clean,), name, single_size)
    pair = halves(clean, name)
    two = min(largest, height / LEADING / 2, width / max(width_of(half, name, 1) for half in pair))
    if max(single_size, two) >= smallest:
        return Block((clean,), name, single_size) if single_size >= two else Block(pair, name, two)
    room = max(1, int(height / smallest / LEADING))
    return Block(
        cut_lines(wrap(clean, name, smallest, width), room, name, smallest, width), name, smallest
    )


@lru_cache(maxsize=512)
def flow(
    text: str, width: float, height: float, largest: float, smallest: float, bold: bool = False
) -> Block:
    """Return the text on as many lines as its box holds, as large as possible, else cut with « …
    »."""
    clean, name = printable(text, bold=bold)
    block = Block(tuple(_balanced(clean, name, largest, width)), name, largest)
    while block.size > smallest and (block.height > height or block.width > width):
        size = max(smallest, block.size * 0.96)
        block = Block(tuple(_balanced(clean, name, size, width)), name, size)
    room = max(1, int(height / block.size / LEADING))
    return replace(block, lines=cut_lines(block.lines, room, name, block.size, width))


def _balanced(text: str, name: str, size: float, width: float) -> list[str]:
    """Return the lines of the text; two lines are made as equal as they can be."""
    lines = wrap(text, name, size, width)
    pair = halves(text, name)
    if len(lines) == 2 and all(width_of(half, name, size) <= width for half in pair):
        return list(pair)
    return lines


def halves(text: str, name: str) -> tuple[str, ...]:
    """Return the text in the two most equal lines, broken at a space or after a hyphen."""
    ends = [match.end() for match in BREAKABLE.finditer(text)][:-1]
    pairs = [(text[:end].rstrip(), text[end:].lstrip()) for end in ends]
    return min(
        pairs,
        key=lambda pair: max(width_of(pair[0], name, 1), width_of(pair[1], name, 1)),
        default=(text,),
    )


def wrap(text: str, name: str, size: float, width: float) -> list[str]:
    """Return lines no wider than `width`; a word that is wider than a line is broken."""
    lines: list[str] = []
    start = end = 0
    for match in BREAKABLE.finditer(text):
        if width_of(text[start : match.end()], name, size) > width and end > start:
            lines.append(text[start:end])
            start = match.start()
        while width_of(text[start : match.end()], name, size) > width:
            length = longest_start(text[start : match.end()], name, size, width)
            lines.append(text[start : start + length])
            start += length
        end = match.end()
    return [*lines, text[start:end]] if end > start else lines


def longest_start(text: str, name: str, size: float, width: float) -> int:
    """Return how many characters of the text fit, at least one."""
    length = 1
    while length < len(text) and width_of(text[: length + 1], name, size) <= width:
        length += 1
    return length


def cut_lines(
    lines: Sequence[str], room: int, name: str, size: float, width: float
) -> tuple[str, ...]:
    """Return at most `room` lines; the last one ends with « … » when text is missing."""
    if len(lines) <= room:
        return tuple(lines)
    last = lines[room - 1]
    while last and width_of(last + ELLIPSIS, name, size) > width:
        last = last[:-1].rstrip()
    return (*lines[: room - 1], last + ELLIPSIS)


def top_around(block: Block, middle: float) -> float:
    """Return the top of the block when its capitals are centred on `middle`."""
    between = (len(block.lines) - 1) * LEADING
    return middle + (ASCENT - CAPITAL / 2 + between / 2) * block.size


def draw(canvas: Canvas, block: Block, x: float, top: float, align: Align = "left") -> float:
    """Draw the lines down from `top`, in the current colour; return where the block ends.

    `x`: the left, the middle or the right of each line, as `align` says.
    """
    canvas.setFont(block.font, block.size)
    lines = canvas.beginText()
    for row, line in enumerate(block.lines):
        left = x
        if align != "left":
            width = width_of(line, block.font, block.size)
            left -= width if align == "right" else width / 2
        lines.setTextOrigin(left, top - (row * LEADING + ASCENT) * block.size)
        lines.textLine(line)
    if block.lines:
        canvas.drawText(lines)
    return top - block.height


def put(
    canvas: Canvas,
    text: str,
    x: float,
    top: float,
    width: float,
    size: float,
    *,
    bold: bool = False,
    smallest: float = 6,
    lines: int = 1,
    align: Align = "left",
) -> Block:
    """Draw text from `top` down, shrunk to fit on at most `lines` lines; return the block."""
    block = fit(text, width, size * 1.15 * lines, size, smallest, bold)
    draw(canvas, block, x, top, align)
    return block
