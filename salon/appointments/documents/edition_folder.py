"""Files of the appointments in an edition's folder; `services.loading` reads them."""

from pathlib import Path

from salon.appointments.queries.settings import (
    kept_free_by_stand,
    settings_of,
    theme_bookings,
    topics_of,
)
from salon.appointments.services.loading import (
    BOOKING_COLUMNS,
    BOOKINGS,
    COUNTER_COLUMNS,
    COUNTERS,
    SETTINGS,
    SETTINGS_KEYS,
    TOPIC_COLUMNS,
    TOPICS,
)
from salon.fair.documents.edition_files import write_columns, write_table
from salon.fair.models import Edition
from salon.fair.queries import all_themes_of, stand_ids_by_number


def write_appointments(edition: Edition, folder: Path) -> None:
    """Write durations, topics, agents kept free and limits."""
    bookings = theme_bookings(edition)
    durations = [
        (theme.slug, booking.minutes, booking.is_funding, booking.is_open)
        for theme in all_themes_of(edition)
        if (booking := bookings.get(theme.id))
    ]
    write_table(folder / BOOKINGS, BOOKING_COLUMNS, durations)
    topics = [
        (topic.slug, topic.name, topic.words, [theme.slug for theme in topic.themes])
        for topic in topics_of(edition)
    ]
    write_table(folder / TOPICS, TOPIC_COLUMNS, topics)
    kept_free = kept_free_by_stand(edition)
    counters = [
        (number, kept_free[stand_id])
        for number, stand_id in sorted(stand_ids_by_number(edition).items())
        if stand_id in kept_free
    ]
    write_table(folder / COUNTERS, COUNTER_COLUMNS, counters)
    write_columns(folder / SETTINGS, settings_of(edition), SETTINGS_KEYS)
