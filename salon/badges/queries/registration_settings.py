"""Online categories of an edition, and the places left."""

from sqlalchemy import func, select

from salon.badges.engine.online_places import OnlineCategory, OnlinePlaces
from salon.badges.models import (
    CHOSEN,
    DERIVED,
    ONLINE,
    Attendee,
    AttendeeStatus,
    RegistrationSettings,
)
from salon.fair.models import Edition
from salon.platform.database.db import current_session


def find_registration_settings(edition_id: int) -> RegistrationSettings | None:
    """Return the organiser's choices, or None while the defaults hold."""
    return current_session().get(RegistrationSettings, edition_id)


def places_of(edition: Edition) -> OnlinePlaces:
    """Return the online categories of an edition; people are counted only where there is a limit.

    Whoever is registered counts, online or at the welcome desk; teams of stands and agents do not.
    """
    places = declared_places(find_registration_settings(edition.id))
    if not places.has_limits:
        return places
    statement = (
        select(Attendee.category, func.count())
        .where(
            Attendee.edition_id == edition.id,
            Attendee.status == AttendeeStatus.REGISTERED,
            Attendee.category.in_(ONLINE),
            Attendee.exhibitor_id.is_(None),
            Attendee.agent_id.is_(None),
        )
        .group_by(Attendee.category)
    )
    return places.counting({row[0]: row[1] for row in current_session().execute(statement)})


def declared_places(settings: RegistrationSettings | None) -> OnlinePlaces:
    """Return the categories as the organiser set them, nobody counted."""
    choices = settings.categories if settings else {}
    rows = []
    for category in ONLINE:
        choice = choices.get(category, {})
        rows.append(
            OnlineCategory(
                category=category.value,
                label=choice.get("label") or category.label,
                is_open=choice.get("is_open", category in DERIVED),
                is_chosen=category in CHOSEN,
                places=choice.get("places"),
            )
        )
    return OnlinePlaces(tuple(rows), settings.places if settings else None)
