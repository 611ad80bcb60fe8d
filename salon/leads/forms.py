"""Forms of the contacts: a visitor's choice, a stand's notes, filters, an address."""

from collections.abc import Mapping

from wtforms import BooleanField, SelectField
from wtforms.validators import Optional

from salon.leads.models import Interest
from salon.leads.models.labels import Field, Purpose
from salon.leads.rules import LONGEST_FOLLOW_UP, LONGEST_NOTE
from salon.platform.pages.fields import FrenchDateField
from salon.platform.pages.forms import (
    CreatingForm,
    FilterForm,
    SalonForm,
    VersionForm,
    checkboxes,
    email,
    line,
    paragraphs,
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


class ChoiceForm(CreatingForm):
    """The fields that a visitor shares, by purpose; an unticked purpose has no consent."""

    follow_up = checkboxes(Purpose.FOLLOW_UP.label, {})
    news = checkboxes(Purpose.NEWS.label, {})

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


class LeadForm(VersionForm):
    interest = SelectField("Intérêt", choices=INTERESTS)
    note = paragraphs("Note", length=LONGEST_NOTE)
    follow_up = line("Suite promise", length=LONGEST_FOLLOW_UP, autocomplete="off")
    follow_up_on = FrenchDateField("Pour le", validators=[Optional()])
    is_done = BooleanField("C’est fait")


class LeadFilterForm(FilterForm):
    q = line("Chercher", length=100, type="search", autocomplete="off")
    interest = SelectField("Intérêt", choices={"": "Tous", **INTERESTS}, default="")
    state = SelectField("État", choices=STATES, default="")


class LinkForm(SalonForm):
    email = email("L’adresse électronique de votre inscription")
