"""Reads of stand-ins: who could take a shift, who was asked, who coordinates."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from salon.accounts.queries import accounts_by_role
from salon.fair.models import Edition, PartnerBody, Stand
from salon.platform.clock import local
from salon.platform.db import current_session
from salon.platform.identity import Role
from salon.staffing.engine.half_hours import half_hours
from salon.staffing.engine.solving.problem import Problem, Rota
from salon.staffing.models import (
    Agent,
    Shift,
    ShiftStatus,
    StandIn,
    StandInAsk,
    StandInStatus,
)
from salon.staffing.queries.agents import coordinators_of
from salon.staffing.queries.problem import Asked, problem_of, rota_from
from salon.staffing.queries.rota import shifts_of
from salon.staffing.rules.replacing import Candidate, Duty, rank, weigh

RECENT = 20
"""How many settled requests the coordinator's page shows."""

WITH_PLACE = (
    joinedload(Shift.stand).joinedload(Stand.hall),
    joinedload(Shift.stand).joinedload(Stand.body),
)


@dataclass(frozen=True)
class Published:
    """The published rota in the solver's terms. `not_coming`: (agent, day) of those who were
    noted absent that day or look for a stand-in."""

    asked: Asked
    problem: Problem
    rota: Rota
    shifts: Sequence[Shift]
    not_coming: frozenset[tuple[int, date]]
    now: datetime

    def agent(self, candidate: Candidate) -> Agent:
        return self.asked.agents[candidate.worker]

    def index_of(self, agent_id: int) -> int | None:
        """An agent's number in the problem; None of one who was removed."""
        ids = (one.id for one in self.asked.agents)
        return next((w for w, one in enumerate(ids) if one == agent_id), None)

    def duty_of(self, shift: Shift) -> Duty | None:
        """What remains of a shift, as something to take over; None outside what is staffed."""
        holder, stands = self.index_of(shift.agent_id), list(self.asked.stands)
        hours = [
            self.asked.starts.index(start)
            for start in half_hours(max(shift.starts_at, self.now), shift.ends_at)
            if start in self.asked.starts
        ]
        if holder is None or shift.stand_id not in stands or not hours:
            return None
        return Duty(holder, stands.index(shift.stand_id), range(hours[0], hours[-1] + 1))

    def candidates(self, shift: Shift, refused: Collection[int] = ()) -> list[Candidate]:
        """Who could take what remains of a shift, as they are asked, then who could not.

        `refused`: agents who said no.
        """
        duty = self.duty_of(shift)
        if duty is None:
            return []
        return rank(self.problem, self.rota, duty, *self._said(shift, refused))

    def candidate(
        self, shift: Shift, agent_id: int, refused: Collection[int] = ()
    ) -> Candidate | None:
        """One agent among these; None for the holder or who was removed."""
        duty, worker = self.duty_of(shift), self.index_of(agent_id)
        if duty is None or worker is None or worker == duty.holder:
            return None
        return weigh(self.problem, self.rota, duty, worker, *self._said(shift, refused))

    def _said(self, shift: Shift, refused: Collection[int]) -> tuple[set[int], set[int]]:
        """Who said no, and who is not coming that day, by their numbers."""
        day = local(shift.starts_at).date()
        indexed = list(enumerate(one.id for one in self.asked.agents))
        return (
            {w for w, agent_id in indexed if agent_id in refused},
            {w for w, agent_id in indexed if (agent_id, day) in self.not_coming},
        )

    def theme_names(self, candidate: Candidate) -> list[str]:
        """The themes that the stand would lack with this agent."""
        return sorted(self.problem.themes[one] for one in candidate.lacks)


def published_of(edition: Edition, now: datetime) -> Published:
    """The published rota, in a constant number of statements."""
    asked = problem_of(edition, now)
    shifts = shifts_of(edition, ShiftStatus.PUBLISHED)
    absent = {
        (one.agent_id, local(one.starts_at).date()) for one in shifts if one.absent_at is not None
    }
    problem = replace(asked.problem, fixed={}, previous=None)
    not_coming = frozenset(absent | _looking(edition))
    return Published(asked, problem, rota_from(asked, shifts), shifts, not_coming, now)


def _looking(edition: Edition) -> set[tuple[int, date]]:
    wanted = (
        select(StandIn.agent_id, Shift.starts_at)
        .join(StandIn.shift)
        .where(Shift.edition_id == edition.id, StandIn.status == StandInStatus.OPEN)
    )
    return {(agent_id, local(at).date()) for agent_id, at in current_session().execute(wanted)}


def refused_by(stand_in: StandIn) -> set[int]:
    """The agents who said no."""
    return {one.agent_id for one in stand_in.asks if one.said_yes is False}


def latest_of(shift_id: int, agent_id: int) -> StandIn | None:
    """The latest request that an agent made of a shift, whatever became of it."""
    wanted = select(StandIn).where(StandIn.shift_id == shift_id, StandIn.agent_id == agent_id)
    wanted = wanted.options(joinedload(StandIn.taken_by), selectinload(StandIn.asks))
    return current_session().scalars(wanted.order_by(StandIn.id.desc()).limit(1)).first()


def get_own_shift(agent: Agent, shift_id: int) -> Shift:
    """A shift that is or was published to this agent. Raises NoResultFound for anybody else's."""
    wanted = select(Shift).where(
        Shift.id == shift_id, Shift.agent_id == agent.id, Shift.status != ShiftStatus.DRAFT
    )
    return current_session().scalars(wanted.options(*WITH_PLACE)).one()


def shifts_to_come(
    edition: Edition, now: datetime, body_ids: Collection[int] | None = None
) -> Sequence[Shift]:
    """The published shifts that are not over, by agent's name, in time; `body_ids`: of the agents
    of these bodies only."""
    wanted = (
        select(Shift)
        .join(Shift.agent)
        .where(
            Shift.edition_id == edition.id,
            Shift.status == ShiftStatus.PUBLISHED,
            Shift.ends_at > now,
        )
        .options(joinedload(Shift.agent), *WITH_PLACE)
        .order_by(Agent.name_key, Agent.id, Shift.starts_at)
    )
    if body_ids is not None:
        wanted = wanted.where(Agent.body_id.in_(body_ids))
    return current_session().scalars(wanted).all()


def get_stand_in(
    edition: Edition, stand_in_id: int, body_ids: Collection[int] | None = None
) -> StandIn:
    """A request, with who was asked; `body_ids`: of agents or stands of these bodies only.

    Raises NoResultFound.
    """
    wanted = _stand_ins(edition, body_ids).where(StandIn.id == stand_in_id)
    return current_session().scalars(wanted).unique().one()


def open_stand_ins(edition: Edition, body_ids: Collection[int] | None = None) -> Sequence[StandIn]:
    """The open requests, the most urgent first."""
    wanted = _stand_ins(edition, body_ids).where(StandIn.status == StandInStatus.OPEN)
    return current_session().scalars(wanted.order_by(Shift.starts_at, StandIn.id)).unique().all()


def settled_stand_ins(
    edition: Edition, body_ids: Collection[int] | None = None
) -> Sequence[StandIn]:
    """The latest requests that are settled, the newest first."""
    wanted = _stand_ins(edition, body_ids).where(StandIn.status != StandInStatus.OPEN)
    ordered = wanted.order_by(StandIn.closed_at.desc(), StandIn.id.desc()).limit(RECENT)
    return current_session().scalars(ordered).unique().all()


def _stand_ins(edition: Edition, body_ids: Collection[int] | None) -> Select[StandIn]:
    wanted = (
        select(StandIn)
        .join(StandIn.shift)
        .join(Shift.stand)
        .join(StandIn.agent)
        .where(Shift.edition_id == edition.id)
        .options(
            joinedload(StandIn.shift).options(*WITH_PLACE),
            joinedload(StandIn.agent).joinedload(Agent.body),
            joinedload(StandIn.taken_by),
            selectinload(StandIn.asks).joinedload(StandInAsk.agent),
        )
    )
    if body_ids is None:
        return wanted
    held = select(PartnerBody.stand_id).where(PartnerBody.id.in_(body_ids))
    return wanted.where(or_(Agent.body_id.in_(body_ids), Shift.stand_id.in_(held)))


def offers_to(agent: Agent, now: datetime) -> Sequence[StandInAsk]:
    """What an agent was asked to take and has not refused, of shifts not over; also what somebody
    else took, or what is no longer looked for, when the agent had not answered."""
    wanted = (
        select(StandInAsk)
        .join(StandInAsk.stand_in)
        .join(StandIn.shift)
        .where(
            StandInAsk.agent_id == agent.id,
            StandInAsk.asked_at.is_not(None),
            StandInAsk.said_yes.is_(None),
            Shift.ends_at > now,
        )
        .options(
            joinedload(StandInAsk.stand_in).options(
                joinedload(StandIn.agent).joinedload(Agent.body),
                joinedload(StandIn.taken_by),
                joinedload(StandIn.shift).options(*WITH_PLACE),
            )
        )
        .order_by(Shift.starts_at, StandInAsk.id)
    )
    return current_session().scalars(wanted).all()


def get_ask(agent: Agent, ask_id: int) -> StandInAsk:
    """What this agent was asked. Raises NoResultFound for anybody else's."""
    wanted = select(StandInAsk).where(StandInAsk.id == ask_id, StandInAsk.agent_id == agent.id)
    return current_session().scalars(wanted.where(StandInAsk.asked_at.is_not(None))).one()


def those_who_coordinate(edition: Edition, *body_ids: int) -> list[tuple[str, str]]:
    """(address, first name) of who coordinates these bodies; the organisers when nobody does."""
    found: Mapping[str, str] = {
        one.email: one.first_name
        for body_id in dict.fromkeys(body_ids)
        for one in coordinators_of(edition, body_id)
    }
    return list(found.items()) or organisers()


def organisers() -> list[tuple[str, str]]:
    """(address, first name) of the organisers who can sign in."""
    return [
        (one.email, one.display_name.split(" ")[0])
        for one in accounts_by_role()
        if one.role == Role.ORGANISER and one.disabled_at is None and one.is_ready
    ]
