"""« Communes et EPCI » as a file; its columns are read again by the import."""

from collections.abc import Callable, Iterable

from salon.invitations.presenters import function_words
from salon.invitations.queries.territory import BookRow
from salon.platform.documents.spreadsheets.cells import Cell
from salon.platform.documents.spreadsheets.writer import Column, Table
from salon.platform.words.people import civility_label


def _told(name: str) -> Callable[[BookRow], Cell]:
    """Return the reading of a column of the book, empty for a place that is not in it."""
    return lambda row: (getattr(row.authority, name) or "") if row.authority else ""


COLUMNS = (
    Column("Commune ou EPCI", lambda row: row.name, 28),
    Column("Code Insee", lambda row: row.key.partition(":")[2] if row.is_commune else "", 12),
    Column("SIREN", lambda row: "" if row.is_commune else row.key.partition(":")[2], 12),
    Column("EPCI", lambda row: row.epci_name, 28),
    Column("Canton", _told("canton"), 20),
    Column("Population", lambda row: "" if row.population is None else row.population, 12),
    Column(
        "Civilité",
        lambda row: civility_label(row.authority.head_civility if row.authority else ""),
        10,
    ),
    Column("Prénom", _told("head_first_name")),
    Column("Nom", _told("head_last_name")),
    Column("En fonction depuis", _told("head_since"), 12),
    Column("Adresse", _told("street"), 30),
    Column("Code postal", _told("postal_code"), 10),
    Column("Bureau distributeur", _told("city"), 20),
    Column("Téléphone", _told("phone")),
    Column("Adresse électronique", lambda row: row.email, 30),
    Column("État", lambda row: row.organisation.state.label, 20),
    Column("Invité le", lambda row: row.organisation.sent_at or ""),
    Column("Page ouverte le", lambda row: row.organisation.opened_at or ""),
    Column("Inscrits", lambda row: sum(row.organisation.functions.values()), 10),
    Column("Fonctions des inscrits", lambda row: function_words(row.organisation.functions), 30),
    Column("Venus", lambda row: row.organisation.came, 10),
    Column("Motif du non", lambda row: row.invitation.decline_reason if row.invitation else "", 30),
    Column("Suivie par", lambda row: row.follower, 20),
    Column("Prochain appel", lambda row: row.next_call_on or "", 12),
    Column("Note", lambda row: row.note, 40),
    Column("Inscrits la dernière fois", lambda row: row.past.registered, 12),
    Column("Venus la dernière fois", lambda row: row.past.came, 12),
    Column("Source de l’adresse", _told("address_source"), 24),
    Column("Source du nom", _told("head_source"), 24),
)


def book_table(rows: Iterable[BookRow]) -> Table:
    return Table.of("Communes et EPCI", COLUMNS, rows, frozen_columns=1)
