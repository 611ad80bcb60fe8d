"""Reads of stand-ins: candidates, requests and coordinators."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from salon.accounts.queries import accounts_by_role
from salon.fair.models import Edition, PartnerBody
from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from salon.platform.settings.clock import local
from salon.platform.words.texts import sorted_names
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
from salon.staffing.queries.problem import RotaInstance, problem_of, rota_from
from salon.staffing.queries.published import WITH_PLACE
from salon.staffing.queries.rota import shifts_of
from salon.village_day.rules.replacing import Candidate, Duty, candidate_for, rank

RECENT = 20
"""Settled requests shown on the coordinator's page."""


@dataclass(frozen=True)
class Published:
    """The published rota in the solver's terms.

    `not_coming`: (agent, day) of those marked absent that day or looking for a stand-in.
    """

    instance: RotaInstance
    problem: Problem
    rota: Rota
    shifts: Sequence[Shift]
    not_coming: frozenset[tuple[int, date]]
    now: datetime

    def agent(self, candidate: Candidate) -> Agent:
        return self.instance.agents[candidate.worker]

    def index_of(self, agent_id: int) -> int | None:
        """Return an agent's index in the problem; None for a removed agent."""
        ids = (agent.id for agent in self.instance.agents)
        return next((w for w, other_id in enumerate(ids) if other_id == agent_id), None)

    def duty_of(self, shift: Shift) -> Duty | None:
        """Return what remains of a shift, as a duty to take over; None outside the staffed
        hours.
        """
        holder, stands = self.index_of(shift.agent_id), list(self.instance.stands)
        hours = [
            self.instance.starts.index(start)
            for start in half_hours(max(shift.starts_at, self.now), shift.ends_at)
            if start in self.instance.starts
        ]
        if holder is None or shift.stand_id not in stands or not hours:
            return None
        return Duty(holder, stands.index(shift.stand_id), range(hours[0], hours[-1] + 1))

    def candidates(self, shift: Shift, refused: Collection[int] = ()) -> list[Candidate]:
        """Return the candidates for what remains of a shift, in asking order, then the others.

        `refused`: agents who declined.
        """
        duty = self.duty_of(shift)
        if duty is None:
            return []
        return rank(self.problem, self.rota, duty, *self._not_available(shift, refused))

    def candidate(
        self, shift: Shift, agent_id: int, refused: Collection[int] = ()
    ) -> Candidate | None:
        """Return one agent among these; None for the holder or a removed agent."""
        duty, worker = self.duty_of(shift), self.index_of(agent_id)
        if duty is None or worker is None or worker == duty.holder:
            return None
        return candidate_for(
            self.problem, self.rota, duty, worker, *self._not_available(shift, refused)
        )

    def _not_available(self, shift: Shift, refused: Collection[int]) -> tuple[set[int], set[int]]:
        """Return the indexes of agents who declined, and of those not coming that day."""
        day = local(shift.starts_at).date()
        indexed = list(enumerate(agent.id for agent in self.instance.agents))
        return (
            {w for w, agent_id in indexed if agent_id in refused},
            {w for w, agent_id in indexed if (agent_id, day) in self.not_coming},
        )

    def theme_names(self, candidate: Candidate) -> list[str]:
        """Return the themes that the stand would lack with this agent."""
        return sorted_names(self.problem.themes[theme_id] for theme_id in candidate.lacks)


def published_of(edition: Edition, now: datetime) -> Published:
    """Return the published rota, in a constant number of statements."""
    instance = problem_of(edition, now)
    shifts = shifts_of(edition, ShiftStatus.PUBLISHED)
    absent = {
        (shift.agent_id, local(shift.starts_at).date())
        for shift in shifts
        if shift.absent_at is not None
    }
    problem = replace(instance.problem, fixed={}, previous=None)
    not_coming = frozenset(absent | _looking(edition))
    return Published(instance, problem, rota_from(instance, shifts), shifts, not_coming, now)


def _looking(edition: Edition) -> set[tuple[int, date]]:
    statement = (
        select(StandIn.agent_id, Shift.starts_at)
        .join(StandIn.shift)
        .where(Shift.edition_id == edition.id, StandIn.status == StandInStatus.OPEN)
    )
    return {(agent_id, local(at).date()) for agent_id, at in current_session().execute(statement)}


def refused_by(stand_in: StandIn) -> set[int]:
    """Return the agents who declined."""
    return {ask.agent_id for ask in stand_in.asks if ask.said_yes is False}


def latest_of(shift_id: int, agent_id: int) -> StandIn | None:
    """Return the latest request that an agent made for a shift, whatever its status."""
    statement = select(StandIn).where(StandIn.shift_id == shift_id, StandIn.agent_id == agent_id)
    statement = statement.options(joinedload(StandIn.taken_by), selectinload(StandIn.asks))
    return current_session().scalars(statement.order_by(StandIn.id.desc()).limit(1)).first()


def stand_ins_of(shift_ids: Collection[int]) -> dict[int, StandIn]:
    """Return the latest request about each of these shifts, by shift, with the agents asked."""
    statement = (
        select(StandIn)
        .where(StandIn.shift_id.in_(shift_ids))
        .options(
            joinedload(StandIn.shift).options(*WITH_PLACE),
            joinedload(StandIn.taken_by),
            selectinload(StandIn.asks).joinedload(StandInAsk.agent),
        )
        .order_by(StandIn.id)
    )
    return {stand_in.shift_id: stand_in for stand_in in current_session().scalars(statement)}


def get_own_shift(agent: Agent, shift_id: int) -> Shift:
    """Return a shift that is or was published to this agent. Raises NoResultFound for another's."""
    statement = select(Shift).where(
        Shift.id == shift_id, Shift.agent_id == agent.id, Shift.status != ShiftStatus.DRAFT
    )
    return current_session().scalars(statement.options(*WITH_PLACE)).one()


def shifts_to_come(
    edition: Edition, now: datetime, body_ids: Collection[int] | None = None
) -> Sequence[Shift]:
    """Return the published shifts that are not over, by agent's name, in time.

    `body_ids`: of the agents of these bodies only.
    """
    statement = (
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
        statement = statement.where(Agent.body_id.in_(body_ids))
    return current_session().scalars(statement).all()


def get_stand_in(
    edition: Edition, stand_in_id: int, body_ids: Collection[int] | None = None
) -> StandIn:
    """Return a request, with the agents asked.

    `body_ids`: of agents or stands of these bodies only. Raises NoResultFound.
    """
    statement = _stand_ins(edition, body_ids).where(StandIn.id == stand_in_id)
    return current_session().scalars(statement).unique().one()


def open_stand_ins(edition: Edition, body_ids: Collection[int] | None = None) -> Sequence[StandIn]:
    """Return the open requests, the most urgent first."""
    statement = _stand_ins(edition, body_ids).where(StandIn.status == StandInStatus.OPEN)
    return current_session().scalars(statement.order_by(Shift.starts_at, StandIn.id)).unique().all()


def count_shifts_to_fill(edition: Edition, now: datetime) -> int:
    """Return how many published shifts, not over, have an absent agent or an open request."""
    asked = select(StandIn.shift_id).where(StandIn.status == StandInStatus.OPEN)
    statement = select(func.count(Shift.id)).where(
        Shift.edition_id == edition.id,
        Shift.status == ShiftStatus.PUBLISHED,
        Shift.ends_at > now,
        or_(Shift.absent_at.is_not(None), Shift.id.in_(asked)),
    )
    return current_session().scalar(statement) or 0


def unasked_absences(
    edition: Edition, now: datetime, body_ids: Collection[int] | None = None
) -> list[Shift]:
    """Return the published shifts, not over, whose agent is absent and for which nobody is asked.

    `body_ids`: of agents or stands of these bodies only.
    """
    asked = select(StandIn.shift_id).where(StandIn.status == StandInStatus.OPEN)
    statement = (
        select(Shift)
        .join(Shift.agent)
        .where(
            Shift.edition_id == edition.id,
            Shift.status == ShiftStatus.PUBLISHED,
            Shift.absent_at.is_not(None),
            Shift.ends_at > now,
            Shift.id.not_in(asked),
        )
        .options(joinedload(Shift.agent).joinedload(Agent.body), *WITH_PLACE)
        .order_by(Shift.starts_at, Shift.id)
    )
    if body_ids is not None:
        own_stands = select(PartnerBody.stand_id).where(PartnerBody.id.in_(body_ids))
        is_own = or_(Agent.body_id.in_(body_ids), Shift.stand_id.in_(own_stands))
        statement = statement.where(is_own)
    return list(current_session().scalars(statement))


def settled_stand_ins(
    edition: Edition, body_ids: Collection[int] | None = None
) -> Sequence[StandIn]:
    """Return the latest settled requests, the newest first."""
    statement = _stand_ins(edition, body_ids).where(StandIn.status != StandInStatus.OPEN)
    ordered = statement.order_by(StandIn.closed_at.desc(), StandIn.id.desc()).limit(RECENT)
    return current_session().scalars(ordered).unique().all()


def _stand_ins(edition: Edition, body_ids: Collection[int] | None) -> Select[StandIn]:
    statement = (
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
        return statement
    own_stands = select(PartnerBody.stand_id).where(PartnerBody.id.in_(body_ids))
    return statement.where(or_(Agent.body_id.in_(body_ids), Shift.stand_id.in_(own_stands)))


def offers_to(agent: Agent, now: datetime) -> Sequence[StandInAsk]:
    """Return the requests sent to an agent and not declined, of shifts not over.

    Requests that another agent took or that were closed remain, while the agent had not answered.
    """
    statement = (
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
    return current_session().scalars(statement).all()


def get_ask(agent: Agent, ask_id: int) -> StandInAsk:
    """Return a request sent to this agent. Raises NoResultFound for another's."""
    statement = select(StandInAsk).where(StandInAsk.id == ask_id, StandInAsk.agent_id == agent.id)
    return current_session().scalars(statement.where(StandInAsk.asked_at.is_not(None))).one()


def coordinators_or_organisers(edition: Edition, *body_ids: int) -> list[tuple[str, str]]:
    """Return (address, first name) of the coordinators of these bodies; of the organisers when
    there are none.
    """
    coordinators: Mapping[str, str] = {
        coordinator.email: coordinator.first_name
        for body_id in dict.fromkeys(body_ids)
        for coordinator in coordinators_of(edition, body_id)
    }
    return list(coordinators.items()) or organisers()


def organisers() -> list[tuple[str, str]]:
    """Return (address, first name) of the organisers who can sign in."""
    return [
        (account.email, account.display_name.split(" ")[0])
        for account in accounts_by_role()
        if account.role == Role.ORGANISER and account.disabled_at is None and account.is_ready
    ]
