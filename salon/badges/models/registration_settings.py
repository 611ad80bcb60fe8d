"""The organiser's choices for registration: categories, their names, places, accepted texts."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from salon.badges.models.labels import AcceptedText
from salon.badges.models.tables import Category
from salon.platform.database.db import Model, UtcDateTime, above_zero, value_in

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


class TextVersion(Model):
    """A version of an accepted text; rows never change. Before the first, the original holds.

    `number` counts the versions of a subject: the original is the first. `text` in Markdown for
    the privacy notice, a plain sentence for a consent.
    """

    __tablename__ = "text_versions"
    __table_args__ = (
        UniqueConstraint("edition_id", "subject", "number"),
        value_in("subject", AcceptedText),
        *above_zero("number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    subject: Mapped[str]
    number: Mapped[int]
    text: Mapped[str]
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
