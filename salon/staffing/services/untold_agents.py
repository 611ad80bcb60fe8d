"""What agents have been told of the published rota, by the messages that left."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.mail.outbox import Message, MessageStatus
from salon.platform.mail.wording import Context
from salon.staffing.models import Agent, ShiftStatus
from salon.staffing.queries.agents import agents_of
from salon.staffing.queries.rota import by_agent, shifts_of
from salon.staffing.services.messages import message_context, stand_names

ROTA_CHANGED = "rota_changed"
CHANGES = ("moved", "went", "came")
LEFT = (MessageStatus.SENT,)
LEFT_OR_WAITING = (MessageStatus.SENT, MessageStatus.WAITING)

Times = Counter[tuple[str, str, str]]


@dataclass(frozen=True)
class UntoldAgent:
    """An agent whose messages that left do not say the published shifts.

    `unsent`: the messages that would; `latest`: the last one that left or will.
    """

    agent: Agent
    unsent: Sequence[Message]
    latest: Message | None


def untold_agents(edition: Edition, body_ids: Collection[int] | None = None) -> list[UntoldAgent]:
    """Return the agents, of these bodies, whom unsent messages leave with another rota."""
    agents = agents_of(edition, body_ids)
    statement = select(Message).where(
        Message.kind == ROTA_CHANGED, Message.about.in_([f"agent:{agent.id}" for agent in agents])
    )
    messages: dict[str, list[Message]] = {}
    for message in current_session().scalars(statement.order_by(Message.id)):
        messages.setdefault(message.about, []).append(message)
    published = by_agent(shifts_of(edition, ShiftStatus.PUBLISHED))
    names = stand_names(edition)
    untold = []
    for agent in agents:
        posted = messages.get(f"agent:{agent.id}", [])
        unsent = [message for message in posted if message.status not in LEFT]
        shifts = [message_context(shift, names) for shift in published.get(agent.id, [])]
        if not unsent or _told(posted, LEFT) == Counter(map(_time_of, shifts)):
            continue
        is_coming = _told(posted, LEFT_OR_WAITING) == Counter(map(_time_of, shifts))
        waiting = [message for message in unsent if message.status == MessageStatus.WAITING]
        left = [message for message in posted if message.status in LEFT_OR_WAITING]
        lost = [message for message in unsent if message.status != MessageStatus.WAITING]
        latest = left[-1] if left else None
        untold.append(UntoldAgent(agent, waiting if is_coming else lost, latest))
    return untold


def _told(messages: Sequence[Message], statuses: Collection[MessageStatus]) -> Times:
    """Return the shifts that messages of these statuses leave an agent with."""
    told: Times = Counter()
    for message in messages:
        if message.status in statuses:
            moved, went, came = (message.context.get(name, []) for name in CHANGES)
            told -= Counter(map(_time_of, (*went, *(before for before, _ in moved))))
            told += Counter(map(_time_of, (*came, *(after for _, after in moved))))
    return told


def _time_of(context: Context) -> tuple[str, str, str]:
    return context["where"], context["starts_at"], context["ends_at"]
