"""Bodies and themes of the village, programme, documents."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.fair.models.floor import Stand
from salon.platform.db import Model, UtcDateTime, above_zero, at_least


class PartnerBody(Model):
    """A body of the village (the Département or a partner), with its stand.

    `withdrawn_at`: since when it takes no part; its stand may be another's.
    """

    __tablename__ = "partner_bodies"
    __table_args__ = (
        UniqueConstraint("edition_id", "slug"),
        Index(
            "uq_partner_bodies_stand_id",
            "stand_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        *at_least(0, "rank"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    stand_id: Mapped[int] = mapped_column(ForeignKey("stands.id"))
    slug: Mapped[str]
    name: Mapped[str]
    short_name: Mapped[str]
    topics: Mapped[str]
    presentation: Mapped[str]
    rank: Mapped[int]
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    stand: Mapped[Stand] = relationship(back_populates="body")
    themes: Mapped[list["Theme"]] = relationship(
        primaryjoin="and_(PartnerBody.id == Theme.body_id, Theme.withdrawn_at.is_(None))",
        back_populates="body",
        order_by="Theme.rank",
    )


class Theme(Model):
    """A subject that mayors come to ask about.

    `figures` is a list of {value, label}, `links` of {label, address}. `withdrawn_at`: since when
    nobody answers it.
    """

    __tablename__ = "themes"
    __table_args__ = (UniqueConstraint("edition_id", "slug"), *at_least(0, "rank"))

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    body_id: Mapped[int] = mapped_column(ForeignKey("partner_bodies.id"))
    slug: Mapped[str]
    name: Mapped[str]
    summary: Mapped[str]
    details: Mapped[list[str]] = mapped_column(JSON, default=list)
    figures: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    links: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    rank: Mapped[int]
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    body: Mapped[PartnerBody] = relationship(back_populates="themes")
    files: Mapped[list["FairFile"]] = relationship(order_by="FairFile.id")


class Room(Model):
    """A place of the programme; `seats` None when it is not limited (a hall, an entrance)."""

    __tablename__ = "rooms"
    __table_args__ = (UniqueConstraint("edition_id", "name"), *above_zero("seats"))

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    name: Mapped[str]
    seats: Mapped[int | None] = mapped_column(default=None)


class ProgrammeItem(Model):
    """An event at an hour in a room; `speakers` is a list of {name, role}, as published."""

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

    room: Mapped[Room] = relationship(lazy="joined", innerjoin=True)
    theme: Mapped[Theme | None] = relationship()
    files: Mapped[list["FairFile"]] = relationship(order_by="FairFile.id")


class FairFile(Model):
    """A document that the public downloads from a theme or from an item of the programme."""

    __tablename__ = "fair_files"
    __table_args__ = (
        CheckConstraint("(theme_id IS NULL) <> (item_id IS NULL)", name="of_theme_or_item"),
        *above_zero("size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"), index=True, default=None)
    item_id: Mapped[int | None] = mapped_column(
        ForeignKey("programme_items.id"), index=True, default=None
    )
    label: Mapped[str]
    name: Mapped[str]
    stored_name: Mapped[str] = mapped_column(unique=True)
    media_type: Mapped[str]
    size: Mapped[int]
