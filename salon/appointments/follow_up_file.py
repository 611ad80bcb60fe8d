"""What became of the appointments, as a spreadsheet: a line for each thing promised."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from salon.appointments.meeting_view import function_of
from salon.appointments.models import Appointment, AppointmentStatus, NextStep
from salon.formats import short_day
from salon.times import local

Cell = str | int
HEADS = (
    *("Date", "Heure", "Organisme", "Stand", "Agent", "Thème"),
    *("Commune, EPCI ou organisme", "Code INSEE", "EPCI", "Civilité", "Prénom", "Nom"),
    *("Fonction", "Adresse électronique", "Téléphone", "Question", "Projet", "Échéance annoncée"),
    *("État", "Arrivée", "Issue", "Note", "Coût du projet (€)", "Autres financements (€)"),
    *("Autres financeurs", "Aide demandée (€)"),
    *("Suite promise", "Précision", "Qui s’en charge", "Pour le"),
)
WIDE = ("Question", "Projet", "Note", "Précision", "Thème")


def rows_of(found: Iterable[Appointment]) -> list[list[Cell]]:
    """A row for each next step; one for an appointment that promised nothing."""
    rows = []
    for one in found:
        promised: list[NextStep | None] = [*one.steps]
        rows += [_row(one, step) for step in promised or [None]]
    return rows


def _row(one: Appointment, step: NextStep | None) -> list[Cell]:
    attendee, money = one.attendee, one.funding
    epci = attendee.commune.epci if attendee.commune else attendee.epci
    civility = {"madame": "Madame", "monsieur": "Monsieur"}.get(attendee.civility, "")
    promised = ["", "", "", ""]
    if step is not None:
        due = short_day(step.due_on) if step.due_on else ""
        promised = [step.kind.label, step.words, step.owner, due]
    return [
        short_day(local(one.starts_at).date()),
        _time(one.starts_at),
        one.agent.body.short_name,
        one.stand.number,
        one.agent.full_name,
        one.theme.name,
        attendee.on_behalf_of,
        one.commune_code or "",
        epci.name if epci else "",
        civility,
        attendee.first_name,
        attendee.last_name,
        function_of(attendee),
        attendee.email,
        attendee.phone,
        one.subject,
        one.project,
        one.deadline,
        "À compléter" if one.status == AppointmentStatus.BOOKED else one.status.label,
        _time(one.arrived_at) if one.arrived_at else "",
        one.outcome.label if one.outcome else "",
        one.note,
        *(money.get(name, "") for name in ("cost", "others", "funders", "asked")),
        *promised,
    ]


def _time(at: datetime) -> str:
    return f"{local(at):%H:%M}"


def as_text(rows: Iterable[Sequence[Cell]]) -> Iterable[list[str]]:
    """The rows as a CSV writes them."""
    return ([str(cell) for cell in row] for row in rows)


def workbook(rows: Sequence[Sequence[Cell]]) -> bytes:
    """An XLSX whose amounts are numbers and whose texts are never formulas."""
    import xlsxwriter

    target = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet("Suites")
        strong = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        money = book.add_format({"num_format": "#,##0"})
        for column, head in enumerate(HEADS):
            sheet.set_column(column, column, 36 if head in WIDE else 16)
            sheet.write_string(0, column, head, strong)
        for place, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(place, column, cell, money)
                else:
                    sheet.write_string(place, column, cell)
        sheet.freeze_panes(1, 2)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, len(rows), len(HEADS) - 1)
    return target.getvalue()
