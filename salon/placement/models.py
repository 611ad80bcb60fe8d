"""Plans proposed by the solver."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from salon.platform.db import Model, UtcDateTime, known
from salon.platform.leases import WorkStatus


class PlanProposal(Model):
    """A plan proposed by the solver; nothing moves until an organiser accepts it.

    `result` is the JSON of `flask propose-plan`; `hall_versions` are the versions it was computed
    on.
    """

    __tablename__ = "plan_proposals"
    __table_args__ = (known("status", WorkStatus),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    status: Mapped[str] = mapped_column(default=WorkStatus.WAITING)
    asked_by: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hall_versions: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
