"""Base of the forms: French messages, blanks stripped, hostile characters refused."""

import re
import unicodedata
import uuid
from collections.abc import Callable
from typing import Any

from flask import g
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    FieldList,
    Form,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.meta import DefaultMeta
from wtforms.utils import unset_value
from wtforms.validators import (
    DataRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    StopValidation,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, ListWidget, Select

from salon.platform.addresses import checked_address, suggested_address
from salon.platform.errors import RuleBroken
from salon.platform.texts import UNPRINTABLE, clean_name, holds_link, person_name

MAX_NAME = 60
MAX_LINE = 120
LONGEST_SECTION = 2_000
RELOAD = "Rechargez la page, puis validez de nouveau."


def one_line(text: str | None) -> str | None:
    """Return the line as it is stored: see `clean_name`."""
    return clean_name(text) if text else text


def unprintable(text: str) -> bool:
    """Return whether a control character, a lone surrogate or an unassigned one is in the text."""
    return any(unicodedata.category(character) in UNPRINTABLE for character in text)


def check_printable(form: Any, field: Any) -> None:
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


def check_lines(form: Any, field: Any) -> None:
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


def check_email(form: Any, field: Any) -> None:
    """Require an address that can be written to."""
    if checked_address(field.data or "") is None:
        raise ValidationError(
            "Cette adresse électronique ne paraît pas complète. Exemple : mairie@commune.fr"
        )


def check_key(form: Any, field: Any) -> None:
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

    def __call__(self, form: Any, field: Any) -> None:
        try:
            super().__call__(form, field)
        except OverflowError:
            raise ValidationError(self.message) from None


class ListedField(SelectField):
    """A choice among those of the page; another value is refused by `refusal`."""

    def __init__(self, label: str, refusal: str = "Choisissez dans la liste.", **more: Any) -> None:
        super().__init__(label, **more)
        self.refusal = refusal

    def pre_validate(self, form: Any) -> None:
        if self.data not in {choice.value for choice in self.iter_choices()}:
            raise ValidationError(self.refusal)


class SentField(HiddenField):
    """A field that holds the sent value only, never the default of the page."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = valuelist[0] if valuelist else ""


def version_field() -> SentField:
    """Return the hidden field of the version that the page showed; 0 is a row not yet written."""
    return SentField(
        "Version",
        default="0",
        validators=[Regexp(r"^[0-9]{1,9}\Z", message=RELOAD)],
        render_kw={"autocomplete": "off"},
    )


def stamp_field(label: str) -> SentField:
    """Return the hidden field of the digest that the page showed (`versions.stamp_of`)."""
    return SentField(label, validators=[Regexp(r"^[0-9a-f]{16}$", message=RELOAD)])


def checkboxes(label: str, choices: Any = None, **more: Any) -> SelectMultipleField:
    """Return a field of several boxes to tick."""
    look = {"widget": ListWidget(prefix_label=False), "option_widget": CheckboxInput()}
    return SelectMultipleField(label, choices=choices, **look, **more)


class NumberedList(FieldList):
    """Lines numbered in their names; fields under other names are ignored."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Any:
        numbered = re.compile(rf"{re.escape(prefix)}-[0-9]{{1,9}}(-|\Z)")
        return super()._extract_indices(prefix, [key for key in formdata if numbered.match(key)])


def _forbidden_attributes(field: Any) -> dict[str, Any]:
    """Return the attributes that HTML does not allow on this field, each set to False: left out.

    A list whose first choice is one always has a value: `required` would ask for an empty first.
    """
    if getattr(field.widget, "input_type", "") == "hidden":
        return dict.fromkeys(("autocomplete", "maxlength", "required"), False)
    if isinstance(field.widget, Select) and not field.widget.multiple:
        groups = field.iter_groups() if field.has_groups() else [(None, field.iter_choices())]
        group, choices = next(iter(groups), (None, []))
        first = next(iter(choices), None)
        if group is not None or first is None or str(first.value) != "":
            return {"required": False}
    return {}


class SalonForm(FlaskForm):
    """Parent of every form, with WTForms' own messages in French."""

    class Meta(FlaskForm.Meta):
        locales = ("fr",)

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            wrapped = super().wrap_formdata(form, formdata)
            kept_fields = g.get("kept_fields")
            if wrapped is not None or formdata is None or kept_fields is None:
                return wrapped
            if not any(name.partition("-")[0] in form for name in kept_fields):
                return None
            g.kept_fields_taken = True
            return kept_fields

        def get_translations(self, form: Any) -> Any:
            return DefaultMeta.get_translations(self, form)

        def render_field(self, field: Any, render_kw: dict[str, Any]) -> Any:
            return super().render_field(field, {**render_kw, **_forbidden_attributes(field)})

    refusal: RuleBroken | None = None

    @property
    def status_code(self) -> int:
        """Return the status of the form's page: of the broken rule, else 400 for wrong fields."""
        if self.refusal is not None:
            return self.refusal.status
        return 400 if self.errors else 200

    def refuse(self, error: RuleBroken, on: str = "") -> None:
        """Show a broken rule as an error of the form, or of its field `on`."""
        self.refusal = error
        if on:
            self[on].errors = [error.message]
        else:
            self.form_errors.append(error.message)

    def refusals(self, *kinds: type[RuleBroken], on: str = "") -> "Refusals":
        """Return a context in which broken rules are shown (see `refuse`); others than `kinds` are
        raised."""
        return Refusals(self, kinds or (RuleBroken,), on)

    @property
    def content(self) -> dict[str, Any]:
        """Return the values of the form, without its token and key."""
        return {k: v for k, v in self.data.items() if k not in ("csrf_token", "submission_key")}


class Refusals:
    """See `SalonForm.refusals`."""

    def __init__(self, form: SalonForm, kinds: tuple[type[RuleBroken], ...], field: str) -> None:
        self.form, self.kinds, self.field = form, kinds, field

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, traceback: Any) -> bool:
        if not isinstance(error, self.kinds):
            return False
        self.form.refuse(error, on=self.field)
        return True


class VersionForm(SalonForm):
    """A form about an object as it was when the page was read."""

    version = version_field()


class StampForm(SalonForm):
    """A form about values as they were when the page was read (see `versions.stamp_of`)."""

    stamp = stamp_field("Version lue")


class FilterForm(SalonForm):
    """A form sent by GET: it changes nothing and carries no token."""

    class Meta(SalonForm.Meta):
        csrf = False


class CreatingForm(SalonForm):
    """A form that creates something: it carries the key that makes sending it twice idempotent."""

    submission_key = HiddenField(
        "Clé d’envoi", default=lambda: str(uuid.uuid4()), validators=[check_key]
    )


def line(
    label: str,
    *validators: Any,
    length: int = MAX_LINE,
    description: str = "",
    **attributes: Any,
) -> StringField:
    """Return a field of one line."""
    return StringField(
        label,
        description=description,
        validators=[*validators, at_most(length), check_printable],
        filters=[one_line],
        render_kw={"maxlength": length, **attributes},
    )


def paragraphs(
    label: str,
    *validators: Any,
    length: int,
    rows: int = 4,
    description: str = "",
    kind: type[TextAreaField] = TextAreaField,
) -> TextAreaField:
    """Return a field of several lines."""
    return kind(
        label,
        description=description,
        validators=[*validators, at_most(length), check_lines],
        filters=[several_lines],
        render_kw={"rows": rows, "maxlength": length},
    )


def mail_words_field() -> TextAreaField:
    """Return the organiser's words for the messages of a change, typed where they are read."""
    return paragraphs("Un mot à ajouter aux courriels", length=600)


class ChangeForm(StampForm):
    """A change whose consequences are read first, with the organiser's words for the messages."""

    mail_words = mail_words_field()


def check_no_link(form: Any, field: Any) -> None:
    """Refuse a link in a name, since mails carry it as typed."""
    if holds_link(field.data or ""):
        raise ValidationError(
            "Un nom ne contient pas d’adresse de site\u00a0: retirez « www. » ou « :// »."
        )


class NameField(StringField):
    """The name of a person or an organisation, cleaned on input."""


def _name_field(
    clean: Callable[[str], str], label: str, validators: Any, length: int, attributes: Any
) -> NameField:
    return NameField(
        label,
        description=attributes.pop("description", ""),
        validators=[*validators, at_most(length), check_printable, check_no_link],
        filters=[lambda text: clean(text) if text else text],
        render_kw={"maxlength": length, **attributes},
    )


def person_field(
    label: str, *validators: Any, length: int = MAX_NAME, **attributes: Any
) -> NameField:
    """Return a field for the name of a person; one all in capitals or in lower case gets its usual
    case."""
    return _name_field(person_name, label, validators, length, attributes)


def organisation_field(
    label: str, *validators: Any, length: int = MAX_LINE, **attributes: Any
) -> NameField:
    """Return a field for the name of an organisation, a place or a device, whose case is left as
    typed."""
    return _name_field(clean_name, label, validators, length, attributes)


class MarkdownField(TextAreaField):
    """A text in Markdown, shown as it will be read by « Voir l’aperçu »."""


def markdown_field(
    label: str, *validators: Any, length: int = LONGEST_SECTION, rows: int = 5, hint: str = ""
) -> TextAreaField:
    """Return a field of several lines in Markdown."""
    return paragraphs(
        label, *validators, length=length, rows=rows, description=hint, kind=MarkdownField
    )


class SectionFields(Form):
    """A titled text; without a title it is not one of the page's sections."""

    title = line("Titre", length=100, autocomplete="off")
    text = markdown_field("Texte", rows=4)

    def validate_title(self, field: Any) -> None:
        if self.text.data and not field.data:
            raise ValidationError("Donnez un titre à ce texte.")


def sections_of(sections: FieldList) -> list[dict[str, str]]:
    """Return the sections that have a title, in order."""
    return [
        {"title": section.form.title.data, "text": section.form.text.data or ""}
        for section in sections
        if section.form.title.data
    ]


class ProbableEmailField(EmailField):
    """An address whose domain is likely; else the form comes back once with the likely one.

    Two buttons then send `<name>-choice`: the address to save.
    """

    suggestion = ""
    is_chosen = False

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        choice = formdata.get(f"{self.name}-choice") if formdata else None
        if choice:
            self.data, self.is_chosen = one_line(choice), True

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if validation_stopped or self.errors or self.is_chosen:
            return
        self.suggestion = suggested_address(self.data or "")
        if self.suggestion:
            raise ValidationError(
                f"Vérifiez l’adresse\u00a0: vouliez-vous dire {self.suggestion}\u00a0?"
            )


def email(label: str = "Adresse électronique", **attributes: Any) -> EmailField:
    """Return a field for an e-mail address, required."""
    return _email_field(EmailField, label, EMAIL_MISSING, attributes)


def optional_email(label: str = "Adresse électronique", **attributes: Any) -> EmailField:
    """Return a field for an e-mail address, which may be empty."""
    return _email_field(EmailField, label, Optional(), attributes)


def visitor_email(label: str = "Adresse électronique", **attributes: Any) -> EmailField:
    """Return a field for the address of a badge's message, required."""
    return _email_field(ProbableEmailField, label, EMAIL_MISSING, attributes)


EMAIL_MISSING = required("Indiquez l’adresse électronique.")


def _email_field(
    kind: type[EmailField], label: str, presence: Any, attributes: dict[str, Any]
) -> EmailField:
    return kind(
        label,
        description=attributes.pop("description", ""),
        validators=[presence, at_most(254), check_printable, check_email],
        filters=[one_line],
        render_kw={"autocomplete": "email", "maxlength": 254, **attributes},
    )
