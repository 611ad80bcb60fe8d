"""Rows that the grid's editor sends: all are valid, or none is saved."""

from typing import Annotated

from pydantic import Field

from salon.platform.web.devices.fields import Flag, Instant, RowNumber
from salon.platform.web.devices.reading import Batch, Sent, Unreadable, read
from salon.staffing.engine.shift_changes import PlannedShift
from salon.staffing.services.rows import NewRow

MOST_ROWS = 500
MOST_SHIFTS = 200
"""Most shifts of one agent: more than a week has half hours."""


Sentence = Annotated[str, Field(max_length=300)]
"""What the author read that the rows make worse."""


class RowsNotUnderstood(Unreadable):
    message = "L’envoi de la grille est illisible\u00a0: rechargez la page. Rien n’a été changé."


class SentShift(Sent):
    stand: RowNumber
    starts_at: Instant
    ends_at: Instant
    locked: Flag

    def planned(self) -> PlannedShift:
        return PlannedShift(self.stand, self.starts_at, self.ends_at, self.locked)


class SentRow(Sent):
    agent: RowNumber
    version: RowNumber
    shifts: Annotated[list[SentShift], Field(max_length=MOST_SHIFTS)]


class SentRows(Batch):
    line = SentRow
    rows: Annotated[list[SentRow], Field(min_length=1, max_length=MOST_ROWS)]
    accepted: Annotated[list[Sentence], Field(max_length=MOST_ROWS)] = []


def read_rows(body: bytes) -> tuple[list[NewRow], list[str]]:
    """Return the rows of an editor's JSON, and what their author accepts that they make worse.

    Raises RowsNotUnderstood, also for a repeated agent.
    """
    sent = read(SentRows, body, RowsNotUnderstood)
    rows = sent.rows
    if len({row.agent for row in rows}) < len(rows):
        raise RowsNotUnderstood
    return [
        NewRow(row.agent, row.version, [shift.planned() for shift in row.shifts]) for row in rows
    ], sent.accepted
