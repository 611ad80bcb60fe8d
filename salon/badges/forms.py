"""What people type to register, change, replace, search and print."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    EmailField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from salon.badges.faces import Layout
from salon.badges.labels import FUNCTION_GROUPS, Function, Need, Purpose
from salon.badges.models import AttendeeStatus, Category, Civility, HalfDay
from salon.forms import (
    MAX_NAME,
    CreatingForm,
    SalonForm,
    at_most,
    check_email,
    check_printable,
    email,
    line,
    one_line,
    required,
)

LONGEST_NOTE = 300
FIRST_LINES = 3
MOST_LINES = 50

LAYOUTS = {one.value: one.label for one in Layout}
CATEGORIES = {one.value: one.label for one in Category}
CIVILITIES = {one.value: one.label for one in Civility}
FUNCTION_CHOICES: dict[str, str | dict[str, str]] = {
    "": "Choisissez",
    **{group: {one.value: one.label for one in found} for group, found in FUNCTION_GROUPS},
}


def check_words_of_function(form: Any, field: Any) -> None:
    """« Autre » says what."""
    chosen = form.function.data
    if chosen in set(Function) and Function(chosen).needs_words and not field.data:
        raise ValidationError("Précisez la fonction ou le mandat.")


def ask_first_name(**attributes: Any) -> StringField:
    asks = required("Indiquez le prénom.")
    return line("Prénom", asks, length=MAX_NAME, **attributes)


def ask_last_name(**attributes: Any) -> StringField:
    asks = required("Indiquez le nom.")
    return line("Nom", asks, length=MAX_NAME, **attributes)


def ask_function(label: str = "Fonction") -> SelectField:
    return SelectField(
        label,
        choices=FUNCTION_CHOICES,
        validators=[required("Choisissez la fonction.")],
        default="",
    )


def ask_function_other() -> StringField:
    return StringField(
        "Précisez la fonction",
        validators=[at_most(MAX_NAME), check_printable, check_words_of_function],
        filters=[one_line],
        render_kw={"maxlength": MAX_NAME},
    )


def ask_phone() -> TelField:
    return TelField(
        "Téléphone",
        validators=[
            Optional(),
            at_most(30),
            Regexp(
                r"^[+0-9][0-9 .()\-\u00a0\u202f]{5,29}$",
                message="Ce numéro ne paraît pas complet. Exemple : 06 12 34 56 78",
            ),
        ],
        filters=[one_line],
        render_kw={"autocomplete": "tel", "maxlength": 30},
    )


def boxes(label: str, choices: dict[str, str]) -> SelectMultipleField:
    """Several boxes to tick."""
    return SelectMultipleField(
        label,
        choices=choices,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


def ask_civility(*validators: Any) -> RadioField:
    return RadioField(
        "Civilité",
        choices=CIVILITIES,
        validators=list(validators),
        default="",
    )


class PlaceFields(Form):
    """For whom: typed words that the view turns into a commune or an EPCI, or an organisation."""

    commune = line("Commune", autocomplete="off", list="places", autocapitalize="words")
    place_choice = RadioField(
        "Vous pensez peut-être à",
        choices={},
        validate_choice=False,
        validators=[Optional()],
        default="",
    )
    organisation = line("Autre organisme", autocomplete="organization")


class SelfFields(PlaceFields):
    """What a person says of themselves."""

    civility = ask_civility(InputRequired("Choisissez la civilité."))
    first_name = ask_first_name(autocomplete="given-name")
    last_name = ask_last_name(autocomplete="family-name")
    function = ask_function()
    function_other = ask_function_other()
    email = email()
    phone = ask_phone()
    half_day = RadioField(
        "Quand pensez-vous venir ?",
        choices={one.value: one.label for one in HalfDay},
        default=HalfDay.WHOLE_DAY.value,
    )
    needs = boxes("Besoins pour votre visite", {one.value: one.label for one in Need})
    needs_note = StringField(
        "Précisions sur vos besoins",
        validators=[at_most(LONGEST_NOTE), check_printable],
        filters=[one_line],
        render_kw={"maxlength": LONGEST_NOTE},
    )


class ConsentFields(Form):
    newsletter = BooleanField(Purpose.NEWSLETTER.label)
    photo = BooleanField(Purpose.PHOTO.label)

    @property
    def given(self) -> list[str]:
        """The purposes whose box is ticked."""
        return [purpose.value for purpose in Purpose if self[purpose.value].data]


class RegisterForm(SelfFields, ConsentFields, CreatingForm):
    """Who, for whom, how to write to them, what they need, what they agree to."""


class ChangeForm(SelfFields, SalonForm):
    version = HiddenField("Version", validators=[Regexp(r"^\d{1,9}$")])


class LineForm(Form):
    """One person of a commune. A line left blank is no line."""

    civility = SelectField(
        "Civilité",
        choices={"": "Choisissez", **CIVILITIES},
        default="",
    )
    first_name = ask_first_name(autocomplete="off")
    last_name = ask_last_name(autocomplete="off")
    function = ask_function()
    function_other = ask_function_other()
    email = EmailField(
        "Adresse électronique de la personne",
        validators=[Optional(), at_most(254), check_printable, check_email],
        filters=[one_line],
        render_kw={"autocomplete": "off", "maxlength": 254},
    )

    @property
    def is_blank(self) -> bool:
        asked = (self.first_name, self.last_name, self.email, self.function, self.function_other)
        return not any(one.data for one in asked)

    def validate(self, extra_validators: Any = None) -> bool:
        return self.is_blank or bool(super().validate(extra_validators))


class RosterLineForm(LineForm):
    """One line of a list; the phone may be there too."""

    phone = ask_phone()


class GroupForm(CreatingForm, PlaceFields):
    email = email()
    lines = FieldList(
        FormField(LineForm, "Personne"),
        "Personne",
        min_entries=FIRST_LINES,
        max_entries=MOST_LINES,
    )

    @property
    def filled(self) -> list[Any]:
        return [entry.form for entry in self.lines if not entry.form.is_blank]


class RosterForm(CreatingForm, PlaceFields):
    email = email()
    roster = TextAreaField(
        "Liste collée",
        validators=[at_most(200_000)],
        render_kw={"rows": 8, "spellcheck": "false", "autocomplete": "off"},
    )
    file = FileField("Fichier CSV", render_kw={"accept": ".csv,.txt,text/csv"})


class AddForm(CreatingForm, LineForm):
    """One more person in a group."""

    def validate(self, extra_validators: Any = None) -> bool:
        return bool(Form.validate(self, extra_validators))


class ReplaceForm(CreatingForm):
    civility = ask_civility(InputRequired("Choisissez la civilité."))
    first_name = ask_first_name(autocomplete="off")
    last_name = ask_last_name(autocomplete="off")
    function = ask_function()
    function_other = ask_function_other()
    email = email(autocomplete="off")


class ConsentForm(ConsentFields, SalonForm):
    """What a person agrees to, on its own page."""


class EmptyForm(SalonForm):
    """A button and its token."""


class DeskForm(CreatingForm, PlaceFields):
    civility = ask_civility(Optional())
    first_name = ask_first_name(autocomplete="off")
    last_name = ask_last_name(autocomplete="off")
    function = ask_function()
    function_other = ask_function_other()
    category = SelectField("Catégorie", choices={"": "Selon la fonction", **CATEGORIES}, default="")
    is_vip = BooleanField("Invité d’honneur, à accueillir personnellement")
    email = EmailField(
        "Adresse électronique",
        validators=[Optional(), at_most(254), check_printable, check_email],
        filters=[one_line],
        render_kw={"autocomplete": "off", "maxlength": 254},
    )
    layout = SelectField("Support", choices=LAYOUTS, default=Layout.LABEL_62.value)


class ReadingForm(SalonForm):
    """A form sent by GET: it changes nothing and carries no token."""

    class Meta:
        csrf = False


class SearchForm(ReadingForm):
    q = StringField(
        "Nom, adresse ou commune",
        validators=[at_most(100), check_printable],
        filters=[one_line],
        render_kw={"type": "search", "maxlength": 100, "autocomplete": "off"},
    )


class AttendeeFilterForm(SearchForm):
    category = SelectField("Catégorie", choices={"": "Toutes", **CATEGORIES}, default="")
    epci = SelectField("EPCI", choices={"": "Tous"}, default="", validate_choice=False)
    commune = line("Commune", length=100, list="places", autocomplete="off")
    state = SelectField(
        "État",
        choices={"": "Tous", **{one.value: one.label for one in AttendeeStatus}},
        default="",
    )
    printed = SelectField(
        "Badge",
        choices={"": "Tous", "no": "Pas encore imprimé", "yes": "Imprimé"},
        default="",
    )


class PrintFilterForm(ReadingForm):
    category = SelectField("Catégorie", choices={"": "Toutes", **CATEGORIES}, default="")
    epci = SelectField("EPCI", choices={"": "Tous"}, default="", validate_choice=False)
    commune = line("Commune", length=100, list="places", autocomplete="off")
    printed = SelectField(
        "Badges",
        choices={"no": "Pas encore imprimés", "all": "Tous"},
        default="no",
    )
    order = SelectField(
        "Ordre", choices={"name": "Nom", "epci": "EPCI, puis commune"}, default="name"
    )
    layout = SelectField("Support", choices=LAYOUTS, default=Layout.A4.value)


class CategoryForm(SalonForm):
    category = SelectField("Catégorie", choices=CATEGORIES)
    is_vip = BooleanField("Invité d’honneur, à accueillir personnellement")


class ReasonForm(CreatingForm):
    reason = line("Motif", required("Indiquez le motif."), autocomplete="off")


class PrintRunForm(CreatingForm):
    """The choice made on the filter, sent to be printed."""
