"""Forms of « Écrire »: a message and its audience, its hour."""

from wtforms import SelectField
from wtforms.validators import Optional

from salon.fair.models import Edition
from salon.mailings.queries.audiences.audience import Audience
from salon.platform.pages.fields import FrenchMomentField, number_field
from salon.platform.pages.forms import (
    CreatingForm,
    line,
    markdown_field,
    optional_email,
    required,
    version_field,
)
from salon.platform.settings.clock import current_zone

PREFIX = "filter_"
"""Before the name of each filter, in a form and in the address of its count."""
LONGEST = 10_000
MOST_DAYS = 365


class MailingForm(CreatingForm):
    """A message; `for_audience` adds a list for each filter of its audience."""

    version = version_field()
    subject = line("Objet", required("Écrivez l’objet du message."), length=150, autocomplete="off")
    text = markdown_field("Message", required("Écrivez le message."), length=LONGEST, rows=14)
    reply_to = optional_email("Les réponses vont à", autocomplete="off")
    days_before = number_field(
        "Étape de la campagne, en jours avant le salon",
        0,
        MOST_DAYS,
        Optional(),
        message=f"Indiquez un nombre de jours entre 0 et {MOST_DAYS}, ou rien.",
        wrong="Indiquez un nombre entier de jours, ou rien.",
    )

    @classmethod
    def for_audience(cls, audience: Audience, edition: Edition) -> type["MailingForm"]:
        """Return the form with the filters of an audience that have a choice to offer."""
        filters = {
            f"{PREFIX}{filter_.name}": SelectField(
                filter_.label, choices={"": "Sans distinction", **dict(options)}, default=""
            )
            for filter_ in audience.filters
            if (options := list(filter_.options(edition)))
        }
        return type("MailingForm", (cls,), filters)

    @property
    def filter_fields(self) -> list[SelectField]:
        return [field for field in self if field.name.startswith(PREFIX)]

    @property
    def filters(self) -> dict[str, str]:
        """Return the value of each filter in force, by its name; one not offered is not in force,
        also in a form that is refused."""
        return {
            field.name.removeprefix(PREFIX): field.data
            for field in self.filter_fields
            if field.data and field.data in field.choices
        }


class SendForm(CreatingForm):
    """The hour of a sending, blank for at once."""

    planned_at = FrenchMomentField(
        "Jour et heure",
        validators=[Optional()],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        tz=current_zone,
    )


class CopyForm(CreatingForm):
    """Carries the key of a copy alone."""
