"""Fields of the application: countries, SIRET, web address, whole numbers."""

import re
from typing import Any

from wtforms import IntegerField, StringField, TelField
from wtforms.validators import Optional, Regexp, ValidationError

from salon.exhibitors.models import OrganisationKind
from salon.exhibitors.rules.application import WrongSiret, check_siret
from salon.platform.forms import at_most, check_printable, one_line, required

CIVILITIES = {"": "Sans précision", "madame": "Madame", "monsieur": "Monsieur"}
KINDS = {kind.value: kind.label for kind in OrganisationKind}
COUNTRIES = {
    "FR": "France",
    "DE": "Allemagne",
    "AD": "Andorre",
    "AT": "Autriche",
    "BE": "Belgique",
    "BG": "Bulgarie",
    "CA": "Canada",
    "CY": "Chypre",
    "HR": "Croatie",
    "DK": "Danemark",
    "ES": "Espagne",
    "EE": "Estonie",
    "US": "États-Unis",
    "FI": "Finlande",
    "GR": "Grèce",
    "HU": "Hongrie",
    "IE": "Irlande",
    "IT": "Italie",
    "LV": "Lettonie",
    "LT": "Lituanie",
    "LU": "Luxembourg",
    "MT": "Malte",
    "MA": "Maroc",
    "MC": "Monaco",
    "NO": "Norvège",
    "NL": "Pays-Bas",
    "PL": "Pologne",
    "PT": "Portugal",
    "RO": "Roumanie",
    "GB": "Royaume-Uni",
    "SK": "Slovaquie",
    "SI": "Slovénie",
    "SE": "Suède",
    "CH": "Suisse",
    "CZ": "Tchéquie",
    "TN": "Tunisie",
}


def check_siret_typed(form: Any, field: Any) -> None:
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


def siret_field() -> StringField:
    return StringField(
        "SIRET",
        validators=[required("Indiquez le numéro SIRET."), check_siret_typed],
        filters=[one_line],
        render_kw={"inputmode": "numeric", "maxlength": 20, "autocomplete": "off"},
    )


def phone_field(*validators: Any) -> TelField:
    return TelField(
        "Téléphone",
        validators=[
            *validators,
            at_most(30),
            Regexp(
                r"^([+0-9][0-9 .()\-\u00a0\u202f]{5,29})?$",
                message="Ce numéro ne paraît pas complet. Exemple : 04 67 12 34 56",
            ),
        ],
        filters=[one_line],
        render_kw={"autocomplete": "tel", "maxlength": 30},
    )


class WholeNumberField(IntegerField):
    """A whole number, typed in digits."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = one_line(valuelist[0]) if valuelist else ""
        if not typed:
            self.data = None
        elif re.fullmatch(r"\d{1,9}", typed):
            self.data = int(typed)
        else:
            self.data = None
            raise ValueError("Écrivez un nombre entier, en chiffres.")
