"""Forms at the stand: book for a visitor who is present, or take a number."""

from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, Regexp

from salon.appointments.rules.booking import MAX_SUBJECT, Limit
from salon.badges.engine.qr import LONGEST_READING
from salon.platform.pages.forms import CreatingForm, FilterForm, checkboxes, line

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
    accepted = checkboxes("Je passe outre", [limit.value for limit in Limit])


class TakeForm(CreatingForm):
    code = line(
        "Code du badge",
        length=LONGEST_READING,
        autocomplete="off",
        autocapitalize="characters",
        spellcheck="false",
    )
