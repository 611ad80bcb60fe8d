"""Forms of organisers and coordinators."""

from wtforms import SelectField
from wtforms.validators import InputRequired

from salon.appointments.models.states import FILTERED
from salon.platform.pages.forms import (
    FilterForm,
    SalonForm,
    VersionForm,
    checkboxes,
    line,
    stamp_field,
)

LIMITS = {
    "cover": "Le stand aura moins d’agents libres que prévu pour le public",
    "notice": "L’heure est plus proche que ce que le public peut réserver",
}


class BoardFilterForm(FilterForm):
    q = line("Nom, commune, agent ou objet", length=100, autocomplete="off")
    body = SelectField("Organisme", default="")
    theme = SelectField("Thème", default="")
    status = SelectField(
        "État",
        choices={"": "Tous", **{state.value: state.label for state in FILTERED}},
        default="",
    )
    hour = SelectField("Heure", default="")


class MoveForm(VersionForm):
    """Move an appointment for a visitor. `accepted`: limits passed knowingly."""

    slot = SelectField("Nouvelle heure", validators=[InputRequired("Choisissez une heure.")])
    accepted = checkboxes("Passer outre", LIMITS)


class RescueForm(SalonForm):
    """Confirmation of a rescue. `stamp`: of the plan that the author read."""

    stamp = stamp_field("Plan lu")


class AbsenceForm(SalonForm):
    """An agent's absence. `until`: the hour at which they are back, "" for all day."""

    until = SelectField("Combien de temps", default="")
    reason = line("Pourquoi", length=200, autocomplete="off")
