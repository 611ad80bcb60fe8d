"""Prices that an organiser granted to one exhibitor. Amounts are Decimal euros."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.exhibitors.models.prices import Money, PriceItem, Rate, Supply
from salon.platform.database.db import Model, UtcDateTime, above_zero, at_least

STANDS = text("withdrawn_at IS NULL")


class NegotiatedLine(Model):
    """A lower unit price for one price of the list, or a free line of the organiser's own.

    A free line has no `item_id`, but a quantity, a VAT rate in % and a kind of supply. `reason` is
    read by organisers alone. What is withdrawn stays, with its end.
    """

    __tablename__ = "negotiated_lines"
    __table_args__ = (
        Index(
            "uq_negotiated_lines_exhibitor_id_item_id",
            "exhibitor_id",
            "item_id",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
        CheckConstraint(
            "(item_id IS NULL) = (quantity IS NOT NULL)", name="free_lines_have_a_quantity"
        ),
        CheckConstraint(
            "(item_id IS NULL) = (vat_rate IS NOT NULL)", name="free_lines_have_a_rate"
        ),
        CheckConstraint("vat_rate BETWEEN 0 AND 100", name="vat_rate_in_percent"),
        *above_zero("quantity"),
        *at_least(0, "unit_price"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitors.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("price_items.id"), index=True)
    label: Mapped[str]
    quantity: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    unit_price: Mapped[Decimal] = mapped_column(Money)
    vat_rate: Mapped[Decimal | None] = mapped_column(Rate)
    supply: Mapped[Supply] = mapped_column(default=Supply.STAND)
    reason: Mapped[str]
    granted_by: Mapped[str]
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[str] = mapped_column(default="")
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    item: Mapped[PriceItem | None] = relationship()
