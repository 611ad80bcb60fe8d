"""Zones of the fair and the doors that lead into them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Dialect,
    ForeignKey,
    Index,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.fair.models.floor import Stand
from salon.platform.database.db import Model, UtcDateTime
from salon.platform.settings.clock import local, paris
from salon.platform.words.labels import LabelledEnum


class ZoneKind(LabelledEnum):
    FAIR = "fair", "Le salon"
    CONFERENCE = "conference", "Conférence"
    LOUNGE = "lounge", "Espace réservé"
    STAND = "stand", "Stand"


class ZoneHours(NamedTuple):
    """The hours of a zone on one day; None: without opening, without closing, nobody early."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    early_from: datetime | None = None

    @property
    def day_on(self) -> date | None:
        at = self.opens_at or self.closes_at
        return local(at).date() if at else None

    def covers(self, day: date) -> bool:
        """Return whether the zone is open at some time of this day."""
        return (self.opens_at is None or local(self.opens_at).date() <= day) and (
            self.closes_at is None or local(self.closes_at).date() >= day
        )

    def moved(self, days: timedelta) -> "ZoneHours":
        """Return the same times on the clock, so many days later."""
        walls = (local(at) if at else None for at in self)
        return ZoneHours(*(wall and paris(wall.date() + days, wall.time()) for wall in walls))

    def repeated_on(self, day: date, former_day: date) -> "ZoneHours":
        """Return the same times on the clock of another day, none of them before its midnight."""
        opens_at, closes_at, early_from = self.moved(day - former_day)
        midnight = paris(day, time())
        opens_at = max(opens_at or midnight, midnight)
        return ZoneHours(opens_at, closes_at, early_from and max(early_from, midnight))

    def repeated(self, days: Sequence[date]) -> tuple["ZoneHours", ...]:
        """Return the same times on each later day, from the first one that they cover; a zone that
        does not close has none."""
        first = next((day for day in days if self.covers(day)), None)
        if self.closes_at is None or first is None:
            return ()
        return tuple(self.repeated_on(day, first) for day in days if day > first)


class HoursOfDays(TypeDecorator[Sequence[ZoneHours]]):
    """Hours of days, in the order of time: JSON of instants."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Sequence[ZoneHours] | None, dialect: Dialect) -> object:
        return [
            {name: at and at.astimezone(UTC).isoformat() for name, at in hours._asdict().items()}
            for hours in value or ()
        ]

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[ZoneHours, ...] | None:
        if value is None:
            return None
        return tuple(
            ZoneHours(**{name: at and datetime.fromisoformat(at) for name, at in hours.items()})
            for hours in value
        )


class Zone(Model):
    """A place behind doors, with its rules of entry.

    `kind` FAIR: the whole fair, at most one an edition; other zones lie inside it and count the
    people inside. `admits`: badge categories, empty when all are. Before `opens_at` only
    `early_admits` enter, from `early_from`; after `closes_at` nobody enters. These are the hours of
    its first day; `later_hours`: those of each later one on which it opens. `capacity`: most people
    at once. `is_strict`: refuse people without the right to enter; otherwise admit them with
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
    later_hours: Mapped[Sequence[ZoneHours]] = mapped_column(
        HoursOfDays, default=(), server_default="[]"
    )
    is_strict: Mapped[bool] = mapped_column(default=True)
    stand_id: Mapped[int | None] = mapped_column(ForeignKey("stands.id"), unique=True)

    __mapper_args__ = {"version_id_col": version}

    stand: Mapped[Stand | None] = relationship()

    @property
    def hours(self) -> tuple[ZoneHours, ...]:
        """Return the hours of each day, in the order of time; without bound when always open."""
        return (ZoneHours(self.opens_at, self.closes_at, self.early_from), *self.later_hours)


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
