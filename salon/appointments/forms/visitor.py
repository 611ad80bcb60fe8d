"""Forms of the visitor."""

from flask_wtf.file import FileField
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from salon.appointments.forms.fields import (
    FactsFields,
    IdentityFields,
    InstantField,
    QuestionFields,
    RowField,
)
from salon.badges.models import HalfDay
from salon.platform.pages.forms import CreatingForm, SalonForm, SentField, required

PARTS = HalfDay.choices()


class ChoiceForm(SalonForm):
    """A time, with any agent or a named one."""

    starts_at = InstantField("Heure", widget=HiddenInput())
    agent = RowField("Agent")


class KeptChoice(FactsFields, CreatingForm):
    """The question with the held choice, which is sent again in case the hold expires.

    `other`: another time, when its button was pressed.
    """

    theme = SentField("Thème")
    starts_at = InstantField("Heure", widget=HiddenInput())
    agent = RowField("Agent")
    hold = SentField("Choix gardé")
    other = InstantField("Une autre heure")


class BookForm(IdentityFields, KeptChoice):
    """A booking without a badge."""


class BookForForm(KeptChoice):
    """A booking with a badge, for its holder or another person of the same group."""

    attendee = SelectField("Pour qui\u00a0?", coerce=int, choices=[], validators=[required()])


class WaitFields(QuestionFields, CreatingForm):
    part = RadioField(
        "Quand pouvez-vous venir\u00a0?",
        choices=PARTS,
        validators=[InputRequired("Choisissez le moment de la journée.")],
        default=HalfDay.WHOLE_DAY.value,
    )


class WaitForm(IdentityFields, WaitFields):
    """A place in a waiting list, without a badge."""


class WaitForForm(WaitFields):
    """A place in a waiting list, with a badge."""

    attendee = SelectField("Pour qui\u00a0?", coerce=int, choices=[], validators=[required()])


class DocumentForm(CreatingForm):
    file = FileField(
        "Un document",
        validators=[required("Choisissez un fichier.")],
        render_kw={"accept": "application/pdf,image/jpeg,image/png,.pdf,.jpg,.jpeg,.png"},
    )


class ConfirmForm(SalonForm):
    """Confirmation of an address. `other`: another time, when its button was pressed."""

    other = InstantField("Une autre heure")
