"""Fields of the application: countries, SIRET, web address, whole numbers."""

import re
from typing import Any

from wtforms import IntegerField, StringField, TelField
from wtforms.validators import Regexp

from salon.exhibitors.models import OrganisationKind
from salon.platform.fields import check_siret_typed
from salon.platform.forms import at_most, one_line, required

CIVILITIES = {"": "Sans précision", "madame": "Madame", "monsieur": "Monsieur"}
KINDS = {kind.value: kind.label for kind in OrganisationKind}


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
