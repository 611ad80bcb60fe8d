"""Conflicts of the doors, settled by a person."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.accounts.models import Station
from salon.badges.models import Badge
from salon.platform.database.db import Model, UtcDateTime, value_in
from salon.platform.words.labels import LabelledEnum


class ConflictKind(LabelledEnum):
    """Kind of a conflict. DOUBLE: let in at two doors; UNKNOWN: a code that the device's list did
    not know; NOT_ALLOWED: let in where or when the badge may not enter; CLOCK: its time is not
    plausible; UNREADABLE: the server refused the scan as sent; UNHEARD: its answer came too late,
    and the device did the contrary."""

    DOUBLE = "double", "Entré deux fois"
    REVOKED = "revoked", "Badge annulé, mais passé"
    UNKNOWN = "unknown", "Inconnu au moment du passage"
    NOT_ALLOWED = "not_allowed", "Passé sans y avoir droit"
    CLOCK = "clock", "Heure douteuse"
    UNREADABLE = "unreadable", "Envoi illisible"
    UNHEARD = "unheard", "Réponse arrivée trop tard"


class Settlement(LabelledEnum):
    """Outcome of a conflict. KNOWN_SINCE is set automatically, the others by a person."""

    SAME_PERSON = "same_person", "La même personne, passée deux fois"
    TWO_PEOPLE = "two_people", "Deux personnes avec un même badge"
    ALLOWED = "allowed", "Autorisé, reste au salon"
    SENT_OUT = "sent_out", "Accompagné à l’accueil ou à la sortie"
    IDENTIFIED = "identified", "Personne retrouvée, badge refait"
    NOT_FOUND = "not_found", "Personne non retrouvée"
    TIME_ACCEPTED = "time_accepted", "Heure de réception acceptée"
    ENTERED_BY_HAND = "entered_by_hand", "Entrée saisie à la main"
    KNOWN_SINCE = "known_since", "Badge arrivé dans la liste depuis"


class Conflict(Model):
    """A scan to be checked by a person; at most one of a kind per scan.

    `detail`: facts that the scan does not hold (the body sent, the reason of the refusal, what the
    device did by itself).
    `settlement`: empty while open, else one that `rules.conflicts.SETTLEMENTS` offers; `note`: in
    words.
    """

    __tablename__ = "conflicts"
    __table_args__ = (
        UniqueConstraint("scan_id", "kind"),
        value_in("settlement", Settlement, ""),
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
