"""Forms of the contacts: a visitor's choice, a stand's notes, filters, an address."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, DateField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import Optional

from salon.leads.models import Interest
from salon.leads.models.labels import Field, Purpose
from salon.leads.rules import LONGEST_FOLLOW_UP, LONGEST_NOTE
from salon.platform.forms import (
    CreatingForm,
    FilterForm,
    SalonForm,
    SentField,
    at_most,
    check_lines,
    checkboxes,
    email,
    line,
    several_lines,
)

INTERESTS = Interest.choices()
STATES = {
    "": "Tous",
    "shared": "Partagés",
    "unshared": "Non partagés",
    "to_follow": "À suivre",
    "late": "En retard",
    "stale": "À retirer de vos fichiers",
}


def boxes(purpose: Purpose) -> SelectMultipleField:
    return checkboxes(purpose.label, {})


class ChoiceForm(CreatingForm):
    """The fields that a visitor shares, by purpose; an unticked purpose has no consent."""

    follow_up = boxes(Purpose.FOLLOW_UP)
    news = boxes(Purpose.NEWS)

    def offer(self, choices: Mapping[Field, str]) -> None:
        """Offer the fields that the person has. `choices`: their values as shown to exhibitors."""
        for purpose in Purpose:
            self[purpose.value].choices = {field.value: words for field, words in choices.items()}

    @property
    def choice(self) -> dict[Purpose, frozenset[Field]]:
        return {
            purpose: frozenset(Field(name) for name in self[purpose.value].data or ())
            for purpose in Purpose
        }


class DayField(DateField):
    """A day with a French error message."""

    def process_formdata(self, valuelist: Any) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Indiquez un jour, par exemple 01/10/2021.") from None


class LeadForm(SalonForm):
    version = SentField()
    interest = SelectField("Intérêt", choices=INTERESTS)
    note = TextAreaField(
        "Note",
        validators=[at_most(LONGEST_NOTE), check_lines],
        filters=[several_lines],
        render_kw={"rows": 4, "maxlength": LONGEST_NOTE},
    )
    follow_up = line("Suite promise", length=LONGEST_FOLLOW_UP, autocomplete="off")
    follow_up_on = DayField("Pour le", validators=[Optional()])
    is_done = BooleanField("C’est fait")


class LeadFilterForm(FilterForm):
    q = line("Chercher", length=100, type="search", autocomplete="off")
    interest = SelectField("Intérêt", choices={"": "Tous", **INTERESTS}, default="")
    state = SelectField("État", choices=STATES, default="")


class LinkForm(SalonForm):
    email = email("L’adresse électronique de votre inscription")
