"""The programme: rooms and what happens in them."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.fair.models.floor import FairFile, Theme
from salon.platform.database.db import Model, UtcDateTime, above_zero


class Room(Model):
    """A place of the programme; `seats` None when it is not limited (a hall, an entrance)."""

    __tablename__ = "rooms"
    __table_args__ = (UniqueConstraint("edition_id", "name"), *above_zero("seats"))

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    name: Mapped[str]
    seats: Mapped[int | None] = mapped_column(default=None)


class ProgrammeItem(Model):
    """An event at an hour in a room; `speakers` is a list of {name, role}, as published.

    `is_draft`: the organisers alone see it, as what comes from an earlier edition.
    """

    __tablename__ = "programme_items"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="starts_before_ending"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    title: Mapped[str]
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"), default=None)
    summary: Mapped[str] = mapped_column(default="")
    speakers: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    is_draft: Mapped[bool] = mapped_column(default=False)

    room: Mapped[Room] = relationship(lazy="joined", innerjoin=True)
    theme: Mapped[Theme | None] = relationship()
    files: Mapped[list[FairFile]] = relationship(order_by="FairFile.id")
