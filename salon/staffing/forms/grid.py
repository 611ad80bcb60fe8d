"""The JSON of the grid's editor, and the form of one shift without it."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import InputRequired, StopValidation

from salon.platform.access import LAST_ROW
from salon.platform.errors import BadInput
from salon.platform.forms import SalonForm
from salon.staffing.engine.shift_changes import PlannedShift

MOST_ROWS = 500
MOST_SHIFTS = 200
"""Of one agent: more than the half hours of a week."""


class RowsNotUnderstood(BadInput):
    message = "L’envoi de la grille est illisible\u00a0: rechargez la page. Rien n’a été changé."


@dataclass(frozen=True)
class SentRow:
    """All the shifts of an agent's new row, and the version of the row that was read."""

    agent_id: int
    version: int
    shifts: list[PlannedShift]


def read_rows(body: bytes) -> list[SentRow]:
    """Return the rows of an editor's JSON. Raises RowsNotUnderstood."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise RowsNotUnderstood from None
    rows = [_row(sent_row) for sent_row in _list(_of(sent, "rows"), MOST_ROWS)]
    if not rows or len({row.agent_id for row in rows}) < len(rows):
        raise RowsNotUnderstood
    return rows


def _row(sent: Any) -> SentRow:
    shifts = [_shift(sent_shift) for sent_shift in _list(_of(sent, "shifts"), MOST_SHIFTS)]
    return SentRow(_whole(_of(sent, "agent")), _whole(_of(sent, "version")), shifts)


def _shift(sent: Any) -> PlannedShift:
    locked = _of(sent, "locked")
    if not isinstance(locked, bool):
        raise RowsNotUnderstood
    starts_at, ends_at = (_instant(_of(sent, name)) for name in ("starts_at", "ends_at"))
    return PlannedShift(_whole(_of(sent, "stand")), starts_at, ends_at, locked)


def _of(sent: Any, name: str) -> Any:
    if not isinstance(sent, Mapping) or name not in sent:
        raise RowsNotUnderstood
    return sent[name]


def _list(sent: Any, most: int) -> list[Any]:
    if not isinstance(sent, list) or len(sent) > most:
        raise RowsNotUnderstood
    return sent


def _whole(sent: Any) -> int:
    if not isinstance(sent, int) or isinstance(sent, bool) or not 0 < sent <= LAST_ROW:
        raise RowsNotUnderstood
    return sent


def _instant(sent: Any) -> datetime:
    """Return an ISO 8601 instant with its offset, as UTC."""
    with suppress(ValueError, TypeError, OverflowError):
        read = datetime.fromisoformat(sent)
        if read.tzinfo is not None:
            return read.astimezone(UTC)
    raise RowsNotUnderstood


class ListedField(SelectField):
    """A choice among those of the page, refused in French."""

    def __init__(self, label: str, refusal: str, **more: Any) -> None:
        super().__init__(label, validators=[InputRequired(refusal)], choices=[], **more)
        self.refusal = refusal

    def pre_validate(self, form: Any) -> None:
        if self.data not in {choice.value for choice in self.iter_choices()}:
            raise StopValidation(self.refusal)


class RowForm(SalonForm):
    """About an agent's row: `version` as it was read; `held`: the start of the shift it
    concerns.
    """

    version = HiddenField("Version")
    held = HiddenField("Vacation")

    @property
    def read_version(self) -> int:
        """Return the version that was read; 0, which no row ever has, when it is not a number."""
        typed = self.version.data or ""
        return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


class ShiftForm(RowForm):
    """A shift, new or changed; times are those of the page, as ISO instants."""

    stand = ListedField("Stand", "Ce stand n’est pas un stand du village.")
    starts_at = ListedField("Début", "Choisissez une heure de la liste.")
    ends_at = ListedField("Fin", "Choisissez une heure de la liste.")
    locked = BooleanField("Verrouillée : le calcul n’y touche pas")

    @property
    def planned_shift(self) -> PlannedShift:
        """Return the shift of a valid form."""
        starts_at = datetime.fromisoformat(self.starts_at.data)
        ends_at = datetime.fromisoformat(self.ends_at.data)
        return PlannedShift(int(self.stand.data), starts_at, ends_at, self.locked.data)
