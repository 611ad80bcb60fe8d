"""Forms to book at the stand for a visitor who is present."""

from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from salon.appointments.rules.booking import MAX_SUBJECT, Limit
from salon.platform.forms import (
    CreatingForm,
    FilterForm,
    line,
)

SLOT = r"^[0-9]{1,8}-[0-9]{1,9}\Z"


class VisitorSearchForm(FilterForm):
    q = line("Nom ou commune", length=100, type="search", autocomplete="off")


class CounterChoiceForm(FilterForm):
    """The theme and the agent whose times are shown."""

    theme = SelectField("Thème", coerce=int)
    agent = SelectField("Avec", coerce=int)


class CounterForm(CreatingForm):
    """A slot, as « tick-agent », and the limits passed knowingly."""

    slot = RadioField(
        "À quelle heure\u00a0?",
        validators=[InputRequired("Choisissez une heure."), Regexp(SLOT)],
        validate_choice=False,
    )
    subject = line("La question", length=MAX_SUBJECT, autocomplete="off")
    accepted = SelectMultipleField(
        "Je passe outre",
        choices=[limit.value for limit in Limit],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
