"""The contacts of a stand as a file: only what is shared for one purpose."""

from collections.abc import Iterable, Iterator

from salon.leads.labels import NOT_SHARED, Purpose
from salon.leads.shared import LeadLine
from salon.spreadsheet import csv_lines, workbook
from salon.times import local

COLUMNS = (
    ("N°", 8),
    ("Rencontré le", 16),
    ("Civilité", 10),
    ("Prénom", 16),
    ("Nom", 24),
    ("Fonction", 26),
    ("Commune ou organisme", 28),
    ("Adresse électronique", 32),
    ("Téléphone", 16),
    ("Accord pour", 40),
    ("Intérêt", 16),
    ("Note", 40),
    ("Suite", 30),
    ("Pour le", 12),
    ("Fait le", 12),
)


def rows_of(lines: Iterable[LeadLine], purpose: Purpose) -> Iterator[list[str]]:
    for one in lines:
        who = one.person
        shared = ["", "", NOT_SHARED, "", "", "", "", ""]
        if who is not None:
            identity = [who.civility, who.first_name, who.last_name]
            shared = [*identity, who.function, who.on_behalf_of, who.email, who.phone]
            shared.append(purpose.label)
        yield [
            str(one.id),
            f"{local(one.met_at):%d/%m/%Y %H:%M}",
            *shared,
            one.interest.label,
            one.note,
            one.follow_up,
            f"{one.follow_up_on:%d/%m/%Y}" if one.follow_up_on else "",
            f"{local(one.follow_up_done_at):%d/%m/%Y}" if one.follow_up_done_at else "",
        ]


def csv_of(lines: Iterable[LeadLine], purpose: Purpose) -> bytes:
    heads = [head for head, _ in COLUMNS]
    return "".join(csv_lines(heads, rows_of(lines, purpose))).encode()


def xlsx_of(lines: Iterable[LeadLine], purpose: Purpose) -> bytes:
    return workbook("Contacts", COLUMNS, rows_of(lines, purpose))
