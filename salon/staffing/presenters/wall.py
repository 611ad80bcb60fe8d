"""What the wall shows: the board in words, without telephone, with nothing to press."""

from collections.abc import Iterable
from typing import Any

from salon.fair.models import PartnerBody
from salon.platform.formats import hour, plural
from salon.staffing.presenters.day import Board, Short, StandView
from salon.staffing.presenters.day_lines import Line

MOST_CALLS = 7
"""What a screen shows at a size that is read from three metres."""


def wall_of(board: Board) -> dict[str, Any]:
    """All that the wall shows, ready for its page and for JSON. A figure: its value, its state."""
    calls = [
        *(_short(one) for one in board.shorts),
        *(_person(board, one, "warning", "clock-history") for one in board.late),
        *(_person(board, one, *one.face) for one in board.absent),
    ]
    more = len(calls) - MOST_CALLS
    return {
        "at": hour(board.now),
        "figures": {
            "present": [
                f"{board.present}/{board.expected}",
                "ok" if board.present == board.expected else "warning",
            ],
            "late": [str(len(board.late)), "warning" if board.late else "ok"],
            "short": [str(len(board.shorts)), "danger" if board.shorts else "ok"],
        },
        "calls": calls[:MOST_CALLS],
        "more": f"et {plural(more, 'autre')}, au tableau de bord" if more > 0 else "",
        "stands": [_stand(one) for one in board.stands],
    }


def _short(one: Short) -> dict[str, str]:
    return {
        "kind": "danger" if one.is_now else "warning",
        "icon": "x-octagon-fill" if one.is_now else "exclamation-triangle-fill",
        "title": _name(one.body),
        "detail": f"{one.words} {one.when}",
    }


def _person(board: Board, one: Line, kind: str, icon: str) -> dict[str, str]:
    where = _name(board.body_of(one))
    return {
        "kind": kind,
        "icon": icon,
        "title": one.agent.polite_name,
        "detail": f"{_lower(one.word)}, {where}",
    }


def _stand(one: StandView) -> dict[str, Any]:
    kind, word, icon = one.state
    return {
        "number": one.body.stand.number,
        "name": one.body.short_name,
        "kind": kind,
        "word": word,
        "icon": icon,
        "count": one.present,
        "minimum": one.minimum,
        "here": _people(one.here),
        "awaited": _people(one.awaited),
        "coming": _people(one.coming),
    }


def _people(lines: Iterable[Line]) -> list[str]:
    return [f"{one.agent.polite_name}, {_lower(one.word)}" for one in lines]


def _name(body: PartnerBody) -> str:
    return f"{body.short_name}, stand {body.stand.number}"


def _lower(word: str) -> str:
    return word[0].lower() + word[1:]
