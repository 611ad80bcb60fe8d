"""Texts that fit on a drawn stand. Lengths in metres."""

from dataclasses import dataclass

LETTER = 0.56
"""Width of a letter, as a share of its size."""
LEADING = 1.12
LARGEST_NUMBER, LARGEST_NAME, SMALLEST_NAME = 2.4, 1.3, 0.3
MOST_LINES = 4
WORTH_A_LINE = 1.2
"""How much larger one more line must make the words."""
INSET = 0.9


@dataclass(frozen=True)
class Lettering:
    """A number above the lines of a name; each `y` is a baseline from the stand's north side."""

    number_size: float
    number_y: float
    name_size: float
    lines: tuple[tuple[str, float], ...]


def lettering(number: str, name: str, width: float, depth: float) -> Lettering:
    """Return the number and the name of a stand as large as width × depth allows."""
    room = width * INSET
    size = min(LARGEST_NUMBER, room / (max(len(number), 3) * 0.66), depth * (0.33 if name else 0.4))
    if not name:
        return Lettering(round(size, 2), round(depth / 2 + size * 0.36, 2), 0, ())
    left = depth * 0.84 - size * 0.95
    lines, text_size = _fitted(name, room, left)
    height = size * 0.75 + len(lines) * text_size * LEADING
    top = (depth - height) / 2
    first = top + size * 0.75
    return Lettering(
        round(size, 2),
        round(first, 2),
        round(text_size, 2),
        tuple(
            (line, round(first + (place + 1) * text_size * LEADING, 2))
            for place, line in enumerate(lines)
        ),
    )


def _fitted(name: str, width: float, height: float) -> tuple[list[str], float]:
    best: tuple[list[str], float] = ([name], 0.0)
    for count in range(1, MOST_LINES + 1):
        lines = _split(name, count)
        longest = max(len(line) for line in lines)
        size = min(LARGEST_NAME, width / (longest * LETTER), height / (len(lines) * LEADING))
        if size > best[1] * WORTH_A_LINE:
            best = lines, size
    if best[1] >= SMALLEST_NAME:
        return best
    letters = max(3, int(width / (SMALLEST_NAME * LETTER)))
    count = max(1, int(height / (SMALLEST_NAME * LEADING)))
    lines = _split(name, MOST_LINES)[:count]
    cut = [line if len(line) <= letters else line[: letters - 1].rstrip() + "…" for line in lines]
    return cut, SMALLEST_NAME


def _split(name: str, count: int) -> list[str]:
    """Return the words on at most `count` lines of about the same length."""
    words = name.split()
    aim = max(len(name) / count, max(map(len, words), default=1))
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + 1 + len(word) <= aim * 1.12:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [name]
