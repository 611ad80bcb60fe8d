"""Tables of the agents: their themes, stands and hours."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.fair.models import Edition, PartnerBody, Stand, Theme
from salon.platform.database.db import Model, UtcDateTime, value_in
from salon.platform.words.labels import LabelledEnum
from salon.platform.words.people import Civility, polite_name


class Language(LabelledEnum):
    """A language spoken besides French."""

    ENGLISH = "english", "Anglais"
    SPANISH = "spanish", "Espagnol"
    OCCITAN = "occitan", "Occitan"
    SIGN = "sign", "Langue des signes française"


class AgentNeed(LabelledEnum):
    """A need of the agent on the day, given by the agent or by the body."""

    SEAT = "seat", "Un siège sur le stand"
    STEP_FREE = "step_free", "Un accès sans marche"
    HEARING = "hearing", "Une boucle magnétique"
    PARKING = "parking", "Une place de stationnement réservée"


class PeriodKind(LabelledEnum):
    """`unavailable` is a hard rule; `avoided` a wish."""

    UNAVAILABLE = "unavailable", "Indisponible"
    AVOIDED = "avoided", "Préfère ne pas travailler"


agent_themes = Table(
    "agent_themes",
    Model.metadata,
    Column("agent_id", ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True),
    Column("theme_id", ForeignKey("themes.id"), primary_key=True, index=True),
)


class Agent(Model):
    """An agent of a body, at one edition. `email_key` is unique among agents not removed.

    `arrives_at` and `leaves_at`: None for the whole fair. `rota_version` grows with each change of
    the agent's row of the draft rota. `calendar_token` opens the feed of the agent's calendar; a
    new one revokes the former. `eve_told_on`: the day whose shifts were recalled the evening
    before. `next_edition_agreed_at`: the agent agreed then to be taken over by the next edition.
    `limits`: `age`, and the half hours of personal limits, without their reason. `attendees`: the
    registration of their badge, of a feature above.
    """

    __tablename__ = "agents"
    __table_args__ = (
        Index(
            "uq_agents_email",
            "edition_id",
            "email_key",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
        CheckConstraint("arrives_at < leaves_at", name="arrives_before_leaving"),
        value_in("civility", Civility, ""),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    body_id: Mapped[int] = mapped_column(ForeignKey("partner_bodies.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    rota_version: Mapped[int] = mapped_column(default=1)
    civility: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    name_key: Mapped[str]
    function: Mapped[str] = mapped_column(default="")
    email: Mapped[str]
    email_key: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    is_coordinator: Mapped[bool] = mapped_column(default=False)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    needs: Mapped[list[str]] = mapped_column(JSON, default=list)
    needs_note: Mapped[str] = mapped_column(default="")
    arrives_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    leaves_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    limits: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    calendar_token: Mapped[str] = mapped_column(unique=True)
    eve_told_on: Mapped[date | None]
    next_edition_agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    edition: Mapped[Edition] = relationship()
    body: Mapped[PartnerBody] = relationship()
    themes: Mapped[list[Theme]] = relationship(secondary=agent_themes, order_by=Theme.rank)
    attendees: Mapped[list[Any]] = relationship(
        "Attendee",
        primaryjoin="and_(Attendee.agent_id == Agent.id, Attendee.status == 'registered')",
        viewonly=True,
    )
    places: Mapped[list["AgentStand"]] = relationship(
        cascade="all, delete-orphan", order_by="AgentStand.stand_id"
    )
    periods: Mapped[list["AgentPeriod"]] = relationship(
        cascade="all, delete-orphan", order_by="AgentPeriod.starts_at"
    )

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def polite_name(self) -> str:
        """Return « Mme Agnès Roqueblave »."""
        return polite_name(self.civility, self.full_name)


class AgentStand(Model):
    """A stand that an agent may hold; `is_wished` when they would rather be there."""

    __tablename__ = "agent_stands"

    agent_id: Mapped[int] = mapped_column(
        ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True
    )
    stand_id: Mapped[int] = mapped_column(ForeignKey("stands.id"), primary_key=True, index=True)
    is_wished: Mapped[bool] = mapped_column(default=False)

    stand: Mapped[Stand] = relationship()


class AgentPeriod(Model):
    """A time when an agent is not there, or would rather not work."""

    __tablename__ = "agent_periods"
    __table_args__ = (
        UniqueConstraint("agent_id", "starts_at", "ends_at"),
        CheckConstraint("starts_at < ends_at", name="starts_before_ending"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[PeriodKind]
    note: Mapped[str] = mapped_column(default="")
