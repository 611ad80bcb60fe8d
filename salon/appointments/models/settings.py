"""Tables of the booking settings: durations, limits, and topics in a mayor's words."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.ext.orderinglist import ordering_list
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.fair.models import Stand, Theme
from salon.platform.database.db import Model, above_zero, at_least


class BookingSettings(Model):
    """Booking settings of an edition; each booking takes a pessimistic lock on this row.

    In minutes: `notice_minutes`: the least time before a start; `hold_minutes`: how long a choice
    is held while the form is filled; `buffer_minutes`: after each appointment; `offer_minutes`: how
    long the first of a waiting list has to answer. `per_visitor`, `per_commune`: the most live
    appointments of a person, and of a commune on one theme.
    """

    __tablename__ = "booking_settings"
    __table_args__ = (
        *above_zero("hold_minutes", "offer_minutes", "per_visitor", "per_commune"),
        *at_least(0, "notice_minutes", "buffer_minutes"),
    )
    is_gate = True

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    notice_minutes: Mapped[int] = mapped_column(default=10)
    hold_minutes: Mapped[int] = mapped_column(default=5)
    buffer_minutes: Mapped[int] = mapped_column(default=5)
    offer_minutes: Mapped[int] = mapped_column(default=15)
    per_visitor: Mapped[int] = mapped_column(default=4)
    per_commune: Mapped[int] = mapped_column(default=2)

    @property
    def id(self) -> int:
        return self.edition_id


class ThemeBooking(Model):
    """Duration and openness of a theme; without a row: 20 minutes, open. Goes with its theme.

    `is_funding`: the theme is about a subsidy.
    """

    __tablename__ = "theme_bookings"
    __table_args__ = (CheckConstraint("minutes IN (15, 20, 30, 45)", name="known_minutes"),)

    theme_id: Mapped[int] = mapped_column(
        ForeignKey("themes.id", ondelete="CASCADE"), primary_key=True
    )
    minutes: Mapped[int] = mapped_column(default=20)
    is_open: Mapped[bool] = mapped_column(default=True)
    is_funding: Mapped[bool] = mapped_column(default=False)


class StandBooking(Model):
    """How many agents of a stand stay free for the public.

    Without a row: the minimum of the rota's needs, and never all who are present.
    """

    __tablename__ = "stand_bookings"
    __table_args__ = at_least(0, "kept_free")

    stand_id: Mapped[int] = mapped_column(ForeignKey("stands.id"), primary_key=True)
    kept_free: Mapped[int]

    stand: Mapped[Stand] = relationship()


class TopicTheme(Model):
    """A theme that answers a topic; the lowest `rank` is proposed first."""

    __tablename__ = "topic_themes"
    __table_args__ = at_least(0, "rank")

    topic_id: Mapped[int] = mapped_column(
        ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True
    )
    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id"), primary_key=True, index=True)
    rank: Mapped[int]

    theme: Mapped[Theme] = relationship()


class Topic(Model):
    """A need in a mayor's words (« L’eau »), and the themes that answer it, the most fitting first.

    `words`: synonyms.
    """

    __tablename__ = "topics"
    __table_args__ = (UniqueConstraint("edition_id", "slug"), *at_least(0, "rank"))

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    slug: Mapped[str]
    name: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    rank: Mapped[int]

    links: Mapped[list[TopicTheme]] = relationship(
        cascade="all, delete-orphan",
        order_by=TopicTheme.rank,
        collection_class=ordering_list("rank"),
    )
    themes: AssociationProxy[list[Theme]] = association_proxy(
        "links", "theme", creator=lambda theme: TopicTheme(theme=theme)
    )
