"""The safety form of a stand."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.exhibitors.models.application import Exhibitor
from salon.platform.database.db import Model, UtcDateTime


class SafetyForm(Model):
    """Answers for the *chargé de sécurité* (type T, arrêté du 18 novembre 1987).

    `overrides`: {rule: {reason, by, at}}, each a decision of an organiser.
    """

    __tablename__ = "safety_forms"

    id: Mapped[int] = mapped_column(primary_key=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitors.id"), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    overrides: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, default=dict)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __mapper_args__ = {"version_id_col": version}

    exhibitor: Mapped[Exhibitor] = relationship(back_populates="safety")
