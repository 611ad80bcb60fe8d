"""Tables of the rota: needs, shifts, publications, runs of the solver."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Table,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.fair.models import Stand, Theme
from salon.platform.database.db import (
    Model,
    UtcDateTime,
    above_zero,
    at_least,
    value_in,
    whole_minutes,
)
from salon.platform.words.labels import LabelledEnum
from salon.platform.work.jobs import Job
from salon.staffing.models.agents import Agent
from salon.staffing.models.effort import Effort

HALF_HOUR = 30
"""Minutes."""


class ShiftStatus(StrEnum):
    """`draft` and `published` are two layers of the rota; `withdrawn` was published once."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class ShiftOrigin(LabelledEnum):
    BY_HAND = "by_hand", "Posée à la main"
    PROPOSED = "proposed", "Proposée par le calcul"
    STAND_IN = "stand_in", "Remplacement"
    EXCHANGE = "exchange", "Échange"


class Rota(Model):
    """The settings of an edition's rota. `weights`: the cost of each soft rule, by its key.

    `before_minutes` and `after_minutes`: how long stands are staffed outside opening hours.
    `limits`: by the slug of a body, its `employer` and its own rules in half hours
    (`engine.working_time.OF_BODIES`). `lunch_is_due`: no schedule may lack its lunch;
    `least_stint`: half hours of the shortest stint.
    """

    __tablename__ = "rotas"
    __table_args__ = (
        *at_least(0, "before_minutes", "after_minutes"),
        *at_least(1, "least_stint"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    before_minutes: Mapped[int] = mapped_column(default=30)
    after_minutes: Mapped[int] = mapped_column(default=30)
    weights: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    limits: Mapped[dict[str, dict[str, Any]]] = mapped_column(
        JSON, default=dict, server_default="{}"
    )
    lunch_is_due: Mapped[bool] = mapped_column(default=False, server_default=false())
    least_stint: Mapped[int] = mapped_column(default=2, server_default="2")

    __mapper_args__ = {"version_id_col": version}

    @property
    def id(self) -> int:
        return self.edition_id


need_themes = Table(
    "need_themes",
    Model.metadata,
    Column("need_id", ForeignKey("needs.id", ondelete="CASCADE"), primary_key=True),
    Column("theme_id", ForeignKey("themes.id"), primary_key=True, index=True),
)


class Need(Model):
    """The need of a stand for the half hour that starts at `starts_at`; no row: none.

    Each of `themes` needs an agent present able to answer it.
    """

    __tablename__ = "needs"
    __table_args__ = (
        UniqueConstraint("stand_id", "starts_at"),
        CheckConstraint(
            "0 <= minimum AND minimum <= wished AND wished <= maximum", name="in_order"
        ),
        *whole_minutes(HALF_HOUR, "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stand_id: Mapped[int] = mapped_column(ForeignKey("stands.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    minimum: Mapped[int]
    wished: Mapped[int]
    maximum: Mapped[int]

    stand: Mapped[Stand] = relationship()
    themes: Mapped[list[Theme]] = relationship(secondary=need_themes, order_by=Theme.rank)


class Publication(Model):
    """A published version of the rota. `note` gives its purpose; `changes`: shifts touched.

    `reason`: why it takes agents past a limit of working time, where it does.
    """

    __tablename__ = "publications"
    __table_args__ = (
        UniqueConstraint("edition_id", "number"),
        *above_zero("number"),
        *at_least(0, "changes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    number: Mapped[int]
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="", server_default="")
    changes: Mapped[int]


class Shift(Model):
    """An agent on a stand, from `starts_at` to `ends_at`, in whole half hours.

    A published shift keeps its `uid` when it moves; `sequence` grows with each publication that
    changes it (RFC 5545), `publication_id` is the last of these. `is_locked`: the solver leaves it.
    On the day, `arrived_at` and `absent_at` say whether the agent came.
    """

    __tablename__ = "shifts"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="starts_before_ending"),
        CheckConstraint("status = 'draft' OR uid IS NOT NULL", name="published_with_a_uid"),
        *at_least(0, "sequence"),
        Index("ix_shifts_edition_status", "edition_id", "status", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), index=True)
    stand_id: Mapped[int] = mapped_column(ForeignKey("stands.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[ShiftStatus]
    origin: Mapped[ShiftOrigin]
    is_locked: Mapped[bool] = mapped_column(default=False)
    uid: Mapped[str | None] = mapped_column(unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    publication_id: Mapped[int | None] = mapped_column(ForeignKey("publications.id"), index=True)
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    absent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    noted_by: Mapped[str] = mapped_column(default="")
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the agent was reminded that it begins soon."""

    agent: Mapped[Agent] = relationship()
    stand: Mapped[Stand] = relationship()
    publication: Mapped[Publication | None] = relationship()


class ShiftClaim(Model):
    """A half hour of an agent, taken in one layer of the rota: an agent is at one place at a
    time.
    """

    __tablename__ = "shift_claims"
    __table_args__ = (
        CheckConstraint("layer <> 'withdrawn'", name="withdrawn_claims_nothing"),
        *whole_minutes(HALF_HOUR, "starts_at"),
    )

    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), primary_key=True)
    layer: Mapped[ShiftStatus] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shifts.id", ondelete="CASCADE"), index=True)


class RotaRun(Job, Model):
    """A run of the solver, in the worker; nothing moves until it is accepted.

    `agent_versions` gives the row of each agent as it was read (`Agent.rota_version`); `progress`:
    how far the solver is, `result` its answer.
    """

    __tablename__ = "rota_runs"
    __table_args__ = (value_in("effort", Effort), *at_least(0, "attempts"))
    progress_columns = ("progress",)

    effort: Mapped[str] = mapped_column(default=Effort.QUICK)
    keeps_draft: Mapped[bool] = mapped_column(default=False)
    """True to change the draft as little as possible."""
    stop_asked: Mapped[bool] = mapped_column(default=False)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agent_versions: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    progress: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    @property
    def must_end(self) -> bool:
        return self.stop_asked

    @property
    def state(self) -> dict[str, Any]:
        """Return what a page follows; `has_result`: a rota is there while the search goes on."""
        return super().state | ({"has_result": True} if self.result else {})
