"""Halls, stands, zones and doors. Lengths in metres, areas in m²."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.platform.db import Model, UtcDateTime, above_zero, at_least
from salon.platform.labels import LabelledEnum

if TYPE_CHECKING:
    from salon.fair.models.village import PartnerBody


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


class ZoneKind(LabelledEnum):
    FAIR = "fair", "Le salon"
    CONFERENCE = "conference", "Conférence"
    LOUNGE = "lounge", "Espace réservé"
    STAND = "stand", "Stand"


class Zone(Model):
    """A place behind doors, with its rules of entry.

    `kind` FAIR: the whole fair, at most one an edition; other zones lie inside it and count the
    people inside. `admits`: badge categories, empty when all are. Before `opens_at` only
    `early_admits` enter, from `early_from`; after `closes_at` nobody enters. `capacity`: most
    people at once. `is_strict`: refuse people without the right to enter; otherwise admit them with
    a warning.
    """

    __tablename__ = "zones"
    __table_args__ = (
        UniqueConstraint("edition_id", "label"),
        Index(
            "uq_zones_fair",
            "edition_id",
            unique=True,
            sqlite_where=text("kind = 'fair'"),
            postgresql_where=text("kind = 'fair'"),
        ),
        CheckConstraint("capacity > 0", name="some_capacity"),
        CheckConstraint("opens_at < closes_at", name="opens_before_closing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[ZoneKind]
    label: Mapped[str]
    admits: Mapped[list[str]] = mapped_column(JSON, default=list)
    is_vip_only: Mapped[bool] = mapped_column(default=False)
    capacity: Mapped[int | None]
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    early_admits: Mapped[list[str]] = mapped_column(JSON, default=list)
    early_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_strict: Mapped[bool] = mapped_column(default=True)
    stand_id: Mapped[int | None] = mapped_column(ForeignKey("stands.id"), unique=True)

    __mapper_args__ = {"version_id_col": version}

    stand: Mapped["Stand | None"] = relationship()


class Door(Model):
    """A place where badges are scanned; `admits` lists badge categories, empty for all.

    `zone_id` None: a door of the fair itself, without other rules.
    """

    __tablename__ = "doors"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    code: Mapped[str]
    label: Mapped[str]
    admits: Mapped[list[str]] = mapped_column(JSON, default=list)
    zone_id: Mapped[int | None] = mapped_column(ForeignKey("zones.id"), index=True)

    zone: Mapped[Zone | None] = relationship()

    @property
    def admitted_categories(self) -> list[str]:
        """Return the categories admitted by both the door and its zone; empty for all."""
        of_zone = self.zone.admits if self.zone else []
        if self.admits and of_zone:
            return [category for category in self.admits if category in of_zone]
        return list(self.admits or of_zone)
