"""Present the wall screen: the board in words, without telephone numbers or controls."""

from collections.abc import Iterable

from salon.fair.models import PartnerBody
from salon.platform.words.formats import hour, plural
from salon.village_day.presenters.day import Board, StandShortage, StandView
from salon.village_day.presenters.day_lines import AgentLine

MOST_CALLS = 7
"""The most lines that stay readable from three metres."""


def wall_of(board: Board) -> dict[str, object]:
    """Return the wall's data, for its page and for JSON. A figure: its value, its state."""
    calls = [
        *(_short(shortage) for shortage in board.shorts),
        *(_person(board, line, "warning", "clock-history") for line in board.late),
        *(_person(board, lines[0], *lines[0].face) for _, lines in board.missed),
    ]
    hidden_count = len(calls) - MOST_CALLS
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
        "calm": board.cover_words,
        "more": f"et {plural(hidden_count, 'autre')}, au tableau de bord"
        if hidden_count > 0
        else "",
        "stands": [_stand(stand) for stand in board.stands],
    }


def _short(shortage: StandShortage) -> dict[str, str]:
    return {
        "kind": "danger" if shortage.is_now else "warning",
        "icon": "x-octagon-fill" if shortage.is_now else "exclamation-triangle-fill",
        "title": _name(shortage.body),
        "detail": f"{shortage.words} {shortage.when}",
    }


def _person(board: Board, line: AgentLine, kind: str, icon: str) -> dict[str, str]:
    body_name = _name(board.body_of(line))
    return {
        "kind": kind,
        "icon": icon,
        "title": line.agent.polite_name,
        "detail": f"{_words(line)}, {body_name}",
    }


def _stand(view: StandView) -> dict[str, object]:
    kind, word, icon = view.state
    return {
        "number": view.body.stand.number,
        "name": view.body.short_name,
        "kind": kind,
        "word": word,
        "icon": icon,
        "count": view.present,
        "minimum": view.minimum,
        "here": _people(view.here),
        "awaited": _people(view.awaited),
        "coming": _people(view.coming),
    }


def _people(lines: Iterable[AgentLine]) -> list[str]:
    return [f"{line.agent.polite_name}, {_words(line)}" for line in lines]


def _words(line: AgentLine) -> str:
    return ", ".join(map(_lower, filter(None, (line.word, line.more))))


def _name(body: PartnerBody) -> str:
    return f"{body.short_name}, stand {body.stand.number}"


def _lower(word: str) -> str:
    return word[0].lower() + word[1:]
