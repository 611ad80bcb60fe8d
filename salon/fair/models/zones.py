"""Zones of the fair and the doors that lead into them."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.fair.models.floor import Stand
from salon.platform.database.db import Model, UtcDateTime
from salon.platform.words.labels import LabelledEnum


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

    stand: Mapped[Stand | None] = relationship()


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
