"""Validators and filters of form fields."""

import re
import unicodedata
import uuid
from collections.abc import Callable, Mapping, Sequence

from wtforms import Field, Form
from wtforms.validators import DataRequired, Length, NumberRange, StopValidation, ValidationError

from salon.platform.words.email_addresses import checked_address
from salon.platform.words.people import names_several_people
from salon.platform.words.texts import UNPRINTABLE, clean_name, holds_link

Validator = Callable[[Form, Field], None]
ExtraValidators = Mapping[str, Sequence[Validator]] | None
"""More validators of one validation, by field, as WTForms takes them."""
MAX_NAME = 60


MAX_LINE = 120


RELOAD = "Rechargez la page, puis validez de nouveau."


def one_line(text: str | None) -> str | None:
    """Return the line as it is stored: see `clean_name`."""
    return clean_name(text) if text else text


def unprintable(text: str) -> bool:
    """Return whether a control character, a lone surrogate or an unassigned one is in the text."""
    return any(unicodedata.category(character) in UNPRINTABLE for character in text)


def check_printable(form: Form, field: Field) -> None:
    """Refuse control characters and the marks of an encoded word (RFC 2047) in a line.

    A field that held unprintable characters is shown again without them.
    """
    text = field.data or ""
    printable = "".join(character for character in text if not unprintable(character))
    if printable != text:
        field.data = printable
        raise StopValidation("Ce champ contenait un caractère qui ne s’imprime pas : relisez-le.")
    if "=?" in (field.data or "") or "\ufffd" in (field.data or ""):
        raise StopValidation("Ce champ contient une suite de caractères refusée : retapez-le.")


def check_lines(form: Form, field: Field) -> None:
    """Refuse unprintable characters in several lines; the field is shown again without them."""
    text = field.data or ""
    printable = "".join(
        character for character in text if character == "\n" or not unprintable(character)
    )
    if printable != text or "\ufffd" in text:
        field.data = printable
        raise ValidationError("Ce texte contient un caractère qui ne s’imprime pas : relisez-le.")


def several_lines(text: str | None) -> str | None:
    """Strip blanks at the ends of lines; leave at most one empty line between two others."""
    if not text:
        return text
    lines = "\n".join(one_line(line) or "" for line in text.replace("\r\n", "\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def check_email(form: Form, field: Field) -> None:
    """Require an address that can be written to."""
    if checked_address(field.data or "") is None:
        raise ValidationError(
            "Cette adresse électronique ne paraît pas complète. Exemple : mairie@commune.fr"
        )


def check_key(form: Form, field: Field) -> None:
    try:
        uuid.UUID(field.data or "")
    except ValueError:
        raise ValidationError(RELOAD) from None


def required(message: str = "Ce champ est obligatoire.") -> DataRequired:
    return DataRequired(message)


def at_most(length: int) -> Length:
    return Length(max=length, message=f"Au plus {length} caractères.")


class InRange(NumberRange):
    """A number between two bounds; one too long to be compared is out of range too."""

    def __call__(self, form: Form, field: Field) -> None:
        try:
            super().__call__(form, field)
        except OverflowError:
            raise ValidationError(self.message) from None


def check_single_person(form: Form, field: Field) -> None:
    """Refuse « Paul et Anne »: each person has a badge of their own."""
    if names_several_people(field.data or ""):
        raise ValidationError("Deux personnes semblent nommées ici\u00a0: une seule par ligne.")


def check_no_link(form: Form, field: Field) -> None:
    """Refuse a link in a name, since mails carry it as typed."""
    if holds_link(field.data or ""):
        raise ValidationError(
            "Un nom ne contient pas d’adresse de site\u00a0: retirez « www. » ou « :// »."
        )
