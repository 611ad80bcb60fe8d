"""Forms of the draft: a shift, without the grid's editor, and its publication."""

from datetime import datetime

from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired

from salon.platform.pages.forms import CreatingForm, ListedField, SalonForm, line, stamp_field
from salon.staffing.engine.shift_changes import PlannedShift

SEPARATOR = "|"


class RowForm(SalonForm):
    """About an agent's row: `version` as it was read; `shift_start`: the start of the
    shift that it concerns.
    """

    version = HiddenField("Version")
    accepted = HiddenField("Dépassements acceptés")
    shift_start = HiddenField("Vacation")

    @property
    def accepted_sentences(self) -> list[str]:
        """Return what the author read that the row makes worse."""
        return (self.accepted.data or "").split(SEPARATOR)

    @property
    def read_version(self) -> int:
        """Return the version that was read; 0, which no row ever has, when it is not a number."""
        version_text = self.version.data or ""
        return int(version_text) if version_text.isdecimal() and len(version_text) < 10 else 0


def _listed(label: str, refusal: str) -> ListedField:
    return ListedField(label, refusal, validators=[InputRequired(refusal)], choices=[])


class ShiftForm(RowForm):
    """A shift, new or changed; times are those of the page, as ISO instants."""

    stand = _listed("Stand", "Ce stand n’est pas un stand du village.")
    starts_at = _listed("Début", "Choisissez une heure de la liste.")
    ends_at = _listed("Fin", "Choisissez une heure de la liste.")
    locked = BooleanField("Verrouillée : le calcul n’y touche pas")

    @property
    def planned_shift(self) -> PlannedShift:
        """Return the shift of a valid form."""
        starts_at = datetime.fromisoformat(self.starts_at.data)
        ends_at = datetime.fromisoformat(self.ends_at.data)
        return PlannedShift(int(self.stand.data), starts_at, ends_at, self.locked.data)


class PublishForm(CreatingForm):
    stamp = stamp_field("Différences lues")
    reason = line("Pourquoi des limites sont dépassées", length=300, autocomplete="off")
    note = line("Un mot pour les agents concernés", length=300, autocomplete="off")
