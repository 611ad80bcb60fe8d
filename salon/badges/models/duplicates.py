"""Tables of people registered several times: registrations merged, pairs told apart."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.badges.models.tables import Attendee
from salon.platform.database.db import Model, UtcDateTime


class MergedPerson(Model):
    """A registration that was merged into the `kept` one of the same person; deleted when undone.

    Registrations merged in one act have the same `kept_id` and `merged_at`. `brought`: by field of
    the kept registration, its value before and the one that this registration brought. `moved`: by
    table, the numbers of the rows that went over to the kept registration; `ended`: by table, the
    number and the former status of the rows that the merge ended because both had one.
    """

    __tablename__ = "merged_people"
    __table_args__ = (CheckConstraint("attendee_id <> kept_id", name="two_registrations"),)

    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendees.id"), primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("attendees.id"), index=True)
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    merged_by: Mapped[str]
    brought: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    moved: Mapped[dict[str, list[int]]] = mapped_column(JSON, default=dict)
    ended: Mapped[dict[str, list[Any]]] = mapped_column(JSON, default=dict)

    attendee: Mapped[Attendee] = relationship(foreign_keys=[attendee_id])
    kept: Mapped[Attendee] = relationship(foreign_keys=[kept_id])


class DistinctPeople(Model):
    """Two registrations that an organiser said are of two people; `first_id` is the lower number.

    Deleted when the organiser takes it back.
    """

    __tablename__ = "distinct_people"
    __table_args__ = (CheckConstraint("first_id < second_id", name="once_a_pair"),)

    first_id: Mapped[int] = mapped_column(ForeignKey("attendees.id"), primary_key=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("attendees.id"), primary_key=True, index=True)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str]

    first: Mapped[Attendee] = relationship(foreign_keys=[first_id])
    second: Mapped[Attendee] = relationship(foreign_keys=[second_id])
