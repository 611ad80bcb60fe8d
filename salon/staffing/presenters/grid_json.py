"""Present the grid as JSON for its editor."""

from collections.abc import Iterable, Sequence

from salon.platform.words.formats import hour, plural
from salon.staffing.engine.half_hours import HALF_HOUR, DayFrame
from salon.staffing.engine.solving.scoring import AGREED_RUN
from salon.staffing.models import Shift
from salon.staffing.presenters.grid import CoverCell, Grid, GridRow


def page_of(grid: Grid, day: DayFrame, rows: Iterable[GridRow]) -> dict[str, object]:
    """Return the initial data of the editor; `away` and `avoided` are numbers of half hours."""
    shown = grid.range_of(day)
    rows = list(rows)
    count = sum((row.changes for row in rows), grid.changes_of_removed)
    return {
        "starts": [start.isoformat() for start in grid.starts],
        "hours": [hour(start) for start in grid.starts],
        "ends": [hour(start + HALF_HOUR) for start in grid.starts],
        "shown": [shown.start, shown.stop],
        "usual": AGREED_RUN,
        "is_published": grid.read.publication is not None,
        "removed": grid.changes_of_removed,
        "stands": [vars(stand) for stand in grid.stands],
        "agents": [_agent(grid, row) for row in rows],
        "changes": count,
        "changes_words": changes_words(count, grid.read.publication is not None),
        **answer_of(grid, rows, ()),
    }


def answer_of(grid: Grid, rows: Iterable[GridRow], cover: Iterable[CoverCell]) -> dict[str, object]:
    """Return rows as they are now, the cover that they touch, and all gaps."""
    return {
        "rows": [_row(row) for row in rows],
        "cover": [_cell(grid, cell) for cell in cover],
        "gaps": [
            {"stand": gap.stand_id, "from": gap.start, "to": gap.end}
            | {"themes": list(gap.themes), "words": gap.words}
            for gap in grid.gaps
        ],
        "gaps_words": gaps_words(len(grid.gaps), grid.asks_for_agents),
    }


def gaps_words(count: int, asks_for_agents: bool) -> str:
    """Return « 3 créneaux sans assez d’agents »."""
    if not asks_for_agents:
        return "Rien n’est demandé encore\u00a0: aucun stand n’a dit ses besoins"
    if not count:
        return "Chaque stand est tenu, à chaque heure"
    return f"{plural(count, 'créneau', 'créneaux')} sans assez d’agents"


def changes_words(count: int, is_published: bool) -> str:
    """Return what publishing would change, in a sentence shown again at each change of the
    draft.
    """
    if not is_published:
        return f"Rien n’est encore publié\u00a0: {plural(count, 'vacation')} dans le brouillon"
    return f"{plural(count, 'changement')} à publier" if count else "Tout est publié"


def _agent(grid: Grid, row: GridRow) -> dict[str, object]:
    agent = row.agent
    worker = grid.problem.workers[grid.index[agent.id]]
    posts = grid.problem.posts
    return {
        "id": agent.id,
        "name": agent.polite_name,
        "is_own": row.is_own,
        "themes": [grid.read.themes[theme] for theme in sorted(worker.themes)],
        "stands": [posts[post].id for post in sorted(worker.posts)],
        "wished": [posts[post].id for post in sorted(worker.preferred)],
        "away": [
            t for t, is_available in enumerate(worker.available) if row.is_own and not is_available
        ],
        "avoided": sorted(worker.avoided) if row.is_own else [],
    }


def _row(row: GridRow) -> dict[str, object]:
    return {
        "agent": row.agent.id,
        "version": row.version,
        "shifts": _shifts(row.shifts),
        "published": _shifts(row.published),
        "load": row.load,
        "breaks": [vars(broken) for broken in row.breaks],
        "changes": row.changes,
    }


def _shifts(shifts: Sequence[Shift]) -> list[dict[str, object]]:
    return [
        {
            "stand": shift.stand_id,
            "starts_at": shift.starts_at.isoformat(),
            "ends_at": shift.ends_at.isoformat(),
            "locked": shift.is_locked,
        }
        for shift in shifts
    ]


def _cell(grid: Grid, cell: CoverCell) -> dict[str, object]:
    return {
        "stand": cell.stand_id,
        "at": grid.starts[cell.at].isoformat(),
        "present": cell.present,
        "minimum": cell.minimum,
        "wished": cell.wished,
        "themes": list(cell.themes),
        "state": cell.state,
        "figures": cell.figures,
        "word": cell.word,
        "words": cell.words,
    }
