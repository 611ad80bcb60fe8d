"""Reads of what the organiser decides."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from salon.appointments.models import BookingSettings, StandBooking, ThemeBooking, Topic, TopicTheme
from salon.fair.models import Edition, PartnerBody, Stand, Theme
from salon.platform.db import current_session
from salon.staffing.models import Agent, Need, agent_themes

USUAL_MINUTES = 20


def settings_of(edition: Edition) -> BookingSettings:
    """How appointments are booked; as it is when nobody said anything, if nobody did."""
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
    """What was decided of each theme, by theme."""
    statement = select(ThemeBooking).join(Theme, Theme.id == ThemeBooking.theme_id)
    bookings = current_session().scalars(statement.where(Theme.edition_id == edition.id))
    return {booking.theme_id: booking for booking in bookings}


def booking_of(theme_id: int) -> ThemeBooking:
    """What was decided of a theme, or what holds when nothing was."""
    return current_session().get(ThemeBooking, theme_id) or default_booking(theme_id)


def default_booking(theme_id: int) -> ThemeBooking:
    """What holds of a theme of which nothing was decided."""
    return ThemeBooking(theme_id=theme_id, minutes=USUAL_MINUTES, is_open=True, is_funding=False)


def kept_free_by_stand(edition: Edition) -> dict[int, int]:
    """How many agents stay free for the public, by stand, where the organiser said so."""
    statement = (
        select(StandBooking.stand_id, StandBooking.kept_free)
        .join(Stand, Stand.id == StandBooking.stand_id)
        .where(Stand.edition_id == edition.id)
    )
    return dict(current_session().execute(statement).all())


def topics_of(edition: Edition) -> Sequence[Topic]:
    """The needs as a mayor says them, in order, with the themes that answer them."""
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
    """A need of the edition. Raises NoResultFound."""
    statement = select(Topic).where(Topic.edition_id == edition.id, Topic.id == topic_id)
    return current_session().scalars(statement.options(selectinload(Topic.links))).one()


def minimums_of(edition: Edition) -> dict[int, tuple[int, int]]:
    """The least and the most that the rota's needs ask as a minimum, by stand."""
    statement = (
        select(Need.stand_id, func.min(Need.minimum), func.max(Need.minimum))
        .join(Stand, Stand.id == Need.stand_id)
        .where(Stand.edition_id == edition.id)
        .group_by(Need.stand_id)
    )
    return {stand_id: (low, high) for stand_id, low, high in current_session().execute(statement)}


def home_stands(edition: Edition) -> dict[int, int]:
    """The stand of each theme, that of its body, by theme."""
    stands = (
        select(Theme.id, PartnerBody.stand_id)
        .join(Theme.body)
        .where(Theme.edition_id == edition.id)
    )
    return {row.id: row.stand_id for row in current_session().execute(stands)}


def agents_by_theme(edition: Edition) -> Mapping[int, frozenset[int]]:
    """The agents who can answer each theme, by theme, those who were removed left out."""
    statement = (
        select(agent_themes.c.theme_id, agent_themes.c.agent_id)
        .join(Agent, Agent.id == agent_themes.c.agent_id)
        .where(Agent.edition_id == edition.id, Agent.removed_at.is_(None))
    )
    agent_ids: dict[int, set[int]] = {}
    for theme_id, agent_id in current_session().execute(statement):
        agent_ids.setdefault(theme_id, set()).add(agent_id)
    return {theme_id: frozenset(ids) for theme_id, ids in agent_ids.items()}
