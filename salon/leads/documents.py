"""The contacts of a stand as a file, with what is shared for one purpose."""

from collections.abc import Iterable, Iterator

from salon.leads.models.labels import NOT_SHARED, Purpose
from salon.leads.queries.shared import LeadLine
from salon.platform.documents.spreadsheets.cells import Cell
from salon.platform.documents.spreadsheets.writer import Column, Table
from salon.platform.settings.clock import local

COLUMNS = (
    Column("N°", width=8),
    Column("Rencontré le", width=16),
    Column("Civilité", width=10),
    Column("Prénom", width=16),
    Column("Nom", width=24),
    Column("Fonction", width=26),
    Column("Commune ou organisme", width=28),
    Column("Adresse électronique", width=32),
    Column("Téléphone", width=16),
    Column("Accord pour", width=40),
    Column("Intérêt", width=16),
    Column("Note", width=40),
    Column("Suite", width=30),
    Column("Pour le", width=12),
    Column("Fait le", width=12),
)


def rows_of(lines: Iterable[LeadLine], purpose: Purpose) -> Iterator[list[Cell]]:
    for line in lines:
        person = line.person
        shared = ["", "", NOT_SHARED, "", "", "", "", ""]
        if person is not None:
            identity = [person.civility, person.first_name, person.last_name]
            shared = [*identity, person.function, person.on_behalf_of, person.email, person.phone]
            shared.append(purpose.label)
        yield [
            line.id,
            line.met_at,
            *shared,
            line.interest.label,
            line.note,
            line.follow_up,
            line.follow_up_on or "",
            local(line.follow_up_done_at).date() if line.follow_up_done_at else "",
        ]


def table_of(lines: Iterable[LeadLine], purpose: Purpose) -> Table:
    return Table("Contacts", COLUMNS, rows_of(lines, purpose))
