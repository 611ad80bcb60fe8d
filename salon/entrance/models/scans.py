"""Scans, and the presence of each badge derived from them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from salon.platform.database.db import Model, UtcDateTime, value_in
from salon.platform.words.labels import LabelledEnum


class Direction(LabelledEnum):
    IN = "in", "Entrée"
    OUT = "out", "Sortie"


class Verdict(StrEnum):
    """The answer to a scan (names fixed by the contract of the API)."""

    ACCEPTED = "accepted"
    ALREADY_INSIDE = "already_inside"
    RE_ENTRY = "re_entry"
    EXIT = "exit"
    REVOKED = "revoked"
    WRONG_EDITION = "wrong_edition"
    NOT_ALLOWED_HERE = "not_allowed_here"
    INVALID = "invalid"

    @property
    def label(self) -> str:
        return VERDICT_LABELS[self]


VERDICT_LABELS = {
    Verdict.ACCEPTED: "Bienvenue",
    Verdict.ALREADY_INSIDE: "Déjà entré",
    Verdict.RE_ENTRY: "De retour",
    Verdict.EXIT: "Sortie",
    Verdict.REVOKED: "Badge annulé",
    Verdict.WRONG_EDITION: "Autre édition",
    Verdict.NOT_ALLOWED_HERE: "Pas par ici",
    Verdict.INVALID: "Code inconnu",
}


class Scan(Model):
    """One presentation of a badge. Rows are added, never changed.

    `scan_id` is the device's, the same however often and by whatever way it comes. `scanned_at` is
    the device's time, `received_at` ours, `happened_at` the effective one. `code` is the text read,
    escaped and cut at 512 characters; empty when only the hash of a code was sent. `shown`: the
    verdict that a device without network gave by itself, else empty; `was_let_in`: it let the
    person pass on it. `is_counted`: the scan determines where the badge is.
    """

    __tablename__ = "scans"
    __table_args__ = (
        UniqueConstraint("scan_id"),
        value_in("verdict", Verdict),
        value_in("direction", Direction),
        Index("ix_scans_station", "station_id", "received_at"),
        Index("ix_scans_badge", "badge_id", "id"),
        Index("ix_scans_edition_happened", "edition_id", "happened_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    station_id: Mapped[int] = mapped_column(ForeignKey("stations.id"))
    scan_id: Mapped[str]
    badge_id: Mapped[int | None] = mapped_column(ForeignKey("badges.id"))
    code: Mapped[str] = mapped_column(default="")
    verdict: Mapped[str]
    shown: Mapped[str] = mapped_column(default="")
    was_let_in: Mapped[bool] = mapped_column(default=False)
    is_counted: Mapped[bool]
    direction: Mapped[str]
    door: Mapped[str]
    scanned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Presence(Model):
    """Presence of a badge: derived from its scans, rebuilt at any time by `rebuild_presences`.

    `first_entry_at` is null while the badge was only seen going out.
    """

    __tablename__ = "presences"

    badge_id: Mapped[int] = mapped_column(ForeignKey("badges.id"), primary_key=True)
    is_inside: Mapped[bool]
    first_entry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_door: Mapped[str] = mapped_column(default="")
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ZonePresence(Model):
    """Presence of a badge in a zone inside the fair: conference room, lounge."""

    __tablename__ = "zone_presences"
    __table_args__ = (Index("ix_zone_presences_zone", "zone_id", "is_inside"),)

    badge_id: Mapped[int] = mapped_column(ForeignKey("badges.id"), primary_key=True)
    zone_id: Mapped[int] = mapped_column(ForeignKey("zones.id"), primary_key=True)
    is_inside: Mapped[bool]
    first_entry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_door: Mapped[str] = mapped_column(default="")
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
