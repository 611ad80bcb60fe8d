"""Tables of agents named twice: entries merged, pairs told apart."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.platform.database.db import Model, UtcDateTime
from salon.staffing.models.agents import Agent


class MergedAgent(Model):
    """An agent removed in favour of the `kept` one, who is the same person; deleted when undone.

    `gained`: what the kept agent has from this one: themes, stands, languages, needs, periods,
    draft shifts; and its badge, once it leads to that of the kept one.
    """

    __tablename__ = "merged_agents"
    __table_args__ = (CheckConstraint("agent_id <> kept_id", name="two_agents"),)

    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), index=True)
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    merged_by: Mapped[str]
    gained: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    agent: Mapped[Agent] = relationship(foreign_keys=[agent_id])
    kept: Mapped[Agent] = relationship(foreign_keys=[kept_id])


class DistinctAgents(Model):
    """Two agents that an organiser said are two people; `first_id` is the lower number."""

    __tablename__ = "distinct_agents"
    __table_args__ = (CheckConstraint("first_id < second_id", name="once_a_pair"),)

    first_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), primary_key=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), primary_key=True, index=True)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str]

    first: Mapped[Agent] = relationship(foreign_keys=[first_id])
    second: Mapped[Agent] = relationship(foreign_keys=[second_id])
