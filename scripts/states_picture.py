"""Draws the states of an application, and the moves between them, from the table of the rules.

`python scripts/states_picture.py` writes docs/images/etats-candidature.svg. A pair of states that
the table joins and that has no path here stops the script: draw it.
"""

import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from salon.exhibitors.models import ApplicationStatus as Status  # noqa: E402
from salon.exhibitors.rules.lifecycle import IN_HAND, LIVE, MOVES, ActorKind, Arrow, Move  # noqa: E402

PICTURE = ROOT / "docs" / "images" / "etats-candidature.svg"
WIDTH, HEIGHT = 1200, 1120
BOX = (180, 58)
CENTRES = {
    Status.DRAFT: (120, 330),
    Status.CHANGES_ASKED: (420, 152),
    Status.SUBMITTED: (420, 330),
    Status.WAITING: (420, 540),
    Status.OFFERED: (770, 540),
    Status.ACCEPTED: (1060, 330),
    Status.REFUSED: (520, 760),
    Status.WITHDRAWN: (920, 760),
}
WIDER = {Status.OFFERED: 210}
FILLS = {
    Status.ACCEPTED: ("#e3eddd", "#3F6B2E"),
    Status.REFUSED: ("#f6e3e6", "#9B1C31"),
    Status.WITHDRAWN: ("#eceeef", "#6F7C85"),
    Status.DRAFT: ("#eceeef", "#6F7C85"),
}
PLAIN = ("#ffffff", "#0B5670")
COLOURS = {
    ActorKind.ORGANISER: "#0B5670",
    ActorKind.EXHIBITOR: "#3F6B2E",
    ActorKind.SYSTEM: "#B4540A",
}
SHARED = "#14232E"
WORDS = {
    ActorKind.ORGANISER: "organisation",
    ActorKind.EXHIBITOR: "exposant",
    ActorKind.SYSTEM: "automatique",
}
# By the states it joins: a path, then where the numbers of its moves stand.
PATHS: dict[tuple[Status, Status], tuple[str, tuple[int, int]]] = {
    (Status.DRAFT, Status.SUBMITTED): ("M210 330H330", (232, 330)),
    (Status.CHANGES_ASKED, Status.SUBMITTED): ("M450 181V301", (450, 241)),
    (Status.SUBMITTED, Status.CHANGES_ASKED): ("M390 301V181", (390, 241)),
    (Status.WAITING, Status.CHANGES_ASKED): ("M330 555H262V142H330", (262, 215)),
    (Status.CHANGES_ASKED, Status.WAITING): ("M330 162H290V525H330", (290, 440)),
    (Status.SUBMITTED, Status.WAITING): ("M420 359V511", (420, 435)),
    (Status.OFFERED, Status.WAITING): ("M665 555H510", (588, 555)),
    (Status.WAITING, Status.OFFERED): ("M510 525H665", (588, 525)),
    (Status.SUBMITTED, Status.OFFERED): ("M510 345H770V511", (770, 430)),
    (Status.SUBMITTED, Status.ACCEPTED): ("M510 318H970", (770, 318)),
    (Status.WAITING, Status.ACCEPTED): ("M420 569V612H1085V359", (770, 612)),
    (Status.OFFERED, Status.ACCEPTED): ("M875 540H1035V359", (962, 540)),
    (Status.REFUSED, Status.SUBMITTED): ("M430 760H310V345H330", (370, 760)),
    (Status.WITHDRAWN, Status.SUBMITTED): ("M920 789V822H310V345H330", (720, 822)),
}
FRAMES = {
    frozenset(IN_HAND): (
        "En cours d’étude : peut être refusée",
        (240, 78, 660, 560),
        "M520 638V731",
        (520, 700),
    ),
    frozenset(LIVE): (
        "En cours ou acceptée : peut être retirée",
        (20, 36, 1160, 628),
        "M920 664V731",
        (920, 700),
    ),
}
NUMBERS = {move: number for number, move in enumerate(MOVES, start=1)}


def main() -> None:
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(picture())
    print(PICTURE.relative_to(ROOT))


def picture() -> str:
    """Return the whole SVG."""
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'width="{WIDTH}" height="{HEIGHT}" role="img" aria-labelledby="title desc" '
            'font-family="Atkinson Hyperlegible Next, Atkinson Hyperlegible, Verdana, sans-serif">',
            '<title id="title">Les états d’une candidature</title>',
            f'<desc id="desc">{escape(in_words())}</desc>',
            "<defs>",
            *(_head(name, colour) for name, colour in _heads()),
            "</defs>",
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#F6F1E7"/>',
            *(_frame(*frame[:2]) for frame in reversed(FRAMES.values())),
            *arrows(),
            *(_box(status) for status in Status),
            *_legend(),
            "</svg>\n",
        ]
    )


def in_words() -> str:
    """Return every move of the table as a sentence."""
    sentences = []
    for move, arrow in MOVES.items():
        sources = ", ".join(status.label for status in Status if status in arrow.sources)
        sentences.append(f"{NUMBERS[move]}. {arrow.label} : {sources} → {arrow.target.label}.")
    return " ".join(sentences)


def arrows() -> Iterator[str]:
    """Yield the path of each pair of states, with the numbers of its moves; frames have one for
    all.
    """
    pairs: dict[tuple[Status, Status], list[Move]] = {}
    for move, arrow in MOVES.items():
        if arrow.sources in FRAMES:
            _, _, path, spot = FRAMES[arrow.sources]
            yield _path(path, [move])
            yield from _badges([move], spot)
            continue
        for source in Status:
            if source in arrow.sources:
                pairs.setdefault((source, arrow.target), []).append(move)
    if missing := sorted(f"{a} → {b}" for a, b in pairs.keys() ^ PATHS.keys()):
        sys.exit(f"Draw these pairs, or take them away: {', '.join(missing)}")
    for pair, moves in pairs.items():
        path, spot = PATHS[pair]
        yield _path(path, moves)
        yield from _badges(moves, spot)


def _colour(arrow: Arrow) -> str:
    return COLOURS[min(arrow.actor_kinds)] if len(arrow.actor_kinds) == 1 else SHARED


def _heads() -> list[tuple[str, str]]:
    return [*((kind.value, COLOURS[kind]) for kind in ActorKind), ("shared", SHARED)]


def _head(name: str, colour: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" '
        f'markerHeight="9" orient="auto" markerUnits="userSpaceOnUse">'
        f'<path d="M0 0 10 5 0 10z" fill="{colour}"/></marker>'
    )


def _path(path: str, moves: list[Move]) -> str:
    arrow = MOVES[moves[0]]
    colour = _colour(arrow)
    name = next(name for name, drawn_colour in _heads() if drawn_colour == colour)
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2.5" '
        f'stroke-linejoin="round" marker-end="url(#{name})"/>'
    )


def _badges(moves: list[Move], spot: tuple[int, int]) -> Iterator[str]:
    left = spot[0] - 16 * (len(moves) - 1)
    for place, move in enumerate(moves):
        yield _badge(move, left + 32 * place, spot[1])


def _badge(move: Move, x: int, y: int) -> str:
    return (
        f'<circle cx="{x}" cy="{y}" r="14" fill="{_colour(MOVES[move])}" stroke="#F6F1E7" '
        f'stroke-width="3"/><text x="{x}" y="{y + 5}" fill="#fff" font-size="15" '
        f'font-weight="700" text-anchor="middle">{NUMBERS[move]}</text>'
    )


def _frame(label: str, box: tuple[int, int, int, int]) -> str:
    x, y, width, height = box
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="16" fill="#fff" '
        f'fill-opacity="0.55" stroke="#6F7C85" stroke-width="1.5" stroke-dasharray="7 6"/>'
        f'<text x="{x + 16}" y="{y + 26}" fill="#4a565e" font-size="15">{label}</text>'
    )


def _box(status: Status) -> str:
    (x, y), (width, height) = CENTRES[status], BOX
    width = WIDER.get(status, width)
    fill, stroke = FILLS.get(status, PLAIN)
    return (
        f'<rect x="{x - width // 2}" y="{y - height // 2}" width="{width}" height="{height}" '
        f'rx="10" fill="{fill}" stroke="{stroke}" stroke-width="2.5"/>'
        f'<text x="{x}" y="{y + 6}" fill="#14232E" font-size="17" font-weight="700" '
        f'text-anchor="middle">{status.label}</text>'
    )


def _legend() -> Iterator[str]:
    half = (len(MOVES) + 1) // 2
    for place, (move, arrow) in enumerate(MOVES.items()):
        x = 44 + 580 * (place // half)
        y = 880 + 46 * (place % half)
        actors = " ou ".join(WORDS[kind] for kind in ActorKind if kind in arrow.actor_kinds)
        reason = ", avec un motif" if arrow.needs_reason else ""
        yield _badge(move, x, y)
        yield (
            f'<text x="{x + 26}" y="{y + 6}" fill="#14232E" font-size="17">'
            f'<tspan font-weight="700">{arrow.label}</tspan> '
            f'<tspan fill="#4a565e">{actors}{reason}</tspan></text>'
        )


if __name__ == "__main__":
    main()
