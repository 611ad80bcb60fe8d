"""Forms of the visitor."""

from collections.abc import Sequence
from datetime import date

from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField
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
from salon.badges.models.labels import EARLIER_BADGE
from salon.platform.pages.forms import (
    CreatingForm,
    ListedField,
    SalonForm,
    SentField,
    required,
)
from salon.platform.words import formats

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
    earlier_badge = BooleanField(EARLIER_BADGE)


class BookForm(IdentityFields, KeptChoice):
    """A booking without a badge."""


class BookForForm(KeptChoice):
    """A booking with a badge, for its holder or another person of the same group."""

    attendee = SelectField("Pour qui\u00a0?", coerce=int, choices=[], validators=[required()])


class WaitFields(QuestionFields, CreatingForm):
    """When and about what; `day_on` is asked where the fair has several days (`ask_day`)."""

    day_on = ListedField("Quel jour\u00a0?", choices={}, default="")
    part = RadioField(
        "Quand pouvez-vous venir\u00a0?",
        choices=PARTS,
        validators=[InputRequired("Choisissez le moment de la journée.")],
        default=HalfDay.WHOLE_DAY.value,
    )


def ask_day(form: WaitFields, days: Sequence[date], day_on: str = "") -> None:
    """Ask for one of the days, or any; leave the question out where one is left."""
    if len(days) < 2:
        del form.day_on
        return
    named = {day.isoformat(): formats.short_days([day]).capitalize() for day in days}
    form.day_on.choices = {"": "N’importe quel jour", **named}
    if day_on in named and not form.is_submitted():
        form.day_on.data = day_on


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
    earlier_badge = BooleanField(EARLIER_BADGE)
