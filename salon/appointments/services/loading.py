"""Load an edition's durations and topics from its folder of seed data."""

from pathlib import Path

from salon.appointments.models import ThemeBooking, Topic
from salon.appointments.rules.settings import check_known_minutes
from salon.fair.imports.seed_tables import read_table
from salon.fair.models import Edition
from salon.fair.queries import themes_of
from salon.platform.db import transaction
from salon.platform.identity import Identity
from salon.platform.journal import write_entry

BOOKINGS, TOPICS = "bookings.csv", "topics.csv"


def load_bookings(edition: Edition, folder: Path, actor: Identity) -> int:
    """Load the durations of bookings.csv and the topics of topics.csv; return how many topics.

    A missing file is skipped. Raises FileNotUnderstood, UnknownMinutes.
    """
    themes = {theme.slug: theme for theme in themes_of(edition)}
    bookings, topics = [], []
    if (folder / BOOKINGS).exists():
        for row in read_table(folder / BOOKINGS, "theme", "minutes", "financement"):
            minutes = row.whole("minutes")
            check_known_minutes(minutes)
            funding = row.raw("financement") == "oui"
            theme = row.known("theme", themes)
            bookings.append(ThemeBooking(theme_id=theme.id, minutes=minutes, is_funding=funding))
    if (folder / TOPICS).exists():
        rows = read_table(folder / TOPICS, "identifiant", "nom", "mots", "themes")
        for rank, row in enumerate(rows):
            unknown = next((slug for slug in row.items("themes") if slug not in themes), None)
            if unknown is not None:
                raise row.refuse(f"« {unknown} » n’est pas un thème.")
            topics.append(
                Topic(
                    edition_id=edition.id,
                    slug=row.key("identifiant"),
                    name=row.text("nom"),
                    words=row.optional_text("mots"),
                    rank=rank,
                    themes=[themes[slug] for slug in row.items("themes")],
                )
            )
    with transaction() as session:
        session.add_all([*bookings, *topics])
        write_entry(session, actor, "booking.loaded", f"edition:{edition.id}", topics=len(topics))
    return len(topics)
