"""The answers to an added task as a table to download."""

from collections.abc import Iterable

from salon.exhibitor_space.engine.answers import AnswerRow
from salon.platform.documents.spreadsheets.writer import Column, Table
from salon.platform.words.formats import short_moment

COLUMNS = (
    Column("Exposant", lambda row: row.exhibitor.name, 32),
    Column("Stand", lambda row: row.exhibitor.stand.number if row.exhibitor.stand else ""),
    Column("État", lambda row: row.state.status.label),
    Column("Réponse", lambda row: row.answer.text if row.answer else "", 48),
    Column("Répondu le", lambda row: short_moment(row.answer.answered_at) if row.answer else ""),
    Column("Documents", lambda row: len(row.documents)),
)


def answers_table(title: str, rows: Iterable[AnswerRow]) -> Table:
    return Table.of(title, COLUMNS, rows, frozen_columns=1)
