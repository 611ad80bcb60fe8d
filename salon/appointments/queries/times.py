"""The times of a theme among which a visitor chooses."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from salon.appointments.engine.slots import Demand, Situation, agents_at, slots, tick
from salon.appointments.models import Topic
from salon.appointments.queries.offers import BookableTime, demand_of, group_by_start, is_in_part
from salon.appointments.queries.situation import (
    Window,
    offering_of,
    situation_of,
    stored_situation,
    stored_times,
)
from salon.badges.models import HalfDay
from salon.fair.models import Edition, Stand
from salon.fair.queries import get_theme
from salon.platform.database.db import current_session
from salon.platform.settings.clock import local
from salon.staffing.models import Agent

PARTS = (HalfDay.MORNING, HalfDay.AFTERNOON)


@dataclass(frozen=True)
class Times:
    """The bookable times of a theme. `agents`: those with a free time, by name.

    `elsewhere`: by start, the stand that receives when it is not the theme's own. `agent`: the
    requested agent, if any. `is_staffed`: the published rota has an agent for it from now on, free
    or not.
    """

    minutes: int
    offers: Sequence[BookableTime]
    agents: Sequence[Agent]
    elsewhere: Mapping[datetime, Stand]
    agent: Agent | None
    is_closed: bool
    is_staffed: bool

    def by_part(self) -> list[tuple[date, HalfDay, list[BookableTime]]]:
        """Return the offers by day and part of the day, in time; full parts are left out."""
        days = sorted({local(offer.starts_at).date() for offer in self.offers})
        groups = []
        for day in days:
            of_day = [offer for offer in self.offers if local(offer.starts_at).date() == day]
            for part in PARTS:
                part_offers = [offer for offer in of_day if is_in_part(offer.starts_at, part)]
                if part_offers:
                    groups.append((day, part, part_offers))
        return groups

    def full_parts(self, days: Sequence[date]) -> list[tuple[date, HalfDay]]:
        """Return the parts of these days that are full, a whole day at once, while others are
        not."""
        free = {(day, part) for day, part, _ in self.by_part()}
        if not free or self.agent:
            return []
        full = []
        for day in days:
            parts = [part for part in PARTS if (day, part) not in free]
            full += [(day, part) for part in ([HalfDay.WHOLE_DAY] if len(parts) == 2 else parts)]
        return full


def days_ahead(edition: Edition, now: datetime) -> list[date]:
    """Return the days of the fair that are not over."""
    return [day.day_on for day in edition.days if day.closes_at > now]


def times_of(
    edition: Edition,
    theme_id: int,
    now: datetime,
    agent_id: int | None = None,
    without: Collection[int] = (),
) -> Times:
    """Return the times of a theme, with one agent only if given.

    `without`: appointments about to move. Raises NoResultFound when this agent does not answer the
    theme.
    """
    offering = offering_of(edition)
    demand = demand_of(offering, theme_id)
    if agent_id is not None and agent_id not in demand.agents:
        raise NoResultFound
    is_closed = theme_id in offering.closed
    if without:
        situation = situation_of(edition, now, without=without)
    else:
        situation = stored_situation(edition, now).get()
    free_slots = [] if is_closed else slots(situation, demand)
    agent_slots = [slot for slot in free_slots if agent_id in (None, slot.agent_id)]
    offers = group_by_start(agent_slots)
    own_demand = demand_of(offering, theme_id, agent_id)
    return Times(
        minutes=demand.length * 5,
        offers=offers,
        agents=_agents({slot.agent_id for slot in free_slots}),
        elsewhere=_elsewhere(situation, own_demand, offers),
        agent=current_session().get(Agent, agent_id) if agent_id else None,
        is_closed=is_closed,
        is_staffed=any(
            duty.end > situation.first
            for agent in demand.agents
            for duty in situation.duties_of(agent)
        ),
    )


@dataclass(frozen=True)
class StandSign:
    """The number of the stand where an offered time takes place."""

    number: str


@dataclass(frozen=True)
class ShownTimes:
    """The times shown on the page of a theme; the page is the same while they are equal.

    The offers name no agent.
    """

    minutes: int
    offers: tuple[BookableTime, ...]
    agent_ids: tuple[int, ...]
    elsewhere: tuple[tuple[datetime, StandSign], ...]
    is_closed: bool
    is_staffed: bool


def shown_times(edition: Edition, slug: str, now: datetime) -> ShownTimes:
    """Return the times shown on the page of a theme. Raises NoResultFound."""

    def read() -> ShownTimes:
        times = times_of(edition, get_theme(edition, slug).id, now)
        return ShownTimes(
            times.minutes,
            tuple(replace(offer, slots=()) for offer in times.offers),
            tuple(agent.id for agent in times.agents),
            tuple((at, StandSign(stand.number)) for at, stand in times.elsewhere.items()),
            times.is_closed,
            times.is_staffed,
        )

    return stored_times(("times", slug), edition, now, read).get()


def find_stand_at(
    edition: Edition,
    theme_id: int,
    starts_at: datetime,
    now: datetime,
    agent_id: int | None = None,
    without: Collection[int] = (),
) -> Stand | None:
    """Return the stand that would receive at this time, as booking chooses it; None if full."""
    demand = demand_of(offering_of(edition), theme_id, agent_id)
    ends_at = starts_at + timedelta(minutes=5 * demand.length)
    situation = situation_of(edition, now, Window(starts_at, ends_at, demand.agents), without)
    free_slots = agents_at(situation, demand, tick(starts_at))
    return current_session().get(Stand, free_slots[0].stand_id) if free_slots else None


def get_topic_by_slug(edition: Edition, slug: str) -> Topic:
    """Return a topic of the edition. Raises NoResultFound."""
    statement = select(Topic).where(Topic.edition_id == edition.id, Topic.slug == slug)
    return current_session().scalars(statement).one()


def _agents(ids: Collection[int]) -> Sequence[Agent]:
    statement = select(Agent).where(Agent.id.in_(ids)).order_by(Agent.name_key)
    return current_session().scalars(statement).all()


def _elsewhere(
    situation: Situation, demand: Demand, offers: Sequence[BookableTime]
) -> dict[datetime, Stand]:
    """Return the stand of each time that would not be on the theme's own one."""
    stand_ids = {}
    for offer in offers:
        if all(slot.stand_id != demand.home for slot in offer.slots):
            first_slot = agents_at(situation, demand, offer.slots[0].start)[0]
            if first_slot.stand_id != demand.home:
                stand_ids[offer.starts_at] = first_slot.stand_id
    stands = select(Stand).where(Stand.id.in_(set(stand_ids.values())))
    by_id = {stand.id: stand for stand in current_session().scalars(stands)} if stand_ids else {}
    return {starts_at: by_id[stand_id] for starts_at, stand_id in stand_ids.items()}
