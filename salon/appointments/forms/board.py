"""Forms of organisers and coordinators."""

from wtforms import SelectField, SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from salon.appointments.models import AppointmentStatus
from salon.platform.forms import (
    FilterForm,
    VersionForm,
    line,
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
        choices={"": "Tous", **{status.value: status.label for status in AppointmentStatus}},
        default="",
    )
    hour = SelectField("Heure", default="")


class MoveForm(VersionForm):
    """Move an appointment for a visitor. `accepted`: limits passed knowingly."""

    slot = SelectField("Nouvelle heure", validators=[InputRequired("Choisissez une heure.")])
    accepted = SelectMultipleField(
        "Passer outre",
        choices=LIMITS,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class CancelForm(VersionForm):
    pass
