"""The organiser's list of people as a table, one row each."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from salon.badges.models import Attendee, AttendeeStatus, Category
from salon.badges.models.labels import Need, printed_function
from salon.badges.models.visit_days import visit_words
from salon.platform.database.day_presences import DayPresence
from salon.platform.documents.spreadsheets.cells import Cell
from salon.platform.documents.spreadsheets.writer import Column, Table
from salon.platform.words.formats import short_day
from salon.platform.words.people import civility_label


def _epci(person: Attendee) -> str:
    if person.commune:
        return person.commune.epci_name
    return person.epci.name if person.epci else ""


def function_of(person: Attendee) -> str:
    return printed_function(person.function, person.function_other, person.civility)


def _is_printed(person: Attendee) -> str:
    is_printed = any(badge.printings for badge in person.badges if badge.is_valid)
    return "oui" if is_printed else "non"


COLUMNS = (
    Column("Civilité", lambda person: civility_label(person.civility)),
    Column("Prénom", lambda person: person.first_name),
    Column("Nom", lambda person: person.last_name),
    Column("Fonction", function_of, 30),
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


Person = tuple[Attendee, Sequence[DayPresence]]


def presence_columns(days: Sequence[date]) -> list[Column]:
    """Return the columns that say when a person came, over these days."""
    return [
        Column("Première entrée"),
        Column("Dernière sortie"),
        *(Column(f"Présence le {short_day(day)}") for day in days),
    ]


def _presence_cells(days: Sequence[date], presences: Sequence[DayPresence]) -> Iterator[Cell]:
    yield min((presence.entered_at for presence in presences if presence.entered_at), default="")
    yield max((presence.left_at for presence in presences if presence.left_at), default="")
    present_on = {presence.day_on for presence in presences}
    yield from ("oui" if day in present_on else "non" for day in days)


def attendees_table(
    people: Iterable[Person], days: Sequence[date], *, are_readings_kept: bool = True
) -> Table:
    """Return people registered for a fair of these days as a table, with their presence on each
    while the readings at the doors are kept."""
    presence_days = days if are_readings_kept else ()
    visit = Column("Venue", lambda person: visit_words(person.half_day, person.visit_days, days))
    columns = [visit if column.head == "Venue" else column for column in COLUMNS]
    heads = [*columns, *(presence_columns(days) if presence_days else ())]

    def row(person: Attendee, presences: Sequence[DayPresence]) -> list[Cell]:
        cells = [column.value(person) for column in columns]
        return [*cells, *(_presence_cells(days, presences) if presence_days else ())]

    rows = (row(person, presences) for person, presences in people)
    return Table("Inscrits", heads, rows, frozen_columns=3)
