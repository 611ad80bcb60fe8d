"""Conflicts of the doors, settled by a person."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.accounts.models import Station
from salon.badges.models import Badge
from salon.platform.db import Model, UtcDateTime, known


class ConflictKind(StrEnum):
    """Kind of a conflict. DOUBLE: let in at two doors; UNKNOWN: a code that the device's list did
    not know; NOT_ALLOWED: let in where or when the badge may not enter; CLOCK: its time is not
    plausible; UNREADABLE: the server refused the scan as sent."""

    DOUBLE = "double"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    NOT_ALLOWED = "not_allowed"
    CLOCK = "clock"
    UNREADABLE = "unreadable"

    @property
    def label(self) -> str:
        return {
            "double": "Entré deux fois",
            "revoked": "Badge annulé, mais passé",
            "unknown": "Inconnu au moment du passage",
            "not_allowed": "Passé sans y avoir droit",
            "clock": "Heure douteuse",
            "unreadable": "Envoi illisible",
        }[self.value]


class Settlement(StrEnum):
    """Outcome of a conflict. KNOWN_SINCE is set automatically, the others by a person."""

    SAME_PERSON = "same_person"
    TWO_PEOPLE = "two_people"
    ALLOWED = "allowed"
    SENT_OUT = "sent_out"
    IDENTIFIED = "identified"
    NOT_FOUND = "not_found"
    TIME_ACCEPTED = "time_accepted"
    ENTERED_BY_HAND = "entered_by_hand"
    KNOWN_SINCE = "known_since"

    @property
    def label(self) -> str:
        return {
            "same_person": "La même personne, passée deux fois",
            "two_people": "Deux personnes avec un même badge",
            "allowed": "Autorisé, reste au salon",
            "sent_out": "Accompagné à l’accueil ou à la sortie",
            "identified": "Personne retrouvée, badge refait",
            "not_found": "Personne non retrouvée",
            "time_accepted": "Heure de réception acceptée",
            "entered_by_hand": "Entrée saisie à la main",
            "known_since": "Badge arrivé dans la liste depuis",
        }[self.value]


class Conflict(Model):
    """A scan to be checked by a person; at most one of a kind per scan.

    `detail`: facts that the scan does not hold (the body sent, the reason of the refusal).
    `settlement`: empty while open, else one that `rules.conflicts.SETTLEMENTS` offers; `note`: in
    words.
    """

    __tablename__ = "conflicts"
    __table_args__ = (
        UniqueConstraint("scan_id", "kind"),
        known("settlement", Settlement, ""),
        Index("ix_conflicts_open", "edition_id", "settlement", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[ConflictKind]
    scan_id: Mapped[str]
    station_id: Mapped[int] = mapped_column(ForeignKey("stations.id"), index=True)
    badge_id: Mapped[int | None] = mapped_column(ForeignKey("badges.id"), index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settlement: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    settled_by: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __mapper_args__ = {"version_id_col": version}

    station: Mapped[Station] = relationship()
    badge: Mapped[Badge | None] = relationship()
