"""Reads of the booking settings, the topics and the themes' agents."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from salon.appointments.models import BookingSettings, StandBooking, ThemeBooking, Topic, TopicTheme
from salon.fair.models import Edition, PartnerBody, Stand, Theme
from salon.platform.database.db import current_session
from salon.staffing.models import Agent, Need, agent_themes

USUAL_MINUTES = 20


def settings_of(edition: Edition) -> BookingSettings:
    """Return the booking settings of an edition, with default values before its first booking."""
    settings = current_session().get(BookingSettings, edition.id)
    return settings or BookingSettings(
        edition_id=edition.id,
        version=1,
        notice_minutes=10,
        hold_minutes=5,
        buffer_minutes=5,
        offer_minutes=15,
        per_visitor=4,
        per_commune=2,
    )


def theme_bookings(edition: Edition) -> dict[int, ThemeBooking]:
    """Return the settings of each theme that has some, by theme id."""
    statement = select(ThemeBooking).join(Theme, Theme.id == ThemeBooking.theme_id)
    bookings = current_session().scalars(statement.where(Theme.edition_id == edition.id))
    return {booking.theme_id: booking for booking in bookings}


def booking_of(theme_id: int) -> ThemeBooking:
    """Return the settings of a theme, or the default ones."""
    return current_session().get(ThemeBooking, theme_id) or default_booking(theme_id)


def default_booking(theme_id: int) -> ThemeBooking:
    """Return the settings of a theme without a row."""
    return ThemeBooking(theme_id=theme_id, minutes=USUAL_MINUTES, is_open=True, is_funding=False)


def kept_free_by_stand(edition: Edition) -> dict[int, int]:
    """Return how many agents stay free for the public, by stand, where an organiser set it."""
    statement = (
        select(StandBooking.stand_id, StandBooking.kept_free)
        .join(Stand, Stand.id == StandBooking.stand_id)
        .where(Stand.edition_id == edition.id)
    )
    return dict(current_session().execute(statement).all())


def topics_of(edition: Edition) -> Sequence[Topic]:
    """Return the topics of an edition in order, with their themes."""
    statement = select(Topic).where(Topic.edition_id == edition.id)
    return (
        current_session()
        .scalars(
            statement.options(selectinload(Topic.links).joinedload(TopicTheme.theme)).order_by(
                Topic.rank
            )
        )
        .all()
    )


def get_topic(edition: Edition, topic_id: int) -> Topic:
    """Return a topic of the edition. Raises NoResultFound."""
    statement = select(Topic).where(Topic.edition_id == edition.id, Topic.id == topic_id)
    return current_session().scalars(statement.options(selectinload(Topic.links))).one()


def minimums_of(edition: Edition) -> dict[int, tuple[int, int]]:
    """Return the lowest and highest minimum of the rota's needs, by stand."""
    statement = (
        select(Need.stand_id, func.min(Need.minimum), func.max(Need.minimum))
        .join(Stand, Stand.id == Need.stand_id)
        .where(Stand.edition_id == edition.id)
        .group_by(Need.stand_id)
    )
    return {stand_id: (low, high) for stand_id, low, high in current_session().execute(statement)}


def home_stands(edition: Edition) -> dict[int, int]:
    """Return the stand of each theme's body, by theme id."""
    stands = (
        select(Theme.id, PartnerBody.stand_id)
        .join(Theme.body)
        .where(Theme.edition_id == edition.id)
    )
    return {row.id: row.stand_id for row in current_session().execute(stands)}


def agents_by_theme(edition: Edition) -> Mapping[int, frozenset[int]]:
    """Return the ids of the agents who answer each theme, removed agents left out."""
    statement = (
        select(agent_themes.c.theme_id, agent_themes.c.agent_id)
        .join(Agent, Agent.id == agent_themes.c.agent_id)
        .where(Agent.edition_id == edition.id, Agent.removed_at.is_(None))
    )
    agent_ids: dict[int, set[int]] = {}
    for theme_id, agent_id in current_session().execute(statement):
        agent_ids.setdefault(theme_id, set()).add(agent_id)
    return {theme_id: frozenset(ids) for theme_id, ids in agent_ids.items()}
