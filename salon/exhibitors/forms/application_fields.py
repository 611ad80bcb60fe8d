"""Fields of the application: countries, SIRET, web address, whole numbers."""

import re

from wtforms import IntegerField, StringField
from wtforms.validators import Optional

from salon.exhibitors.models import OrganisationKind
from salon.platform.pages.fields import check_siret_typed
from salon.platform.pages.forms import one_line, required

KINDS = OrganisationKind.choices()
MISSING_SIRET = required("Indiquez le numéro SIRET.")


def siret_field(*, is_required: bool = True) -> StringField:
    return StringField(
        "SIRET",
        validators=[MISSING_SIRET if is_required else Optional(), check_siret_typed],
        filters=[one_line],
        render_kw={"inputmode": "numeric", "maxlength": 20, "autocomplete": "off"},
    )


class WholeNumberField(IntegerField):
    """A whole number, typed in digits."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = one_line(valuelist[0]) if valuelist else ""
        if not text:
            self.data = None
        elif re.fullmatch(r"\d{1,9}", text):
            self.data = int(text)
        else:
            self.data = None
            raise ValueError("Écrivez un nombre entier, en chiffres.")
