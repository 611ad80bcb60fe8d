"""Plans proposed by the solver."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from salon.platform.database.db import Model, UtcDateTime, at_least
from salon.platform.work.jobs import Job


class PlanProposal(Job, Model):
    """A plan proposed by the solver; nothing moves until an organiser accepts it.

    `result` is the JSON of `flask propose-plan`; `hall_versions` are the versions it was computed
    on.
    """

    __tablename__ = "plan_proposals"
    __table_args__ = at_least(0, "attempts")

    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hall_versions: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
