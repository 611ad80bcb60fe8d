"""Fields of e-mail addresses."""

from typing import Any

from wtforms import EmailField, Form
from wtforms.utils import unset_value
from wtforms.validators import Optional, ValidationError

from salon.platform.pages.forms.checks import (
    at_most,
    check_email,
    check_printable,
    one_line,
    required,
)
from salon.platform.words.email_addresses import suggested_address


class ProbableEmailField(EmailField):
    """An address whose domain is likely; else the form comes back once with the likely one.

    Two buttons then send `<name>-choice`: the address to save.
    """

    suggestion = ""
    is_chosen = False

    def process(
        self, formdata: Any, data: object = unset_value, extra_filters: object = None
    ) -> None:
        super().process(formdata, data, extra_filters)
        choice = formdata.get(f"{self.name}-choice") if formdata else None
        if choice:
            self.data, self.is_chosen = one_line(choice), True

    def post_validate(self, form: Form, validation_stopped: bool) -> None:
        if validation_stopped or self.errors or self.is_chosen:
            return
        self.suggestion = suggested_address(self.data or "")
        if self.suggestion:
            raise ValidationError(
                f"Vérifiez l’adresse\u00a0: vouliez-vous dire {self.suggestion}\u00a0?"
            )


def email(label: str = "Adresse électronique", **attributes: object) -> EmailField:
    """Return a field for an e-mail address, required."""
    return _email_field(EmailField, label, EMAIL_MISSING, attributes)


def optional_email(label: str = "Adresse électronique", **attributes: object) -> EmailField:
    """Return a field for an e-mail address, which may be empty."""
    return _email_field(EmailField, label, Optional(), attributes)


def visitor_email(**attributes: object) -> EmailField:
    """Return a field for the address that somebody gives for themselves, required."""
    return _email_field(ProbableEmailField, "Adresse électronique", EMAIL_MISSING, attributes)


EMAIL_MISSING = required("Indiquez l’adresse électronique.")


def _email_field(
    kind: type[EmailField], label: str, presence: object, attributes: dict[str, object]
) -> EmailField:
    return kind(
        label,
        description=attributes.pop("description", ""),
        validators=[presence, at_most(254), check_printable, check_email],
        filters=[one_line],
        render_kw={"autocomplete": "email", "maxlength": 254, **attributes},
    )
