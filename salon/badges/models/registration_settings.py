"""The organiser's choices for online registration: categories, their names, places."""

from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from salon.badges.models.tables import Category
from salon.platform.db import Model, above_zero

DERIVED = (Category.ELECTED, Category.VISITOR)
"""Categories that follow from the function that a person gives."""
CHOSEN = (Category.PRESS, Category.GUEST)
"""Categories that a person chooses, when they are open."""
ONLINE = (*DERIVED, *CHOSEN)
"""Categories that may register by themselves; the others are registered by somebody else."""


class RegistrationSettings(Model):
    """Categories open online and places; an edition without a row has the defaults.

    `places`: the most people registered in all ONLINE categories, None without limit. `categories`
    holds {label, is_open, places} by category, for those that differ from the defaults. Online
    registration takes a pessimistic lock on the row when it has a limit.
    """

    __tablename__ = "registration_settings"
    __table_args__ = above_zero("places")

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    places: Mapped[int | None] = mapped_column(default=None)
    categories: Mapped[dict[str, dict[str, Any]]] = mapped_column(JSON, default=dict)

    @property
    def id(self) -> int:
        return self.edition_id
