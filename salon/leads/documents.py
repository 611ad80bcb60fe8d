"""The contacts of a stand as a file, with what is shared for one purpose."""

from collections.abc import Iterable, Iterator

from salon.leads.models.labels import NOT_SHARED, Purpose
from salon.leads.queries.shared import LeadLine
from salon.platform.clock import local
from salon.platform.spreadsheets import Cell, Column, csv_lines, workbook

COLUMNS = (
    Column("N°", 8),
    Column("Rencontré le", 16),
    Column("Civilité", 10),
    Column("Prénom", 16),
    Column("Nom", 24),
    Column("Fonction", 26),
    Column("Commune ou organisme", 28),
    Column("Adresse électronique", 32),
    Column("Téléphone", 16),
    Column("Accord pour", 40),
    Column("Intérêt", 16),
    Column("Note", 40),
    Column("Suite", 30),
    Column("Pour le", 12),
    Column("Fait le", 12),
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


def csv_of(lines: Iterable[LeadLine], purpose: Purpose) -> bytes:
    heads = [column.head for column in COLUMNS]
    return "".join(csv_lines(heads, rows_of(lines, purpose))).encode()


def xlsx_of(lines: Iterable[LeadLine], purpose: Purpose) -> bytes:
    return workbook("Contacts", COLUMNS, rows_of(lines, purpose))
