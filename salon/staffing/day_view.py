"""What the board of the day shows, from the day as it was read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from salon.fair.models import PartnerBody
from salon.formats import hour, plural
from salon.staffing.day_lines import Line
from salon.staffing.frame import HALF_HOUR
from salon.staffing.models import Agent, Shift
from salon.staffing.queries.day import Day
from salon.staffing.rules.day import EARLIEST, HERE, SOON, Presence, follow_on
from salon.staffing.rules.reinforcement import Kind, Remedy, Shortage, remedies_for, shortages_of


@dataclass(frozen=True)
class Offer:
    """A remedy in the board's terms, and what its button sends."""

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
        return f"Déplacer {self.agent.polite_name} de {self.source.short_name}, {span}"

    @property
    def values(self) -> dict[str, str]:
        return {
            "agent_id": str(self.agent.id),
            "stand_id": str(self.stand_id),
            "starts_at": self.starts_at.isoformat(),
            "ends_at": self.ends_at.isoformat(),
        }


@dataclass(frozen=True)
class Short:
    """A stand that is short: since or from when, until when, of what, and what can be done."""

    body: PartnerBody
    starts_at: datetime
    ends_at: datetime
    missing: int
    themes: Sequence[str]
    is_now: bool
    offers: Sequence[Offer]

    @property
    def words(self) -> str:
        """« il manque 1 agent, et quelqu’un qui connaisse « Fibre » »"""
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
    """A stand: who is here, who is awaited, who comes soon; `minimum`: needed now."""

    body: PartnerBody
    minimum: int
    here: Sequence[Line]
    awaited: Sequence[Line]
    coming: Sequence[Line]
    short: Short | None

    @property
    def state(self) -> tuple[str, str, str]:
        """(kind of state, word, icon)"""
        if self.short is not None and self.short.is_now:
            return "refus", "Sous le minimum", "x-octagon-fill"
        if self.short is not None:
            start = hour(self.short.starts_at)
            return "attention", f"Sous le minimum à {start}", "exclamation-triangle-fill"
        if not self.minimum and not self.here:
            return "neutre", "Rien à tenir", "circle"
        return "ok", "Tenu", "check-circle-fill"


@dataclass(frozen=True)
class Board:
    """All that the board shows at a moment, to an organiser or to a body's coordinator."""

    now: datetime
    day: Day
    present: int
    expected: int
    late: Sequence[Line]
    absent: Sequence[Line]
    shorts: Sequence[Short]
    stands: Sequence[StandView]

    @property
    def is_calm(self) -> bool:
        return not (self.late or self.absent or self.shorts)

    def body_of(self, line: Line) -> PartnerBody:
        """The body whose stand a line is on."""
        return self.day.asked.stands[line.shift.stand_id]


def board_of(day: Day, body_ids: Collection[int] | None) -> Board:
    """The board; `body_ids` None: of the whole village. Else the agents of these bodies wherever
    they are, and everybody on the stands of these bodies."""
    lines = [_line(day, one, body_ids) for one in day.shifts]
    own_stands = {
        stand_id
        for stand_id, body in day.asked.stands.items()
        if body_ids is None or body.id in body_ids
    }
    lines = [one for one in lines if one.is_own or one.shift.stand_id in own_stands]
    under_way = [one for one in lines if one.shift.starts_at <= day.now < one.shift.ends_at]
    shorts = {
        one.body.stand_id: one for one in _shorts(day, body_ids) if one.body.stand_id in own_stands
    }
    return Board(
        now=day.now,
        day=day,
        present=sum(one.presence in HERE for one in under_way),
        expected=len(under_way),
        late=_first_of_each([one for one in lines if one.presence == Presence.LATE]),
        absent=_absent(day, lines),
        shorts=list(shorts.values()),
        stands=[
            _stand(day, body, lines, shorts.get(stand_id))
            for stand_id, body in day.asked.stands.items()
            if stand_id in own_stands or any(one.shift.stand_id == stand_id for one in lines)
        ],
    )


def _line(day: Day, shift: Shift, body_ids: Collection[int] | None) -> Line:
    following = follow_on(shift, day.shifts)
    return Line(
        shift,
        day.presences[shift.id],
        following[-1].ends_at if following else shift.ends_at,
        body_ids is None or shift.agent.body_id in body_ids,
        shift.starts_at - EARLIEST <= day.now,
        shift.id in day.seeking,
    )


def _first_of_each(lines: Sequence[Line]) -> list[Line]:
    """Each agent once on each stand: the shifts that follow say the same."""
    seen: set[tuple[int, int]] = set()
    found = []
    for one in lines:
        key = (one.agent.id, one.shift.stand_id)
        if key not in seen:
            seen.add(key)
            found.append(one)
    return found


def _absent(day: Day, lines: Sequence[Line]) -> list[Line]:
    """Those who do not come and whose time is not over, the soonest first."""
    gone = (Presence.ABSENT, Presence.SEEKING)
    return _first_of_each([one for one in lines if one.presence in gone])


def _shorts(day: Day, body_ids: Collection[int] | None) -> list[Short]:
    own = [
        worker
        for worker, agent in enumerate(day.asked.agents)
        if body_ids is None or agent.body_id in body_ids
    ]
    return [
        _short(day, one, remedies_for(day.situation, one, own))
        for one in (shortages_of(day.situation) if day.is_today else [])
    ]


def _short(day: Day, shortage: Shortage, remedies: Sequence[Remedy]) -> Short:
    starts, bodies = day.asked.starts, day.bodies
    body = bodies[shortage.post]
    return Short(
        body=body,
        starts_at=starts[shortage.start],
        ends_at=starts[shortage.end - 1] + HALF_HOUR,
        missing=shortage.missing,
        themes=sorted(day.situation.problem.themes.get(one, "") for one in shortage.themes),
        is_now=starts[shortage.start] <= day.now,
        offers=[
            Offer(
                one.kind,
                day.agent(one.worker),
                body.stand_id,
                starts[one.start],
                starts[one.end - 1] + HALF_HOUR,
                None if one.source is None else bodies[one.source],
                not one.left,
            )
            for one in remedies
        ],
    )


def _stand(day: Day, body: PartnerBody, lines: Sequence[Line], short: Short | None) -> StandView:
    mine = [one for one in lines if one.shift.stand_id == body.stand_id]
    under_way = [one for one in mine if one.shift.starts_at <= day.now < one.shift.ends_at]
    here_before = [one for one in mine if one.presence in HERE and one.shift.starts_at > day.now]
    on_stand = {one.agent.id for one in under_way}
    soon = [
        one
        for one in mine
        if one.presence in (Presence.COMING, Presence.SEEKING)
        and day.now < one.shift.starts_at <= day.now + SOON
        and one.agent.id not in on_stand
    ]
    return StandView(
        body=body,
        minimum=_minimum(day, body.stand_id),
        here=[one for one in under_way if one.presence in HERE]
        + [one for one in here_before if one.agent.id not in on_stand],
        awaited=[one for one in under_way if one.presence not in HERE],
        coming=soon,
        short=short,
    )


def _minimum(day: Day, stand_id: int) -> int:
    post = list(day.asked.stands).index(stand_id)
    for at, start in enumerate(day.asked.starts):
        if start <= day.now < start + HALF_HOUR:
            return day.situation.problem.posts[post].minimum[at]
    return 0
