"""Halls, their stands, and the bodies of the village that hold one, with their themes."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from salon.platform.database.db import Model, UtcDateTime, above_zero, at_least
from salon.platform.words.labels import LabelledEnum

HALL_BEFORE = re.compile(r"^hall\s+(?=\S)", re.IGNORECASE)


class StandCategory(LabelledEnum):
    """Category of a stand, which decides the price of its m² (price list)."""

    STANDARD = "standard", "Équipé"
    PREMIUM = "premium", "Équipé, allée d’entrée"
    BARE = "bare", "Surface nue"


class Hall(Model):
    """A hall at its real size; `x`, `y` place it on the plan of the park.

    `aisle` is the least width between two stands that do not touch; `power_kw` and `has_water` are
    what it supplies to a stand. `version` grows with each change of its stands or their occupants.
    `closed_at`: since when the fair does without it; its stands are on no plan and go to nobody.
    """

    __tablename__ = "halls"
    __table_args__ = (
        UniqueConstraint("edition_id", "name"),
        *above_zero("width", "depth", "area"),
        *at_least(0, "aisle", "power_kw"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    width: Mapped[float]
    depth: Mapped[float]
    area: Mapped[float]
    x: Mapped[float] = mapped_column(default=0)
    y: Mapped[float] = mapped_column(default=0)
    aisle: Mapped[float] = mapped_column(default=3)
    power_kw: Mapped[int] = mapped_column(default=9)
    has_water: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    stands: Mapped[list["Stand"]] = relationship(back_populates="hall", order_by="Stand.number")

    @validates("name")
    def _name_without_hall(self, key: str, name: str) -> str:
        """Every page says « Hall » before the name."""
        return HALL_BEFORE.sub("", name)


class Stand(Model):
    """A stand; `x`, `y` from the north-west corner of its hall. Power in kW, 0 for none.

    Open sides are computed from the plan (`geometry.open_sides`).
    """

    __tablename__ = "stands"
    __table_args__ = (
        UniqueConstraint("edition_id", "number"),
        *above_zero("width", "depth"),
        *at_least(0, "power_kw"),
        CheckConstraint("x > -0.01 AND y > -0.01", name="inside_the_walls"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    hall_id: Mapped[int] = mapped_column(ForeignKey("halls.id"))
    number: Mapped[str]
    x: Mapped[float]
    y: Mapped[float]
    width: Mapped[float]
    depth: Mapped[float]
    power_kw: Mapped[int] = mapped_column(default=0)
    has_water: Mapped[bool] = mapped_column(default=False)
    is_accessible: Mapped[bool] = mapped_column(default=True)
    category: Mapped[StandCategory] = mapped_column(default=StandCategory.STANDARD)

    hall: Mapped[Hall] = relationship(back_populates="stands")
    body: Mapped["PartnerBody | None"] = relationship(
        primaryjoin="and_(Stand.id == PartnerBody.stand_id, PartnerBody.withdrawn_at.is_(None))",
        back_populates="stand",
        uselist=False,
    )
    exhibitor: Mapped[Any] = relationship("Exhibitor", back_populates="stand", uselist=False)

    @property
    def area(self) -> float:
        return self.width * self.depth


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
