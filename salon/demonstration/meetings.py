"""The demonstration's appointments: each line of appointments.csv is booked as the public does."""

import uuid
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from salon.appointments.queries.offers import offers_of
from salon.appointments.services.booking import book_slot
from salon.appointments.services.placing import BookingAttempt, Choice, VisitorQuestion
from salon.badges.engine.matching import email_key
from salon.badges.models import Attendee
from salon.fair.imports.seed_tables import Row, read_table
from salon.fair.models import Edition
from salon.fair.queries import themes_of
from salon.fair.services.acts import FairAct
from salon.platform.database.db import current_session
from salon.platform.database.identity import Identity
from salon.platform.settings.clock import paris

FILE = "appointments.csv"
COLUMNS = ("courriel", "nom", "theme", "heure", "sujet", "projet", "montant", "echeance")
BETWEEN = timedelta(hours=9)
BOOKED_BEFORE = timedelta(days=9)
PUBLIC = Identity(None, None, "public")


def load_appointments(edition: Edition, folder: Path) -> int:
    """Book each line at the first time offered from its hour on; return how many."""
    themes = {theme.slug: theme.id for theme in themes_of(edition)}
    rows = read_table(folder / FILE, *COLUMNS)
    at = edition.starts_at - BOOKED_BEFORE
    for row in rows:
        theme_id = row.known("theme", themes)
        earliest = paris(edition.days[0].day_on, row.hour("heure"))
        offers = offers_of(edition, theme_id, at)
        offer = next((offer for offer in offers if offer.starts_at >= earliest), None)
        if offer is None:
            raise row.refuse("aucune heure n’est libre à partir de là.")
        key = str(uuid.uuid5(uuid.NAMESPACE_URL, f"appointment {row.line}"))
        choice = Choice(theme_id, offer.starts_at)
        book_slot(
            FairAct(PUBLIC, at, edition=edition),
            choice,
            attendee_of(edition, row).id,
            _question(row),
            BookingAttempt(key),
        )
        at += BETWEEN
    return len(rows)


def _question(row: Row) -> VisitorQuestion:
    return VisitorQuestion(
        row.text("sujet"),
        row.optional_text("projet"),
        amount=int(row.number("montant")) if row.raw("montant") else None,
        deadline=row.optional_text("echeance"),
    )


def attendee_of(edition: Edition, row: Row) -> Attendee:
    statement = select(Attendee).where(
        Attendee.edition_id == edition.id,
        Attendee.email_key == email_key(row.key("courriel")),
        Attendee.last_name == row.text("nom"),
    )
    attendee = current_session().scalar(statement)
    if attendee is None:
        raise row.refuse("personne n’est inscrit sous ce nom à cette adresse.")
    return attendee
