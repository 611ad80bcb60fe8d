"""Forms of the kiosk, sent as JSON by a station that carries its token."""

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, Regexp, ValidationError

from salon.badges.models.labels import FUNCTION_CHOICES, Civility, Function, Purpose
from salon.platform.forms import (
    MAX_NAME,
    CreatingForm,
    SalonForm,
    line,
    optional_email,
    organisation_field,
    person_field,
    required,
)

CIVILITIES = Civility.choices()
NAMELESS: dict[str, Any] = {"autocomplete": "off", "autocorrect": "off", "spellcheck": "false"}
"""A browser that many people use must save nothing of what each typed."""


def check_words_of_function(form: Any, field: Any) -> None:
    """Check that « Autre » is specified."""
    chosen = form.function.data
    if chosen in set(Function) and Function(chosen).needs_words and not field.data:
        raise ValidationError("Précisez la fonction ou le mandat.")


class NameFields(SalonForm):
    """The name on the badge, as it is printed."""

    class Meta(SalonForm.Meta):
        csrf = False

    first_name = person_field("Prénom", required("Indiquez le prénom."), **NAMELESS)
    last_name = person_field("Nom", required("Indiquez le nom."), **NAMELESS)


class CorrectForm(NameFields):
    version = HiddenField("Version", validators=[Regexp(r"^\d{1,9}$")])


class WalkInForm(NameFields, CreatingForm):
    """A person without a badge: the same fields as the welcome desk."""

    function = SelectField(
        "Fonction",
        choices=FUNCTION_CHOICES,
        validators=[required("Choisissez la fonction.")],
        default="",
    )
    function_other = line(
        "Précisez la fonction", check_words_of_function, length=MAX_NAME, **NAMELESS
    )
    civility = RadioField(
        "Civilité",
        choices=CIVILITIES,
        validators=[InputRequired("Choisissez la civilité.")],
        default="",
    )
    commune = line("Commune ou intercommunalité", **NAMELESS)
    place_choice = HiddenField("Choix", default="")
    organisation = organisation_field("Autre organisme", **NAMELESS)
    email = optional_email(**NAMELESS)
    newsletter = BooleanField(Purpose.NEWSLETTER.label)
    photo = BooleanField(Purpose.PHOTO.label)

    def validate_newsletter(self, field: BooleanField) -> None:
        if field.data and not self.email.data:
            raise ValidationError("Indiquez une adresse électronique pour recevoir la lettre.")

    @property
    def consents(self) -> list[str]:
        """Return the purposes whose box is ticked."""
        return [purpose.value for purpose in Purpose if self[purpose.value].data]


def form_data(content: dict[str, Any]) -> MultiDict[str, str]:
    """Return the texts of a JSON object, as a form reads them; other values are left out."""
    return MultiDict({name: text for name, text in content.items() if isinstance(text, str)})
