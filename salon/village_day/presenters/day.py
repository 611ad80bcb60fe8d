"""Present the board of the day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from salon.fair.models import PartnerBody
from salon.platform.words.formats import hour, plural
from salon.platform.words.texts import sorted_names
from salon.platform.words.typography import of
from salon.staffing.engine.half_hours import HALF_HOUR
from salon.staffing.models import Agent, Shift
from salon.village_day.presenters.day_lines import AgentLine
from salon.village_day.queries.day import Day
from salon.village_day.rules.day import EARLIEST, HERE, SOON, Presence, following_shifts
from salon.village_day.rules.reinforcement import (
    Kind,
    Remedy,
    Shortage,
    StandCover,
    cover_of,
    remedies_for,
    shortages_during,
    shortages_of,
)


@dataclass(frozen=True)
class BoardRemedy:
    """A remedy in the board's terms, and the values its button sends."""

    kind: Kind
    agent: Agent
    stand_id: int
    starts_at: datetime
    ends_at: datetime
    source: PartnerBody | None
    is_enough: bool

    @property
    def words(self) -> str:
        minutes = round((self.ends_at - self.starts_at).total_seconds() / 60)
        if self.kind == Kind.PROLONG:
            return f"Prolonger {self.agent.polite_name} de {minutes}\u00a0min"
        span = f"de {hour(self.starts_at)} à {hour(self.ends_at)}"
        if self.kind == Kind.CALL:
            return f"Appeler {self.agent.polite_name}, libre {span}"
        assert self.source is not None
        return f"Déplacer {self.agent.polite_name} {of(self.source.short_name)}, {span}"

    @property
    def values(self) -> dict[str, str]:
        return {
            "agent_id": str(self.agent.id),
            "stand_id": str(self.stand_id),
            "starts_at": self.starts_at.isoformat(),
            "ends_at": self.ends_at.isoformat(),
        }


@dataclass(frozen=True)
class StandShortage:
    """A stand that is short: its span, what lacks, and the remedies."""

    body: PartnerBody
    starts_at: datetime
    ends_at: datetime
    missing: int
    themes: Sequence[str]
    is_now: bool
    offers: Sequence[BoardRemedy]

    @property
    def words(self) -> str:
        """Return « il manque 1 agent, et quelqu’un qui connaisse « Fibre » »."""
        parts = [plural(self.missing, "agent")] if self.missing else []
        if self.themes:
            names = " et ".join(f"«\u00a0{name}\u00a0»" for name in self.themes)
            parts.append(f"quelqu’un qui connaisse {names}")
        return "il manque " + ", et ".join(parts)

    @property
    def when(self) -> str:
        until = hour(self.ends_at)
        return f"jusqu’à {until}" if self.is_now else f"de {hour(self.starts_at)} à {until}"


@dataclass(frozen=True)
class StandView:
    """A stand: the agents here, awaited or soon to come, among those the reader may see.

    `minimum`: agents needed now; `present`: agents there, including those the reader does not see.
    """

    body: PartnerBody
    minimum: int
    present: int
    cover: StandCover
    here: Sequence[AgentLine]
    awaited: Sequence[AgentLine]
    coming: Sequence[AgentLine]
    short: StandShortage | None

    @property
    def state(self) -> tuple[str, str, str]:
        """Return (kind of state, word, icon)."""
        if self.cover == StandCover.SHORT:
            return "danger", "Sous le minimum", "x-octagon-fill"
        if self.cover == StandCover.AWAITED:
            return "warning", "Pas encore tenu, agents attendus", "hourglass-split"
        if self.cover == StandCover.SHORT_SOON and self.short is not None:
            start = hour(self.short.starts_at)
            return "warning", f"Sous le minimum à {start}", "exclamation-triangle-fill"
        if self.cover == StandCover.IDLE and not self.present:
            return "neutral", "Rien à tenir", "circle"
        return "ok", "Tenu", "check-circle-fill"


@dataclass(frozen=True)
class Board:
    """The board at a moment, for an organiser or a body's coordinator.

    `to_fill`: the shifts of the day that the page of stand-ins lists, too.
    """

    now: datetime
    day: Day
    present: int
    expected: int
    late: Sequence[AgentLine]
    to_fill: Sequence[AgentLine]
    shorts: Sequence[StandShortage]
    stands: Sequence[StandView]

    @property
    def is_calm(self) -> bool:
        """Return whether all agents expected now have arrived, no shift is to fill, and no stand
        falls short within 20 minutes.
        """
        return self.present == self.expected and not (self.late or self.to_fill or self.shorts)

    @property
    def missed(self) -> list[tuple[Agent, list[AgentLine]]]:
        """Return the shifts to fill of each agent, the soonest first."""
        by_agent: dict[int, list[AgentLine]] = {}
        for line in self.to_fill:
            by_agent.setdefault(line.agent.id, []).append(line)
        return [(lines[0].agent, lines) for lines in by_agent.values()]

    @property
    def calm_words(self) -> str:
        """Return what a calm board says: who is there and what is held, or that nothing is."""
        if self.expected:
            span = " pour les 20\u00a0minutes qui viennent" if self._asks_for_agents else ""
            return f"Tous les agents attendus sont là, et {self.cover_words}{span}."
        if any(shift.ends_at > self.now for shift in self.day.shifts):
            return "Aucun agent n’est attendu en ce moment."
        return "Toutes les vacations du jour sont finies."

    @property
    def cover_words(self) -> str:
        """Return what a calm board says of the stands; it praises none that asks for nobody."""
        if self._asks_for_agents:
            return "chaque stand est tenu"
        return "aucun stand ne demande d’agents en ce moment"

    @property
    def _asks_for_agents(self) -> bool:
        return any(stand.minimum for stand in self.stands)

    def body_of(self, line: AgentLine) -> PartnerBody:
        """Return the body whose stand a line is on."""
        return self.day.instance.stands[line.shift.stand_id]


def board_of(day: Day, body_ids: Collection[int] | None) -> Board:
    """Return the board of the whole village (`body_ids` None), or of some bodies.

    Bodies see their agents wherever they are, all agents on their stands, and the cover of each
    stand so shown.
    """
    own_stands = {
        stand_id
        for stand_id, body in day.instance.stands.items()
        if body_ids is None or body.id in body_ids
    }
    lines = [_line(day, shift, body_ids) for shift in day.shifts]
    lines = [line for line in lines if line.is_own or line.shift.stand_id in own_stands]
    shown_stand_ids = own_stands | {line.shift.stand_id for line in lines}
    under_way = [line for line in lines if line.shift.starts_at <= day.now < line.shift.ends_at]
    shortages_by_stand = {
        shortage.body.stand_id: shortage
        for shortage in _shorts(day, body_ids)
        if shortage.body.stand_id in shown_stand_ids
    }
    return Board(
        now=day.now,
        day=day,
        present=sum(line.presence in HERE for line in under_way),
        expected=len(under_way),
        late=_first_of_each([line for line in lines if line.presence == Presence.LATE]),
        to_fill=[line for line in lines if line.is_to_fill],
        shorts=list(shortages_by_stand.values()),
        stands=[
            _stand(day, post, lines, shortages_by_stand.get(stand_id))
            for post, stand_id in enumerate(day.instance.stands)
            if stand_id in shown_stand_ids
        ],
    )


def partial_cover(day: Day, shift: Shift, body_ids: Collection[int] | None) -> list[StandShortage]:
    """Return the shortages of a stand during a shift of the day, with the agents able to cover a
    part.

    `body_ids`: the bodies whose agents may be sent; None for all.
    """
    if shift.id not in day.presences:
        return []
    starts, post = day.instance.starts, list(day.instance.stands).index(shift.stand_id)
    half_hours = [t for t, at in enumerate(starts) if shift.starts_at <= at < shift.ends_at]
    shortages = shortages_during(day.situation, post, half_hours[0], half_hours[-1] + 1)
    own_workers = _own_workers(day, body_ids)
    return [
        _short(day, shortage, remedies_for(day.situation, shortage, own_workers))
        for shortage in shortages
    ]


def _line(day: Day, shift: Shift, body_ids: Collection[int] | None) -> AgentLine:
    following = following_shifts(shift, day.shifts)
    return AgentLine(
        shift,
        day.presences[shift.id],
        following[-1].ends_at if following else shift.ends_at,
        body_ids is None or shift.agent.body_id in body_ids,
        shift.starts_at - EARLIEST <= day.now,
        shift.id in day.seeking,
    )


def _first_of_each(lines: Sequence[AgentLine]) -> list[AgentLine]:
    """Return each agent once on each stand: the following shifts have the same state."""
    seen_keys: set[tuple[int, int]] = set()
    first_lines = []
    for line in lines:
        key = (line.agent.id, line.shift.stand_id)
        if key not in seen_keys:
            seen_keys.add(key)
            first_lines.append(line)
    return first_lines


def _shorts(day: Day, body_ids: Collection[int] | None) -> list[StandShortage]:
    own_workers = _own_workers(day, body_ids)
    return [
        _short(day, shortage, remedies_for(day.situation, shortage, own_workers))
        for shortage in (shortages_of(day.situation) if day.is_today else [])
    ]


def _own_workers(day: Day, body_ids: Collection[int] | None) -> list[int]:
    return [
        worker
        for worker, agent in enumerate(day.instance.agents)
        if body_ids is None or agent.body_id in body_ids
    ]


def _short(day: Day, shortage: Shortage, remedies: Sequence[Remedy]) -> StandShortage:
    starts, bodies = day.instance.starts, day.bodies
    body = bodies[shortage.post]
    return StandShortage(
        body=body,
        starts_at=starts[shortage.start],
        ends_at=starts[shortage.end - 1] + HALF_HOUR,
        missing=shortage.missing,
        themes=sorted_names(
            day.situation.problem.themes.get(theme, "") for theme in shortage.themes
        ),
        is_now=starts[shortage.start] <= day.now,
        offers=[
            BoardRemedy(
                remedy.kind,
                day.agent(remedy.worker),
                body.stand_id,
                starts[remedy.start],
                starts[remedy.end - 1] + HALF_HOUR,
                None if remedy.source is None else bodies[remedy.source],
                not remedy.left,
            )
            for remedy in remedies
        ],
    )


def _stand(
    day: Day, post: int, lines: Sequence[AgentLine], shortage: StandShortage | None
) -> StandView:
    body, at = day.bodies[post], day.situation.current
    own_lines = [line for line in lines if line.shift.stand_id == body.stand_id]
    under_way = [line for line in own_lines if line.shift.starts_at <= day.now < line.shift.ends_at]
    here_before = [
        line for line in own_lines if line.presence in HERE and line.shift.starts_at > day.now
    ]
    on_stand = {line.agent.id for line in under_way}
    coming = [
        line
        for line in own_lines
        if line.presence in (Presence.COMING, Presence.SEEKING)
        and day.now < line.shift.starts_at <= day.now + SOON
        and line.agent.id not in on_stand
    ]
    return StandView(
        body=body,
        minimum=0 if at is None else day.situation.problem.posts[post].minimum[at],
        present=_present_count(day, body.stand_id),
        cover=cover_of(day.situation, post),
        here=[line for line in under_way if line.presence in HERE]
        + [line for line in here_before if line.agent.id not in on_stand],
        awaited=[line for line in under_way if line.presence not in HERE],
        coming=coming,
        short=shortage,
    )


def _present_count(day: Day, stand_id: int) -> int:
    """Return how many agents are on a stand, those arrived before their shift included."""
    return len(
        {
            shift.agent_id
            for shift in day.shifts
            if shift.stand_id == stand_id and day.presences[shift.id] in HERE
        }
    )
