"""Fields of forms that several features ask for; each message is a whole French sentence."""

from datetime import UTC, date, datetime
from typing import Any

from wtforms import (
    DateField,
    DateTimeLocalField,
    Field,
    Form,
    IntegerField,
    StringField,
    TelField,
    TimeField,
)
from wtforms.validators import Optional, Regexp, ValidationError

from salon.platform.pages.forms import InRange, at_most, check_printable, line, one_line
from salon.platform.pages.forms.checks import Validator
from salon.platform.settings.clock import local
from salon.platform.words.company_numbers import ASSOCIATION_NUMBER, WrongSiret, check_siret
from salon.platform.words.phones import holds_several_numbers, readable_number

NOT_WHOLE = "Indiquez un nombre entier."
UNREADABLE = "Rechargez la page, puis recommencez."
YEARS = range(2000, 2200)  # beyond, a delay or an hour more leaves the calendar of the computer


def check_year(read: date | None) -> None:
    if read is not None and read.year not in YEARS:
        raise ValueError


class FrenchDateField(DateField):
    """A day."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
            check_year(self.data)
        except ValueError:
            raise ValueError("Indiquez un jour, par exemple 01/10/2021.") from None


class FrenchMomentField(DateTimeLocalField):
    """A day and an hour of the fair."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
            check_year(self.data)
        except ValueError:
            raise ValueError("Indiquez un jour et une heure.") from None


class FrenchHourField(TimeField):
    """An hour of the day, in wall-clock time; None when blank."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not any(valuelist):
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Indiquez une heure, par exemple 09:00.") from None


def number_field(
    label: str,
    minimum: int,
    maximum: int,
    *validators: Validator,
    message: str,
    wrong: str | None = None,
    **options: Any,
) -> IntegerField:
    """Return a field for a whole number. `message`: when out of bounds; `wrong`: for other text."""
    bounds = {"inputmode": "numeric", "min": minimum, "max": maximum}
    return IntegerField(
        label,
        validators=[*validators, InRange(minimum, maximum, message)],
        invalid_value_message=wrong,
        render_kw=bounds | options.pop("render_kw", {}),
        **options,
    )


def check_number(form: Form, field: Field) -> None:
    if holds_several_numbers(field.data):
        raise ValidationError("Deux numéros sont écrits ici\u00a0: gardez celui à appeler.")
    if readable_number(field.data) is None:
        raise ValidationError("Ce numéro ne paraît pas complet. Exemple\u00a0: 06 12 34 56 78")


def phone_field(*validators: Validator, autocomplete: str = "tel") -> TelField:
    """Return a field for a telephone number, stored as `readable_number` writes it."""
    return TelField(
        "Téléphone",
        validators=[*(validators or (Optional(),)), at_most(60), check_printable, check_number],
        filters=[one_line, lambda text: (text and readable_number(text)) or text],
        render_kw={"autocomplete": autocomplete, "maxlength": 60},
    )


def check_siret_typed(form: Form, field: Field) -> None:
    """Check the key of a SIRET; spaces and dots are removed."""
    try:
        field.data = check_siret(field.data or "")
    except WrongSiret as error:
        raise ValidationError(error.message) from None


def with_scheme(text: str | None) -> str | None:
    """Return « www.exemple.fr » as an address that can be followed."""
    text = one_line(text)
    return f"https://{text}" if text and "://" not in text and ":" not in text else text


def website_field(label: str = "Site internet") -> StringField:
    return StringField(
        label,
        validators=[
            Optional(),
            at_most(200),
            check_printable,
            Regexp(
                r"^https?://[\w\-]+(\.[\w\-]+)+(:\d+)?(/\S*)?$",
                message="Cette adresse de site ne paraît pas complète. Exemple : www.exemple.fr",
            ),
        ],
        filters=[with_scheme],
        render_kw={"inputmode": "url", "maxlength": 200, "autocomplete": "url"},
    )


def check_vat_number(form: Form, field: Field) -> None:
    """Check an intra-community VAT number; spaces and dots are removed."""
    if not field.data:
        return
    from stdnum.eu import vat
    from stdnum.exceptions import ValidationError as NumberRefused

    try:
        field.data = vat.validate(field.data)
    except NumberRefused:
        raise ValidationError(
            "Ce numéro de TVA n’est pas complet. Exemple : FR40303265045"
        ) from None


def legal_form_field() -> StringField:
    return line("Forme juridique", length=100, autocomplete="off")


def register_city_field() -> StringField:
    """Return the field of the court that keeps a company in the *registre du commerce*."""
    letters = Regexp(r"^[^\W\d_][^\d_]*$", message="Le nom d’une ville, sans chiffre.")
    return line("RCS, ville du greffe", Optional(), letters, length=60, autocomplete="off")


def association_number_field() -> StringField:
    """Return the field of the number of an association in the *répertoire national*."""
    number = Regexp(
        rf"^{ASSOCIATION_NUMBER}$",
        message="Un numéro RNA est W suivi de neuf caractères. Exemple : W341000000",
    )
    return line("Numéro RNA", Optional(), number, length=10, autocomplete="off")


def instant(text: str | None) -> datetime | None:
    """Return the instant of an ISO 8601 text with an offset, or None when invalid."""
    try:
        read = datetime.fromisoformat(text or "")
        return None if read.tzinfo is None else local(read).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def check_instant(form: Form, field: Field) -> None:
    if instant(field.data) is None:
        raise ValidationError(UNREADABLE)
