"""Tables of stand-in requests and of exchanges between two agents."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.fair.models import Stand
from salon.platform.database.db import Model, UtcDateTime, at_least
from salon.platform.words.labels import LabelledEnum
from salon.staffing.models.agents import Agent
from salon.staffing.models.rota import Shift


class StandInStatus(LabelledEnum):
    OPEN = "open", "On cherche quelqu’un"
    TAKEN = "taken", "Remplacé"
    WITHDRAWN = "withdrawn", "L’agent vient finalement"
    CLOSED = "closed", "Clos"


class StandIn(Model):
    """A request to replace an agent on a published shift; the agent stays expected until it is
    taken.

    `next_ask_at`: when the next wave is asked, None when nobody is left. `escalated_at`: when the
    coordinators were last notified that nobody takes it. `closed_by`: the person or event that
    ended it. `taken_from`, `taken_until`: the hours taken over, less than the shift when it had
    begun.
    """

    __tablename__ = "stand_ins"
    __table_args__ = (
        Index(
            "uq_stand_ins_open",
            "shift_id",
            unique=True,
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
        CheckConstraint("(status = 'taken') = (taken_by_id IS NOT NULL)", name="taken_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shifts.id"), index=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), index=True)
    reason: Mapped[str] = mapped_column(default="")
    status: Mapped[StandInStatus] = mapped_column(default=StandInStatus.OPEN)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_ask_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    escalated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"), index=True)
    taken_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[str] = mapped_column(default="")

    shift: Mapped[Shift] = relationship()
    agent: Mapped[Agent] = relationship(foreign_keys=[agent_id])
    taken_by: Mapped[Agent | None] = relationship(foreign_keys=[taken_by_id])
    asks: Mapped[list["StandInAsk"]] = relationship(order_by="StandInAsk.rank")

    @property
    def is_open(self) -> bool:
        return self.status == StandInStatus.OPEN

    @property
    def starts_at(self) -> datetime:
        """Return the start of the hours taken over, or of the shift while nobody took it."""
        return self.taken_from or self.shift.starts_at

    @property
    def ends_at(self) -> datetime:
        return self.taken_until or self.shift.ends_at

    @property
    def stand(self) -> Stand:
        return self.shift.stand

    @property
    def stand_id(self) -> int:
        return self.shift.stand_id


class StandInAsk(Model):
    """An agent asked to take the shift, at a rank.

    `said_yes` is None until they answer. An agent assigned without being asked has no `asked_at`.
    """

    __tablename__ = "stand_in_asks"
    __table_args__ = (UniqueConstraint("stand_in_id", "agent_id"), *at_least(0, "rank"))

    id: Mapped[int] = mapped_column(primary_key=True)
    stand_in_id: Mapped[int] = mapped_column(ForeignKey("stand_ins.id"))
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), index=True)
    rank: Mapped[int]
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    said_yes: Mapped[bool | None]

    stand_in: Mapped[StandIn] = relationship(overlaps="asks")
    agent: Mapped[Agent] = relationship()


class ExchangeStatus(LabelledEnum):
    OPEN = "open", "En attente de réponse"
    ACCEPTED = "accepted", "Accepté"
    REFUSED = "refused", "Refusé"
    WITHDRAWN = "withdrawn", "Retiré"
    OVERTAKEN = "overtaken", "Le planning a changé depuis"


class Exchange(Model):
    """An agent offers a shift in return for another agent’s; both agree."""

    __tablename__ = "exchanges"
    __table_args__ = (
        Index(
            "uq_exchanges_open",
            "offered_shift_id",
            "requested_shift_id",
            unique=True,
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
        CheckConstraint("asked_by_id <> asked_of_id", name="between_two_agents"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    offered_shift_id: Mapped[int] = mapped_column(ForeignKey("shifts.id"))
    requested_shift_id: Mapped[int] = mapped_column(ForeignKey("shifts.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), index=True)
    asked_of_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), index=True)
    words: Mapped[str] = mapped_column(default="")
    status: Mapped[ExchangeStatus] = mapped_column(default=ExchangeStatus.OPEN)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    offered_shift: Mapped[Shift] = relationship(foreign_keys=[offered_shift_id])
    requested_shift: Mapped[Shift] = relationship(foreign_keys=[requested_shift_id])
    asked_by: Mapped[Agent] = relationship(foreign_keys=[asked_by_id])
    asked_of: Mapped[Agent] = relationship(foreign_keys=[asked_of_id])
