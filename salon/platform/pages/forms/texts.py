"""Fields of texts, names and choices."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from wtforms import (
    Field,
    FieldList,
    Form,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from salon.platform.pages.forms.checks import (
    MAX_LINE,
    MAX_NAME,
    Validator,
    at_most,
    check_lines,
    check_no_link,
    check_printable,
    check_single_person,
    one_line,
    several_lines,
)
from salon.platform.words.people import bare_name
from salon.platform.words.texts import clean_name, person_name

LONGEST_SECTION = 2_000


class ListedField(SelectField):
    """A choice among those of the page; another value is refused by `refusal`."""

    def __init__(
        self, label: str, refusal: str = "Choisissez dans la liste.", **options: object
    ) -> None:
        super().__init__(label, **options)
        self.refusal = refusal

    def pre_validate(self, form: Form) -> None:
        if self.data not in {choice.value for choice in self.iter_choices()}:
            raise ValidationError(self.refusal)


def checkboxes(label: str, choices: object = None, **options: object) -> SelectMultipleField:
    """Return a field of several boxes to tick."""
    look = {"widget": ListWidget(prefix_label=False), "option_widget": CheckboxInput()}
    return SelectMultipleField(label, choices=choices, **look, **options)


class NumberedList(FieldList):
    """Lines numbered in their names; fields under other names are ignored."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Any:
        numbered = re.compile(rf"{re.escape(prefix)}-[0-9]{{1,9}}(-|\Z)")
        return super()._extract_indices(prefix, [key for key in formdata if numbered.match(key)])

    def change(self, action: str) -> Field | None:
        """Add a line (« add ») or remove one (« remove-0 ») as a button of the page asks; return
        it, None when nothing changes."""
        verb, _, number = action.partition("-")
        if verb == "add" and (self.max_entries is None or len(self) < self.max_entries):
            return self.append_entry()
        is_line = verb == "remove" and re.fullmatch("[0-9]{1,3}", number)
        if is_line and self.min_entries < len(self) > int(number):
            return self.pop_entry(int(number))
        return None


def typed_values(fields: Iterable[Field]) -> dict[str, object]:
    """Return what was typed in each field, by its name; a text that was not sent is empty."""
    return {
        field.short_name: ""
        if field.data is None and isinstance(field, StringField)
        else field.data
        for field in fields
    }


class RowList(NumberedList):
    """Rows of fields, with an empty one to add a row; one without its first field is left out."""

    def process(self, formdata: object, *data: object, **options: object) -> None:
        super().process(formdata, *data, **options)
        if not formdata and len(self.entries) < self.max_entries:
            self.append_entry()

    @property
    def data(self) -> list[dict[str, Any]]:
        """Return the rows, by field."""
        rows = [typed_values(entry.form) for entry in self.entries]
        return [row for row in rows if next(iter(row.values()))]


def line(
    label: str,
    *validators: Validator,
    length: int = MAX_LINE,
    description: str = "",
    **attributes: object,
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
    *validators: Validator,
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


class NameField(StringField):
    """The name of a person or an organisation, cleaned on input."""


def _name_field(
    clean: Callable[[str], str],
    label: str,
    validators: Iterable[Validator],
    length: int,
    attributes: dict[str, object],
) -> NameField:
    return NameField(
        label,
        description=attributes.pop("description", ""),
        validators=[*validators, at_most(length), check_printable, check_no_link],
        filters=[lambda text: clean(text) if text else text],
        render_kw={"maxlength": length, **attributes},
    )


def person_field(
    label: str, *validators: Validator, length: int = MAX_NAME, **attributes: object
) -> NameField:
    """Return a field for the name of a person; one all in capitals or in lower case gets its usual
    case."""
    return _name_field(person_name, label, validators, length, attributes)


def identity_field(label: str, *validators: Validator, **attributes: object) -> NameField:
    """Return a field for the first or the last name of one person; a title in front is dropped."""
    checks = (*validators, check_single_person)
    return _name_field(bare_name, label, checks, MAX_NAME, attributes)


def organisation_field(
    label: str, *validators: Validator, length: int = MAX_LINE, **attributes: object
) -> NameField:
    """Return a field for the name of an organisation, a place or a device, whose case is left as
    typed."""
    return _name_field(clean_name, label, validators, length, attributes)


class MarkdownField(TextAreaField):
    """A text in Markdown, shown as it will be read by « Voir l’aperçu »."""


def markdown_field(
    label: str, *validators: Validator, length: int = LONGEST_SECTION, rows: int = 5, hint: str = ""
) -> TextAreaField:
    """Return a field of several lines in Markdown."""
    return paragraphs(
        label, *validators, length=length, rows=rows, description=hint, kind=MarkdownField
    )


class SectionFields(Form):
    """A titled text; without a title it is not one of the page's sections."""

    title = line("Titre", length=100, autocomplete="off")
    text = markdown_field("Texte", rows=4)

    def validate_title(self, field: Field) -> None:
        if self.text.data and not field.data:
            raise ValidationError("Donnez un titre à ce texte.")
