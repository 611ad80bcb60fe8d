"""Agents of the village: their body, what they lack, their published shifts."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from salon.fair.models import Edition
from salon.fair.queries import bodies_of
from salon.mailings.engine import Recipient
from salon.mailings.queries.audiences.audience import Audience, Choices, Filter
from salon.platform.database.db import current_session
from salon.platform.database.identity import Domain
from salon.platform.settings.clock import paris
from salon.platform.words import formats
from salon.platform.words.people import salutation
from salon.staffing.models import Agent, Shift, ShiftStatus
from salon.staffing.queries.agents_list import LACKS, AgentFilter, agents_statement

ROTA = (("with", "Y ont des vacations"), ("without", "N’y sont pas"))


def find_agents(edition: Edition, choices: Choices, now: datetime) -> Sequence[Recipient]:
    body = int(choices["body"]) if choices.get("body") else None
    filters = AgentFilter(body=body, lacks=choices.get("lacks", ""))
    statement = agents_statement(edition, filters)
    published = select(Shift.agent_id).where(
        Shift.edition_id == edition.id, Shift.status == ShiftStatus.PUBLISHED
    )
    if rota := choices.get("rota"):
        in_rota = Agent.id.in_(published)
        statement = statement.where(in_rota if rota == "with" else ~in_rota)
    if day := choices.get("day"):
        midnight = paris(date.fromisoformat(day), time(), edition.time_zone)
        next_day = paris(date.fromisoformat(day) + timedelta(days=1), time(), edition.time_zone)
        on_the_day = published.where(Shift.starts_at < next_day, midnight < Shift.ends_at)
        statement = statement.where(Agent.id.in_(on_the_day))
    return [
        Recipient(
            key=f"agent:{agent.id}",
            address=agent.email,
            name=agent.polite_name,
            greeting=salutation(agent.civility),
            organisation=agent.body.name,
            path="/planning",
        )
        for agent in current_session().scalars(statement.options(contains_eager(Agent.body)))
    ]


AGENTS = Audience(
    "agents",
    "Agents",
    Domain.VILLAGE,
    find_agents,
    origin="a été donnée par votre organisme, qui vous attend au village du salon",
    filters=(
        Filter(
            "body",
            "Organisme",
            lambda edition: [(str(body.id), body.name) for body in bodies_of(edition)],
        ),
        Filter("lacks", "Il manque", lambda _: list(LACKS.items())),
        Filter("rota", "Planning publié", lambda _: ROTA),
        Filter(
            "day",
            "De service le",
            lambda edition: [
                (day.day_on.isoformat(), formats.day(day.day_on)) for day in edition.days
            ],
        ),
    ),
)
