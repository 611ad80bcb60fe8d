"""Forms: what each has, and those with a version, a stamp, a key or filters."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any, Self, TypeVar

from flask import g
from flask_wtf import FlaskForm
from wtforms import Field, Form, HiddenField
from wtforms.i18n import get_translations
from wtforms.meta import DefaultMeta
from wtforms.validators import Regexp
from wtforms.widgets import Select

from salon.platform.database.versions import Values, stamp_of
from salon.platform.pages.forms.checks import RELOAD, check_key
from salon.platform.pages.forms.texts import mail_words_field, typed_values
from salon.platform.words.errors import RuleBroken

Row = TypeVar("Row")
UNSAVED = frozenset(("csrf_token", "submission_key", "stamp", "version", "mail_words"))
"""Fields that accompany what a form changes."""


class SentField(HiddenField):
    """A field that holds the sent value only, never the default of the page."""

    def process_formdata(self, valuelist: list[str]) -> None:
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


def _forbidden_attributes(field: Field) -> dict[str, bool]:
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


OWN_WORDS = {
    "Not a valid integer value.": "Indiquez un nombre entier.",
    "Not a valid decimal value.": "Indiquez un nombre.",
    "Not a valid float value.": "Indiquez un nombre.",
    "Not a valid date value.": "Indiquez une date, comme 01/10/2021.",
    "Not a valid time value.": "Indiquez une heure, comme 9\u00a0h\u00a030.",
    "Not a valid choice.": "Choisissez dans la liste.",
    "Date must be at least %(min)s.": "La date est au plus tôt le %(min)s.",
    "Date must be at most %(max)s.": "La date est au plus tard le %(max)s.",
    "Date must be between %(min)s and %(max)s.": "La date est entre le %(min)s et le %(max)s.",
}
"""Messages of WTForms that its French catalogue lacks, or says in a programmer's words."""


class FrenchMessages:
    """The messages of WTForms in French."""

    def __init__(self) -> None:
        self.catalogue = get_translations(["fr"])

    def gettext(self, text: str) -> str:
        return OWN_WORDS.get(text) or str(self.catalogue.gettext(text))

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        return str(self.catalogue.ngettext(singular, plural, count))


FRENCH = FrenchMessages()
# Forms inside a form are plain forms of WTForms, which has no other place to say this.
DefaultMeta.get_translations = lambda self, form: FRENCH


class SalonForm(FlaskForm):
    """Parent of every form, with WTForms' own messages in French."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: Form, formdata: object) -> object:
            wrapped = super().wrap_formdata(form, formdata)
            kept_fields = g.get("kept_fields")
            if wrapped is not None or formdata is None or kept_fields is None:
                return wrapped
            if not any(name.partition("-")[0] in form for name in kept_fields):
                return None
            g.kept_fields_taken = True
            return kept_fields

        def get_translations(self, form: Form) -> FrenchMessages:
            return FRENCH

        def render_field(self, field: Field, render_kw: dict[str, object]) -> object:
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

    @property
    def values(self) -> Values:
        """Return what was typed, by field, as a service saves it."""
        return typed_values(field for field in self if field.name not in UNSAVED)

    @staticmethod
    def shown(values: Values) -> Values:
        """Return saved values as the fields show them: the inverse of `values`."""
        return dict(values)


class Refusals:
    """See `SalonForm.refusals`."""

    def __init__(self, form: SalonForm, kinds: tuple[type[RuleBroken], ...], field: str) -> None:
        self.form, self.kinds, self.field = form, kinds, field

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> bool:
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

    current: Callable[[], Values]

    @classmethod
    def about(
        cls, read: Callable[[Row], Values], row: Row, *, is_fresh: bool = False, **more: object
    ) -> Self:
        """Return the form of the values that `read` finds in `row`.

        `is_fresh`: whatever the request sends; `more`: values of other fields.
        """
        values, options = read(row), {"formdata": None} if is_fresh else {}
        form = cls(data={**cls.shown(values), "stamp": stamp_of(values), **more}, **options)
        form.current = partial(read, row)
        return form

    @property
    def token(self) -> str:
        """Return the version that the page showed."""
        return self.stamp.data or ""


class FilterForm(SalonForm):
    """A form sent by GET: it changes nothing and carries no token."""

    class Meta(SalonForm.Meta):
        csrf = False


def new_submission_key() -> str:
    """Return a key for one sending of a form; the page of this request knows it by `g`."""
    g.submission_key = key = str(uuid.uuid4())
    return key


class CreatingForm(SalonForm):
    """A form that creates something: it carries the key that makes sending it twice idempotent."""

    submission_key = HiddenField("Clé d’envoi", default=new_submission_key, validators=[check_key])

    @property
    def token(self) -> str:
        """Return the key of this sending."""
        return self.submission_key.data or ""


class ChangeForm(StampForm):
    """A change whose consequences are read first, with the organiser's words for the messages."""

    mail_words = mail_words_field()

    @property
    def values(self) -> Values:
        """Return what was typed; `words` are the organiser's."""
        return {**super().values, "words": self.mail_words.data or ""}
