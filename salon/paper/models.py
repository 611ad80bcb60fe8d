"""Tables of the paper pack."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from salon.platform.db import Model, UtcDateTime, above_zero, at_least, known
from salon.platform.leases import WorkStatus


class Reason(StrEnum):
    """Reason why a pack was made."""

    DAY_BEFORE = "day_before"
    TWO_HOURS_BEFORE = "two_hours_before"
    ASKED = "asked"

    @property
    def label(self) -> str:
        return {
            "day_before": "La veille",
            "two_hours_before": "Deux heures avant l’ouverture",
            "asked": "À la demande",
        }[self.value]


class PaperPack(Model):
    """A PDF of everything the day needs.

    One of each automatic reason per day of the fair (`planned_for`, the opening it precedes).
    """

    __tablename__ = "paper_packs"
    __table_args__ = (
        Index("uq_paper_packs_planned", "reason", "planned_for", unique=True),
        known("status", WorkStatus),
        *at_least(0, "total", "done", "pages"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    reason: Mapped[Reason]
    planned_for: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(default=WorkStatus.WAITING)
    asked_by: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)
    file_name: Mapped[str] = mapped_column(default="")


class PaperPage(Model):
    """A page of a pack's check-in lists, with the badges of its lines; its QR code opens it."""

    __tablename__ = "paper_pages"
    __table_args__ = (UniqueConstraint("pack_id", "number"), *above_zero("number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("paper_packs.id"))
    number: Mapped[int]
    badge_ids: Mapped[list[int]] = mapped_column(JSON)
