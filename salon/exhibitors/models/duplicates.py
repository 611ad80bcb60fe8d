"""Table of the applications told apart: two organisations, not one that applied twice."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.exhibitors.models.application import Exhibitor
from salon.platform.database.db import Model, UtcDateTime


class DistinctExhibitors(Model):
    """Two applications that an organiser said are of two organisations; `first_id` is the lower."""

    __tablename__ = "distinct_exhibitors"
    __table_args__ = (CheckConstraint("first_id < second_id", name="once_a_pair"),)

    first_id: Mapped[int] = mapped_column(ForeignKey("exhibitors.id"), primary_key=True)
    second_id: Mapped[int] = mapped_column(
        ForeignKey("exhibitors.id"), primary_key=True, index=True
    )
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str]

    first: Mapped[Exhibitor] = relationship(foreign_keys=[first_id])
    second: Mapped[Exhibitor] = relationship(foreign_keys=[second_id])
