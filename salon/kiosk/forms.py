"""Forms of the kiosk, sent as JSON by a station that carries its token."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField
from wtforms.validators import Regexp, ValidationError

from salon.badges.imports.typed_person import (
    ask_civility,
    ask_first_name,
    ask_function,
    ask_function_other,
    ask_last_name,
)
from salon.badges.models.labels import EARLIER_BADGE, AcceptedText, Purpose
from salon.badges.queries.accepted_texts import AcceptedVersion
from salon.platform.pages.forms import (
    CreatingForm,
    SalonForm,
    line,
    optional_email,
    organisation_field,
)

NAMELESS: dict[str, Any] = {"autocomplete": "off", "autocorrect": "off", "spellcheck": "false"}
"""A browser that many people use must save nothing of what each typed."""


class NameFields(SalonForm):
    """The name on the badge, as it is printed."""

    class Meta(SalonForm.Meta):
        csrf = False

    first_name = ask_first_name(**NAMELESS)
    last_name = ask_last_name(**NAMELESS)


class CorrectForm(NameFields):
    version = HiddenField("Version", validators=[Regexp(r"^\d{1,9}$")])


class WalkInForm(NameFields, CreatingForm):
    """A person without a badge: the same fields as the welcome desk."""

    function = ask_function()
    function_other = ask_function_other(**NAMELESS)
    civility = ask_civility()
    commune = line("Commune ou intercommunalité", **NAMELESS)
    place_choice = HiddenField("Choix", default="")
    organisation = organisation_field("Autre organisme", **NAMELESS)
    email = optional_email(**NAMELESS)
    newsletter = BooleanField(Purpose.NEWSLETTER.label)
    photo = BooleanField(Purpose.PHOTO.label)
    earlier_badge = BooleanField(EARLIER_BADGE)

    def validate_newsletter(self, field: BooleanField) -> None:
        if field.data and not self.email.data:
            raise ValidationError("Indiquez une adresse électronique pour recevoir la lettre.")

    def show_texts(self, texts: Mapping[AcceptedText, AcceptedVersion]) -> None:
        """Put the sentences in force beside the boxes."""
        for purpose in Purpose:
            self[purpose.value].label.text = texts[AcceptedText(purpose)].text

    @property
    def consents(self) -> list[str]:
        """Return the purposes whose box is ticked."""
        return [purpose.value for purpose in Purpose if self[purpose.value].data]


def form_data(content: dict[str, object]) -> MultiDict[str, str]:
    """Return the texts of a JSON object, as a form reads them; other values are left out."""
    return MultiDict({name: text for name, text in content.items() if isinstance(text, str)})
