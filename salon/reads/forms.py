"""The form that makes a read token."""

from salon.platform.pages.fields import FrenchDateField
from salon.platform.pages.forms import CreatingForm, organisation_field, required

LONGEST_NAME = 80


class ReadTokenForm(CreatingForm):
    name = organisation_field(
        "Qui lira",
        required("Indiquez qui lira."),
        length=LONGEST_NAME,
    )
    ends_on = FrenchDateField(
        "Jusqu’au",
        validators=[required("Indiquez le dernier jour.")],
        description="Ce jour-là compris. Le jeton cesse ensuite de lui-même.",
    )
