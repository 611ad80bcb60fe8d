"""Figures that outlive the rows they were counted from, and when the service was seen."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from salon.db import Model, UtcDateTime


class KeptFigure(Model):
    """People of an edition who entered, counted before its scans were deleted.

    `kind` is one of total, category, epci, door, quarter; `label` says which of its kind.
    """

    __tablename__ = "kept_figures"

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class QuietReason(StrEnum):
    """Why nothing is destroyed for a day."""

    FIRST_START = "first_start"
    RESTORED = "restored"
    SILENCE = "silence"
    CLOCK = "clock"

    @property
    def label(self) -> str:
        return QUIET_LABELS[self]


QUIET_LABELS = {
    QuietReason.FIRST_START: "le service vient de démarrer sur cette base",
    QuietReason.RESTORED: "cette base vient d’être restaurée d’une sauvegarde",
    QuietReason.SILENCE: "le service n’avait plus tourné sur cette base depuis plus d’un jour",
    QuietReason.CLOCK: "l’horloge du serveur est revenue en arrière",
}


class ServiceWatch(Model):
    """One row: when the service last ran on this database, and until when it destroys nothing."""

    __tablename__ = "service_watch"

    id: Mapped[int] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    quiet_until: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[QuietReason]
