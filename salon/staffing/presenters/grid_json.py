"""The grid as its editor reads it."""

from collections.abc import Iterable, Sequence
from typing import Any

from salon.platform.formats import hour, plural
from salon.staffing.engine.half_hours import HALF_HOUR, DayFrame
from salon.staffing.engine.solving.scoring import AGREED_RUN
from salon.staffing.models import Shift
from salon.staffing.presenters.grid import CoverCell, Grid, GridRow


def page_of(grid: Grid, day: DayFrame, rows: Iterable[GridRow]) -> dict[str, Any]:
    """All that the editor starts from; `away` and `avoided` are numbers of half hours."""
    shown = grid.range_of(day)
    rows = list(rows)
    count = sum((one.changes for one in rows), grid.changes_of_removed)
    return {
        "starts": [one.isoformat() for one in grid.starts],
        "hours": [hour(one) for one in grid.starts],
        "ends": [hour(one + HALF_HOUR) for one in grid.starts],
        "shown": [shown.start, shown.stop],
        "usual": AGREED_RUN,
        "is_published": grid.read.publication is not None,
        "removed": grid.changes_of_removed,
        "stands": [vars(one) for one in grid.stands],
        "agents": [_agent(grid, one) for one in rows],
        "changes": count,
        "changes_words": changes_words(count, grid.read.publication is not None),
        **answer_of(grid, rows, ()),
    }


def answer_of(grid: Grid, rows: Iterable[GridRow], cover: Iterable[CoverCell]) -> dict[str, Any]:
    """Rows as they are now, the cover that they touch, and all that lacks."""
    return {
        "rows": [_row(one) for one in rows],
        "cover": [_cell(grid, one) for one in cover],
        "gaps": [
            {"stand": one.stand_id, "from": one.start, "to": one.end}
            | {"themes": list(one.themes), "words": one.words}
            for one in grid.gaps
        ],
        "gaps_words": gaps_words(len(grid.gaps)),
    }


def gaps_words(count: int) -> str:
    """« 3 créneaux sans assez d’agents »"""
    if not count:
        return "Chaque stand est tenu, à chaque heure"
    return f"{plural(count, 'créneau', 'créneaux')} sans assez d’agents"


def changes_words(count: int, is_published: bool) -> str:
    """What publishing would change; said again by the page at each change of the draft."""
    if not is_published:
        return f"Rien n’est encore publié\u00a0: {plural(count, 'vacation')} dans le brouillon"
    return f"{plural(count, 'changement')} à publier" if count else "Tout est publié"


def _agent(grid: Grid, row: GridRow) -> dict[str, Any]:
    agent = row.agent
    who = grid.problem.workers[grid.index[agent.id]]
    posts = grid.problem.posts
    return {
        "id": agent.id,
        "name": agent.polite_name,
        "is_own": row.is_own,
        "themes": [grid.read.themes[one] for one in sorted(who.themes)],
        "stands": [posts[one].id for one in sorted(who.posts)],
        "wished": [posts[one].id for one in sorted(who.preferred)],
        "away": [t for t, there in enumerate(who.available) if row.is_own and not there],
        "avoided": sorted(who.avoided) if row.is_own else [],
    }


def _row(row: GridRow) -> dict[str, Any]:
    return {
        "agent": row.agent.id,
        "version": row.version,
        "shifts": _shifts(row.shifts),
        "published": _shifts(row.published),
        "load": row.load,
        "breaks": [vars(one) for one in row.breaks],
        "changes": row.changes,
    }


def _shifts(shifts: Sequence[Shift]) -> list[dict[str, Any]]:
    return [
        {
            "stand": one.stand_id,
            "starts_at": one.starts_at.isoformat(),
            "ends_at": one.ends_at.isoformat(),
            "locked": one.is_locked,
        }
        for one in shifts
    ]


def _cell(grid: Grid, one: CoverCell) -> dict[str, Any]:
    return {
        "stand": one.stand_id,
        "at": grid.starts[one.at].isoformat(),
        "present": one.present,
        "minimum": one.minimum,
        "wished": one.wished,
        "themes": list(one.themes),
        "state": one.state,
        "figures": one.figures,
        "word": one.word,
        "words": one.words,
    }
