"""Present the grid: rows of agents, cover of the stands, gaps."""

import itertools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from salon.platform.database.engagements import Found, engagements_of_agents
from salon.platform.settings.clock import local
from salon.platform.words.formats import hours_of, plural
from salon.platform.words.texts import sorted_names
from salon.staffing.engine.half_hours import HALF_HOUR, DayFrame
from salon.staffing.engine.shift_changes import match
from salon.staffing.engine.solving.problem import FREE, Problem
from salon.staffing.models import Agent, Shift
from salon.staffing.presenters.grid_words import Break, breaks_of, lack_words, span_words
from salon.staffing.presenters.promised_appointments import orphan_words
from salon.staffing.queries.grid import GridRead

COLOURS = 12
LONGEST_TAG = 4


@dataclass(frozen=True)
class GridStand:
    """A stand of the village. `tag`: its name in four letters; `colour`: of the palette."""

    id: int
    name: str
    tag: str
    colour: int


@dataclass(frozen=True)
class Segment:
    """Consecutive half hours of a row in the same state. `kind`: `shift`, `away`, `avoided` or
    `free`.
    """

    kind: str
    start: int
    end: int
    shift: Shift | None = None


@dataclass(frozen=True)
class GridRow:
    """An agent's row. `half_hours`: of the draft, on each day; `changes`: shifts to publish."""

    agent: Agent
    is_own: bool
    version: int
    shifts: Sequence[Shift]
    published: Sequence[Shift]
    half_hours: Sequence[int]
    breaks: Sequence[Break]
    changes: int

    @property
    def load(self) -> str:
        """Return « 4 h 30 », or « 4 h 30 + 2 h » of two days."""
        return " + ".join(map(hours_of, self.half_hours))


@dataclass(frozen=True)
class CoverCell:
    """A stand at a half hour.

    `state`: `short` of its minimum or of a theme, `thin` of what it wishes for, `full`, `over` its
    maximum, or `idle` when it needs nobody.
    """

    stand_id: int
    at: int
    present: int
    minimum: int
    wished: int
    themes: Sequence[str]
    state: str

    @property
    def missing(self) -> int:
        """Return the agents short of the minimum."""
        return max(0, self.minimum - self.present)

    @property
    def figures(self) -> str:
        return f"{self.present}/{self.wished}" if self.state != "idle" else "–"

    @property
    def word(self) -> str:
        if self.state == "over":
            return "trop"
        if self.state != "short":
            return ""
        if not self.missing:
            return "thème"
        return "court" if self.present else "vide"

    @property
    def words(self) -> str:
        """Return the whole cell as a sentence, for screen readers."""
        if self.state == "idle":
            return "personne n’est demandé"
        parts = [
            f"{plural(self.present, 'présent')} pour {plural(self.wished, 'souhaité')}",
            f"au moins {self.minimum}",
        ]
        if self.missing:
            parts.append(f"il manque {plural(self.missing, 'agent')}")
        if self.themes:
            parts.append("personne pour\u00a0: " + ", ".join(self.themes))
        if self.state == "over":
            parts.append("plus que le stand ne peut en tenir")
        return ", ".join(parts)


@dataclass(frozen=True)
class GridGap:
    """Consecutive half hours when a stand lacks the same."""

    stand_id: int
    start: int
    end: int
    themes: Sequence[str]
    words: str


class Grid:
    """The grid that was read, as lines; half hours are numbered over all the days.

    `covers`: whether a body's agents are the reader's own. Of other agents the reader sees the
    shifts only, neither absences nor wishes.
    """

    def __init__(self, read: GridRead, covers: Callable[[int], bool]) -> None:
        self.read = read
        self.covers = covers
        self.agents: Sequence[Agent] = read.instance.agents
        self.problem: Problem = read.instance.problem
        self.starts = self.problem.starts
        self.number = {start: t for t, start in enumerate(self.starts)}
        self.index = {agent.id: w for w, agent in enumerate(read.instance.agents)}

    @property
    def asks_for_agents(self) -> bool:
        """Return whether the needs of a stand ask for somebody at some time."""
        return any(any(post.minimum) for post in self.problem.posts)

    @cached_property
    def stands(self) -> list[GridStand]:
        """Return the stands of the village, in its order."""
        bodies = list(self.read.instance.stands.values())
        tags = tags_of(body.short_name for body in bodies)
        return [
            GridStand(body.stand_id, body.short_name, tag, at % COLOURS)
            for at, (body, tag) in enumerate(zip(bodies, tags, strict=True))
        ]

    def row(self, agent: Agent) -> GridRow:
        """Return an agent's row, with the rules that it breaks."""
        w = self.index[agent.id]
        row = self.read.instance.draft[w]
        shifts = self.read.drafts.get(agent.id, [])
        published = self.read.published.get(agent.id, [])
        is_own = self.covers(agent.body_id)
        is_outside = any(self.span(shift) is None for shift in shifts)
        return GridRow(
            agent=agent,
            is_own=is_own,
            version=self.read.instance.versions[agent.id],
            shifts=shifts,
            published=published,
            half_hours=[sum(row[t] != FREE for t in self.range_of(day)) for day in self.read.days],
            breaks=self._breaks(agent, shifts, is_outside) if is_own else [],
            changes=match(published, shifts).changes,
        )

    def _breaks(self, agent: Agent, shifts: Sequence[Shift], is_outside: bool) -> list[Break]:
        w = self.index[agent.id]
        lost = orphan_words(self._promised.get(agent.id, ()), shifts)
        promised = [Break("promised", "warning", words) for words in lost]
        broken = breaks_of(self.problem, w, self.read.instance.draft[w], is_outside)
        hard = [rule for rule in broken if rule.severity == "danger"]
        return [*hard, *promised, *broken[len(hard) :]]

    @cached_property
    def _promised(self) -> Found:
        """Return the appointments of the reader's own agents, in one read."""
        return engagements_of_agents(
            [agent.id for agent in self.agents if self.covers(agent.body_id)]
        )

    @property
    def changes_of_removed(self) -> int:
        """Return the published shifts of agents removed since: publishing withdraws them."""
        removed_ids = set(self.read.published) - set(self.index)
        return sum(len(self.read.published[agent_id]) for agent_id in removed_ids)

    def span(self, shift: Shift) -> tuple[int, int] | None:
        """Return the half hours of a shift, the last excluded; None when it leaves the frame."""
        start = self.number.get(shift.starts_at)
        end = self.number.get(shift.ends_at - HALF_HOUR)
        return None if start is None or end is None else (start, end + 1)

    def range_of(self, day: DayFrame) -> range:
        first = self.number[day.starts_at]
        return range(first, first + len(day.starts))

    def is_half(self, t: int) -> bool:
        """Return whether a half hour starts at half past, Paris time."""
        return bool(local(self.starts[t]).minute)

    def segments(self, row: GridRow, day: DayFrame) -> Iterator[Segment]:
        """Yield the segments of a row on a day, in time."""
        worker = self.problem.workers[self.index[row.agent.id]]
        shift_at = {}
        for shift in row.shifts:
            shift_at.update(dict.fromkeys(range(*(self.span(shift) or (0, 0))), shift))

        def kind(t: int) -> tuple[str, int]:
            if t in shift_at:
                return "shift", shift_at[t].id
            if not row.is_own:
                return "free", t
            if not worker.available[t]:
                return "away", 0
            return ("avoided", 0) if t in worker.avoided else ("free", t)

        for (name, _), group in itertools.groupby(self.range_of(day), key=kind):
            times = list(group)
            yield Segment(name, times[0], times[-1] + 1, shift_at.get(times[0]))

    @cached_property
    def _cells(self) -> list[list[CoverCell]]:
        """Return the cover of each stand at each half hour."""
        posts, times = range(len(self.problem.posts)), range(self.problem.length)
        agents_by_cell: list[list[list[int]]] = [[[] for _ in times] for _ in posts]
        for w, row in enumerate(self.read.instance.draft):
            for t, post in enumerate(row):
                if post != FREE:
                    agents_by_cell[post][t].append(w)
        return [[self._cell(p, t, agents_by_cell[p][t]) for t in times] for p in posts]

    def _cell(self, p: int, t: int, agents: Sequence[int]) -> CoverCell:
        post = self.problem.posts[p]
        lacking: frozenset[int] = frozenset()
        if post.minimum[t] and post.required[t]:
            themes_present = frozenset().union(*(self.problem.workers[w].themes for w in agents))
            lacking = post.required[t] - themes_present
        state = "full"
        if not post.wished[t] and not agents:
            state = "idle"
        elif len(agents) < post.minimum[t] or lacking:
            state = "short"
        elif len(agents) > post.maximum[t]:
            state = "over"
        elif len(agents) < post.wished[t]:
            state = "thin"
        names = sorted_names(self.read.themes[theme] for theme in lacking)
        return CoverCell(post.id, t, len(agents), post.minimum[t], post.wished[t], names, state)

    def cover(
        self, times: Iterable[int], stand_ids: Collection[int] | None = None
    ) -> list[CoverCell]:
        """Return the cover of each stand (of these, where given) at each of these half hours."""
        ordered_times = sorted(times)
        return [
            cells[t]
            for post, cells in zip(self.problem.posts, self._cells, strict=True)
            if stand_ids is None or post.id in stand_ids
            for t in ordered_times
        ]

    def cover_rows(self, day: DayFrame) -> list[tuple[GridStand, list[CoverCell]]]:
        """Return the cover of a day, stand by stand."""
        return [(stand, self.cover(self.range_of(day), {stand.id})) for stand in self.stands]

    @cached_property
    def gaps(self) -> list[GridGap]:
        """Return the gaps, in time, then by stand; the same lack half hour after half hour is one
        gap.
        """
        all_gaps = []
        for stand, cells in zip(self.stands, self._cells, strict=True):
            for lack, group in itertools.groupby(cells, key=self._lack_of):
                if lack is not None:
                    times = [cell.at for cell in group]
                    all_gaps.append(self._gap(stand, cells[times[0]], times[-1] + 1))
        return sorted(all_gaps, key=lambda gap: gap.start)

    def _lack_of(self, cell: CoverCell) -> tuple[int, int, tuple[str, ...]] | None:
        if cell.state != "short":
            return None
        return self.problem.days[cell.at], cell.missing, tuple(cell.themes)

    def _gap(self, stand: GridStand, cell: CoverCell, end: int) -> GridGap:
        span_text = span_words(self.problem, cell.at, end)
        words = f"{stand.name}, {span_text}\u00a0: {lack_words(cell.missing, cell.themes)}"
        return GridGap(stand.id, cell.at, end, cell.themes, words)


def tags_of(names: Iterable[str]) -> list[str]:
    """Return each name in at most four letters, no two alike: its acronym, else its last word."""
    tags: list[str] = []
    for name in names:
        words = re.findall(r"[^\W\d_]+", name) or [name]
        acronym = next((word for word in words if word.isupper() and len(word) > 1), "")
        tag = (acronym or words[-1])[:LONGEST_TAG].upper()
        again = itertools.count(2)
        while tag in tags:
            tag = f"{tag[: LONGEST_TAG - 1]}{next(again)}"
        tags.append(tag)
    return tags
