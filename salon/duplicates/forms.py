"""Form of a merge: which registration gives what is printed, which of two appointments stays."""

from collections.abc import Mapping, Sequence

from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired

from salon.platform.pages.forms import SalonForm

CLASH = "rendez-vous-"
PART = "choix-"


class MergeFields(SalonForm):
    badge_id = HiddenField()
    """The badge that the page said would stay."""


def merge_form(
    parts: Mapping[str, tuple[str, Mapping[str, str]]],
    clashes: Sequence[Mapping[str, str]],
    defaults: Mapping[str, int],
) -> type[MergeFields]:
    """Return the class of the form; `parts`: label and choices of each part that differs."""
    fields: dict[str, object] = {
        f"{PART}{part}": RadioField(label, choices=dict(choices), default=str(defaults[part]))
        for part, (label, choices) in parts.items()
    }
    for place, choices in enumerate(clashes, start=1):
        fields[f"{CLASH}{place}"] = RadioField(
            "Deux rendez-vous en même temps : lequel reste ?",
            choices=dict(choices),
            validators=[InputRequired("Choisissez le rendez-vous qui reste.")],
        )
    return type("MergeForm", (MergeFields,), fields)
