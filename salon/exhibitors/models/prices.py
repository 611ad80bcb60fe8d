"""The price list of an edition. Amounts are Decimal euros."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Numeric,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from salon.fair.models import StandCategory
from salon.platform.database.db import Model, UtcDateTime, above_zero, at_least, value_in
from salon.platform.words.labels import LabelledEnum

Money = Numeric(12, 2)
Rate = Numeric(5, 2)


class PriceUnit(LabelledEnum):
    """Unit in which a line of the price list is counted."""

    AREA = "area", "m²"
    CORNER = "corner", "angle"
    POWER = "power", "branchement"
    WATER = "water", "branchement"
    CO_EXHIBITOR = "co_exhibitor", "co-exposant"
    OPTION = "option", "unité"


class Supply(LabelledEnum):
    """The kind of supply, which decides where a foreign buyer's VAT is due."""

    STAND = "stand", "Stand et services du stand"
    ADMISSION = "admission", "Entrée à une manifestation"
    CATERING = "catering", "Repas servi sur place"


def full_label(beneficiary: str, label: str) -> str:
    """Return « Atelier Vert, stand A12 : Surface » for a line of a member of a pavilion."""
    return f"{beneficiary}\u00a0: {label}" if beneficiary else label


class PriceItem(Model):
    """A line of the price list. VAT in %.

    `price_category`: category of stands of an AREA price; `power_kw`: power of a POWER price;
    `extra_badges`: staff badges added by one unit. An OPTION is chosen by quantity; one with a
    category of stands is a flat price, see `is_flat`.
    """

    __tablename__ = "price_items"
    __table_args__ = (
        UniqueConstraint("edition_id", "code"),
        CheckConstraint("unit_price >= 0", name="price_not_negative"),
        CheckConstraint("vat_rate BETWEEN 0 AND 100", name="vat_rate_in_percent"),
        value_in("price_category", StandCategory, ""),
        *above_zero("maximum"),
        *at_least(0, "power_kw", "extra_badges", "rank"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    code: Mapped[str]
    label: Mapped[str]
    unit: Mapped[PriceUnit]
    unit_price: Mapped[Decimal] = mapped_column(Money)
    vat_rate: Mapped[Decimal] = mapped_column(Rate)
    supply: Mapped[Supply] = mapped_column(default=Supply.STAND, server_default=Supply.STAND.value)
    price_category: Mapped[str] = mapped_column(default="")
    power_kw: Mapped[int] = mapped_column(default=0)
    extra_badges: Mapped[int] = mapped_column(default=0)
    maximum: Mapped[int] = mapped_column(default=20)
    rank: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_flat(self) -> bool:
        """Return whether it is the price of a whole stand of its category, of `maximum` m²."""
        return self.unit == PriceUnit.OPTION and bool(self.price_category)
