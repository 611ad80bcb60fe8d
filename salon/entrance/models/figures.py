"""Figures that outlive the rows they were counted from."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from salon.platform.database.db import Model, at_least, value_in


class KeptFigure(Model):
    """People of an edition who entered, counted before its scans were deleted.

    `kind` is one of total, category, epci, door, quarter, arrival; `label` says which of its kind.
    A quarter counts first entries of all, an arrival first entries of its day.
    """

    __tablename__ = "kept_figures"
    __table_args__ = (
        value_in("kind", ("total", "category", "epci", "door", "quarter", "arrival")),
        *at_least(0, "value"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]
