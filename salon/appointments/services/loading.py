"""Load an edition's durations and topics from its folder of seed data."""

from pathlib import Path

from salon.appointments.actions import AppointmentAction
from salon.appointments.models import BookingSettings, StandBooking, ThemeBooking, Topic
from salon.appointments.rules.settings import check_known_minutes
from salon.fair.imports.seed_tables import read_columns, read_table_if_any
from salon.fair.queries import all_themes_of, stand_ids_by_number
from salon.fair.services.acts import FairAct
from salon.platform.database.journal import write_entry

BOOKINGS, TOPICS, COUNTERS = "bookings.csv", "topics.csv", "counters.csv"
SETTINGS = "appointments.toml"
BOOKING_COLUMNS = ("theme", "minutes", "financement", "ouvert")
TOPIC_COLUMNS = ("identifiant", "nom", "mots", "themes")
COUNTER_COLUMNS = ("stand", "agents_gardes")
SETTINGS_KEYS = {
    "delai": ("notice_minutes", int),
    "reservation": ("hold_minutes", int),
    "pause": ("buffer_minutes", int),
    "reponse": ("offer_minutes", int),
    "par_visiteur": ("per_visitor", int),
    "par_commune": ("per_commune", int),
}


def load_bookings(act: FairAct, folder: Path) -> int:
    """Load the durations, the topics, the agents kept free and the limits; return how many topics.

    A missing file is skipped. Raises FileNotUnderstood, UnknownMinutes.
    """
    every_theme = {theme.slug: theme for theme in all_themes_of(act.edition)}
    themes = {slug: theme for slug, theme in every_theme.items() if theme.withdrawn_at is None}
    stands = stand_ids_by_number(act.edition)
    bookings, topics = [], []
    for row in read_table_if_any(folder / BOOKINGS, *BOOKING_COLUMNS[:-1]):
        minutes = row.whole("minutes")
        check_known_minutes(minutes)
        bookings.append(
            ThemeBooking(
                theme_id=row.known("theme", every_theme).id,
                minutes=minutes,
                is_funding=row.raw("financement") == "oui",
                is_open=row.optional_text("ouvert") != "non",
            )
        )
    for rank, row in enumerate(read_table_if_any(folder / TOPICS, *TOPIC_COLUMNS)):
        unknown = next((slug for slug in row.items("themes") if slug not in themes), None)
        if unknown is not None:
            raise row.refuse(f"« {unknown} » n’est pas un thème.")
        topics.append(
            Topic(
                edition_id=act.edition.id,
                slug=row.key("identifiant"),
                name=row.text("nom"),
                words=row.optional_text("mots"),
                rank=rank,
                themes=[themes[slug] for slug in row.items("themes")],
            )
        )
    rows = read_table_if_any(folder / COUNTERS, *COUNTER_COLUMNS)
    counters = [
        StandBooking(stand_id=row.known("stand", stands), kept_free=row.whole("agents_gardes"))
        for row in rows
    ]
    settings = []
    if (folder / SETTINGS).exists():
        values = read_columns(folder / SETTINGS, SETTINGS_KEYS)
        settings = [BookingSettings(edition_id=act.edition.id, **values)]
    with act.transaction() as session:
        session.add_all([*bookings, *topics, *counters, *settings])
        write_entry(
            session,
            act.actor,
            AppointmentAction.BOOKING_LOADED,
            f"edition:{act.edition.id}",
            topics=len(topics),
        )
    return len(topics)
