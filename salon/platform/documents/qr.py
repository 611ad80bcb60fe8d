"""QR codes: the modules of a text, for a page or a paper."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import escape
from io import BytesIO
from typing import Any, Final

QUIET_ZONE = 4
MODULE_PIXELS = 8
"""Of a PNG."""
ENDING = 26
"""Characters at the end of an address that differ from one code of a file to the next."""

SMALLEST_VERSION = 3
MASK = 2
"""Mask with the lowest penalty on average for our addresses; choosing one for each costs eight
times more."""

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
"""Characters that a QR code packs two by two in 11 bits, a last one alone in 6."""

PACKED: Final = 2
BYTES: Final = 4
"""Modes of ISO/IEC 18004, 7.4."""

DARK = re.compile("1+")

Matrix = list[list[bool]]


def qr_matrix(payload: str) -> Matrix:
    """Return rows of modules, True where dark, without the quiet zone. Level M, version 3 or
    more."""
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.main import QRCode
    from qrcode.util import QRData

    code: QRCode[Any] = QRCode(
        version=SMALLEST_VERSION, error_correction=ERROR_CORRECT_M, border=0, mask_pattern=MASK
    )
    alphanumeric = set(payload) <= set(ALPHANUMERIC)
    code.add_data(QRData(payload, mode=PACKED if alphanumeric else BYTES))
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.modules]


def qr_rows(payload: str) -> list[str]:
    """Return the rows of `qr_matrix` as « 0 » and « 1 », thirty times faster from the second code
    on.

    At a fixed length and mask each bit of the data turns over the same modules whatever the others
    are. So the encoder is asked once per bit of the last 26 characters, and a code is the exclusive
    or of what its bits turn over.
    """
    start = payload[: max(0, len(payload) - ENDING) // 2 * 2]
    if not set(payload) <= set(ALPHANUMERIC):
        return [_digits(row) for row in qr_matrix(payload)]
    side, modules, turned = _turned_by_each_bit(start, len(payload) - len(start))
    for place, bits in zip(range(len(start), len(payload), 2), turned, strict=True):
        number = _number(payload[place : place + 2])
        for bit, modules_turned in enumerate(bits):
            if number >> bit & 1:
                modules ^= modules_turned
    all_bits = f"{modules:0{side * side}b}"
    return [all_bits[first : first + side] for first in range(0, side * side, side)]


@lru_cache(maxsize=4)
def _turned_by_each_bit(start: str, length: int) -> tuple[int, int, list[list[int]]]:
    """Return side and modules of `start` followed by zeros; modules turned by each bit of each
    pair."""

    def modules_of(tail: str) -> int:
        return int("".join(map(_digits, qr_matrix(start + tail))), 2)

    zeros = "0" * length
    blank = modules_of(zeros)
    turned = []
    for place in range(0, length, 2):
        size = min(2, length - place)
        tail_zeros = zeros[place + size :]
        turned.append(
            [
                blank ^ modules_of(zeros[:place] + _characters(1 << bit, size) + tail_zeros)
                for bit in range(11 if size == 2 else 6)
            ]
        )
    return len(qr_matrix(start + zeros)), blank, turned


def _number(characters: str) -> int:
    """Return one or two alphanumeric characters as a QR code packs them."""
    number = 0
    for character in characters:
        number = number * len(ALPHANUMERIC) + ALPHANUMERIC.index(character)
    return number


def _characters(number: int, size: int) -> str:
    high, low = divmod(number, len(ALPHANUMERIC))
    return (ALPHANUMERIC[high] + ALPHANUMERIC[low])[-size:]


def _digits(row: Iterable[bool]) -> str:
    return "".join("1" if dark else "0" for dark in row)


def dark_runs(rows: Iterable[str]) -> Iterator[tuple[int, int, int]]:
    """Return (column, row, length) of each horizontal run of dark modules."""
    for y, row in enumerate(rows):
        for run in DARK.finditer(row):
            yield run.start(), y, run.end() - run.start()


def qr_png(payload: str) -> bytes:
    """Return the code as a PNG with its quiet zone."""
    from PIL import Image

    matrix = qr_matrix(payload)
    side = len(matrix) + 2 * QUIET_ZONE
    image = Image.new("1", (side, side), 1)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                image.putpixel((x + QUIET_ZONE, y + QUIET_ZONE), 0)
    buffer = BytesIO()
    pixels = (side * MODULE_PIXELS, side * MODULE_PIXELS)
    image.resize(pixels, Image.Resampling.NEAREST).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def qr_svg(payload: str, *, title: str) -> str:
    """Return inline SVG of the code with its quiet zone; its size is set by the class `qr`."""
    matrix = qr_matrix(payload)
    side = len(matrix) + 2 * QUIET_ZONE
    path = "".join(
        f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h{length}v1h-{length}z"
        for x, y, length in dark_runs(map(_digits, matrix))
    )
    return (
        f'<svg class="qr" role="img" aria-label="{escape(title)}" viewBox="0 0 {side} {side}"'
        ' xmlns="http://www.w3.org/2000/svg" shape-rendering="crispEdges">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path fill="#000" d="{path}"/></svg>'
    )
