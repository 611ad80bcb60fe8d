"""Tables of the paper pack."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from salon.platform.database.db import Model, UtcDateTime, above_zero, at_least
from salon.platform.words.labels import LabelledEnum
from salon.platform.work.jobs import FileJob


class Reason(LabelledEnum):
    """Reason why a pack was made."""

    DAY_BEFORE = "day_before", "La veille"
    TWO_HOURS_BEFORE = "two_hours_before", "Deux heures avant l’ouverture"
    ASKED = "asked", "À la demande"


class PaperPack(FileJob, Model):
    """A PDF of everything the day needs.

    One of each automatic reason per day of the fair (`planned_for`, the opening it precedes).
    """

    __tablename__ = "paper_packs"
    __table_args__ = (
        Index("uq_paper_packs_planned", "reason", "planned_for", unique=True),
        *at_least(0, "attempts", "total", "done", "pages"),
    )

    reason: Mapped[Reason]
    planned_for: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pages: Mapped[int] = mapped_column(default=0)


class PaperPage(Model):
    """A page of a pack's check-in lists, with the badges of its lines; its QR code opens it."""

    __tablename__ = "paper_pages"
    __table_args__ = (UniqueConstraint("pack_id", "number"), *above_zero("number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("paper_packs.id"))
    number: Mapped[int]
    badge_ids: Mapped[list[int]] = mapped_column(JSON)
