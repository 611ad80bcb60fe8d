"""Tables of the kiosk."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.badges.models import Badge
from salon.badges.models.badge_layouts import Layout
from salon.platform.database.db import Model, UtcDateTime, value_in


class PrintJob(Model):
    """A badge that waits for a print station. `taken_at`: a station holds it; `done_at`: it is
    printed.

    `job_id` is the requesting device's own, so that requesting twice prints once (idempotent).
    """

    __tablename__ = "print_jobs"
    __table_args__ = (
        Index("ix_print_jobs_waiting", "edition_id", "done_at", "id"),
        value_in("layout", Layout),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    job_id: Mapped[str] = mapped_column(unique=True)
    badge_id: Mapped[int] = mapped_column(ForeignKey("badges.id"), index=True)
    layout: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("stations.id"), index=True)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    badge: Mapped[Badge] = relationship()
