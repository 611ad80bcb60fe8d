"""Forms to register, change and replace."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from wtforms import (
    BooleanField,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import Regexp

from salon.badges.forms.fields import FIRST_LINES, LONGEST_NOTE, MOST_LINES
from salon.badges.imports.typed_person import (
    ask_civility,
    ask_commune,
    ask_first_name,
    ask_function,
    ask_function_other,
    ask_last_name,
    ask_organisation,
    ask_place_choice,
)
from salon.badges.models import HalfDay
from salon.badges.models.labels import AcceptedText, Need, Purpose
from salon.badges.models.visit_days import days_visited
from salon.badges.queries.accepted_texts import AcceptedVersion
from salon.fair.models import Edition
from salon.platform.documents.spreadsheets.preview import list_file_field
from salon.platform.pages.fields import phone_field
from salon.platform.pages.forms import (
    CreatingForm,
    ListedField,
    NumberedList,
    SalonForm,
    at_most,
    checkboxes,
    email,
    line,
    optional_email,
    required,
    visitor_email,
)
from salon.platform.pages.forms.checks import ExtraValidators
from salon.platform.words import formats
from salon.platform.words.people import Civility

AskingForm = TypeVar("AskingForm", bound=SalonForm)


def ask_visit_days() -> SelectMultipleField:
    """Return the question of the days, which `ask_days` fills or leaves out."""
    asks = required("Choisissez au moins un jour.")
    return checkboxes("Quels jours viendrez-vous ?", [], validators=[asks])


def ask_days(
    form: AskingForm, edition: Edition, visit_days: str = "", *, at: datetime | None = None
) -> AskingForm:
    """Ask on which days people come, `visit_days` ticked first; leave the question out of a fair of
    one day. `at`: days that are over by then are not asked."""
    days = [day.day_on for day in edition.days if at is None or day.closes_at > at]
    if len(days) < 2:
        del form.visit_days
        return form
    field = form.visit_days
    field.choices = [(day.isoformat(), formats.short_days([day]).capitalize()) for day in days]
    if not form.is_submitted():
        ticked = visit_days or " ".join(field.data or [])
        field.data = [day.isoformat() for day in days_visited(ticked, days)]
    return form


class PlaceFields(Form):
    """Typed words that the view turns into a commune or an EPCI, or an organisation."""

    commune = ask_commune()
    place_choice = ask_place_choice()
    organisation = ask_organisation()


class SelfFields(PlaceFields):
    """Fields that describe the person."""

    civility = ask_civility()
    first_name = ask_first_name(autocomplete="given-name")
    last_name = ask_last_name(autocomplete="family-name")
    function = ask_function()
    function_other = ask_function_other()
    email = visitor_email()
    phone = phone_field()
    visit_days = ask_visit_days()
    half_day = RadioField(
        "Quand pensez-vous venir ?",
        choices=HalfDay.choices(),
        default=HalfDay.WHOLE_DAY.value,
    )
    needs = checkboxes("Besoins pour votre visite", Need.choices())
    needs_note = line("Précisions sur vos besoins", length=LONGEST_NOTE)


class ConsentFields(Form):
    """The boxes, under the sentences in force (`show_texts`); `texts_read` names their versions."""

    newsletter = BooleanField(Purpose.NEWSLETTER.label)
    photo = BooleanField(Purpose.PHOTO.label)
    texts_read = HiddenField("Textes lus", validators=[at_most(200)])

    @property
    def given(self) -> list[str]:
        """Return the purposes whose box is ticked."""
        return [purpose.value for purpose in Purpose if self[purpose.value].data]


def show_texts(form: Form, texts: Mapping[AcceptedText, AcceptedVersion]) -> None:
    """Put the sentences in force beside the boxes, and their versions in the page."""
    for purpose in Purpose:
        form[purpose.value].label.text = texts[AcceptedText(purpose)].text
    if "texts_read" in form:
        form.texts_read.data = " ".join(f"{name}={row.version}" for name, row in texts.items())


def texts_read(form: Form) -> dict[str, str]:
    """Return the versions that the page showed, by subject; nothing for what cannot be read."""
    pairs = (pair.partition("=") for pair in (form.texts_read.data or "").split())
    return {subject: version for subject, _, version in pairs}


class RegisterForm(SelfFields, ConsentFields, CreatingForm):
    """Registration of one person: identity, place, address, needs, consents.

    `category` is offered where the organisers opened one that no function gives.
    """

    category = ListedField("Vous venez comme", choices={"": ""}, default="")


class ChangeForm(SelfFields, SalonForm):
    civility = ask_civility(is_required=False)
    version = HiddenField("Version", validators=[Regexp(r"^\d{1,9}$")])


class LineForm(Form):
    """One person of a commune. Blank lines are skipped."""

    civility = SelectField(
        "Civilité",
        choices={"": "Choisissez", **Civility.choices()},
        default="",
    )
    first_name = ask_first_name(autocomplete="off")
    last_name = ask_last_name(autocomplete="off")
    function = ask_function()
    function_other = ask_function_other()
    email = optional_email("Adresse électronique de la personne", autocomplete="off")

    @property
    def is_blank(self) -> bool:
        fields = (self.first_name, self.last_name, self.email, self.function, self.function_other)
        return not any(field.data for field in fields)

    def validate(self, extra_validators: ExtraValidators = None) -> bool:
        return self.is_blank or bool(super().validate(extra_validators))


class RosterLineForm(LineForm):
    """One line of a list, which may have a phone number."""

    phone = phone_field()


class GroupForm(CreatingForm, PlaceFields):
    email = visitor_email()
    visit_days = ask_visit_days()
    lines = NumberedList(
        FormField(LineForm, "Personne"),
        "Personne",
        min_entries=1,
        max_entries=MOST_LINES,
        default=lambda: [{}] * FIRST_LINES,
    )

    @property
    def filled(self) -> list[Form]:
        return [entry.form for entry in self.lines if not entry.form.is_blank]


class RosterForm(CreatingForm, PlaceFields):
    email = visitor_email()
    visit_days = ask_visit_days()
    roster = TextAreaField(
        "Liste collée",
        validators=[at_most(200_000)],
        render_kw={"rows": 8, "spellcheck": "false", "autocomplete": "off"},
    )
    file = list_file_field()


class AddForm(CreatingForm, LineForm):
    """One more person in a group."""

    visit_days = ask_visit_days()

    def validate(self, extra_validators: ExtraValidators = None) -> bool:
        return bool(Form.validate(self, extra_validators))


class ReplaceForm(CreatingForm):
    civility = ask_civility()
    first_name = ask_first_name(autocomplete="off")
    last_name = ask_last_name(autocomplete="off")
    function = ask_function()
    function_other = ask_function_other()
    email = email(autocomplete="off")


class FindBadgeForm(SalonForm):
    """Address that gets its badges again."""

    email = visitor_email()


class ConsentForm(ConsentFields, SalonForm):
    """A person's consents, on a page of their own."""
