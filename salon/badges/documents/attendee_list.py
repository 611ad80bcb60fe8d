"""The organiser's list of people as a table, one row each."""

from collections.abc import Iterable, Sequence
from datetime import date

from salon.badges.models import Attendee, AttendeeStatus, Category
from salon.badges.models.labels import Need, printed_function
from salon.badges.models.visit_days import visit_words
from salon.platform.documents.spreadsheets.writer import Column, Table
from salon.platform.words.people import civility_label


def _epci(person: Attendee) -> str:
    if person.commune:
        return person.commune.epci_name
    return person.epci.name if person.epci else ""


def _function(person: Attendee) -> str:
    return printed_function(person.function, person.function_other, person.civility)


def _is_printed(person: Attendee) -> str:
    is_printed = any(badge.printings for badge in person.badges if badge.is_valid)
    return "oui" if is_printed else "non"


COLUMNS = (
    Column("Civilité", lambda person: civility_label(person.civility)),
    Column("Prénom", lambda person: person.first_name),
    Column("Nom", lambda person: person.last_name),
    Column("Fonction", _function, 30),
    Column("Commune, EPCI ou organisme", lambda person: person.on_behalf_of, 30),
    Column("Code INSEE", lambda person: person.commune_code or ""),
    Column("EPCI", _epci, 30),
    Column("Catégorie", lambda person: Category(person.category).label),
    Column("Adresse électronique", lambda person: person.email, 30),
    Column("Téléphone", lambda person: person.phone),
    Column("Venue"),
    Column("Besoins", lambda person: ", ".join(Need(need).label for need in person.needs)),
    Column("Précisions", lambda person: person.needs_note),
    Column("État", lambda person: AttendeeStatus(person.status).label),
    Column("Inscrit le", lambda person: person.registered_at),
    Column("Inscrit par", lambda person: person.registered_by),
    Column("Badge imprimé", _is_printed),
)


def attendees_table(people: Iterable[Attendee], days: Sequence[date]) -> Table:
    """Return the table of people registered for a fair of these days."""
    visit = Column("Venue", lambda person: visit_words(person.half_day, person.visit_days, days))
    columns = [visit if column.head == "Venue" else column for column in COLUMNS]
    return Table.of("Inscrits", columns, people, frozen_columns=3)
