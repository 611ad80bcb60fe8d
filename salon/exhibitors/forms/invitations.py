"""Forms of invitations: of an exhibitor's customers by a code, of former exhibitors."""

from typing import Any

from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import Optional, Regexp

from salon.platform.forms import CreatingForm, InRange, organisation_field, required

LARGEST_QUOTA = 5_000
OUT_OF_RANGE = f"Indiquez un nombre de 1 à {LARGEST_QUOTA}, ou rien."


class QuotaField(IntegerField):
    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(OUT_OF_RANGE) from None


class InvitationForm(CreatingForm):
    label = organisation_field(
        "Pour qui est ce code",
        required("Dites pour qui est ce code."),
        length=80,
        autocomplete="off",
    )
    quota = QuotaField(
        "Nombre de personnes",
        validators=[
            Optional(),
            InRange(1, LARGEST_QUOTA, message=OUT_OF_RANGE),
        ],
        render_kw={"min": 1, "max": LARGEST_QUOTA, "inputmode": "numeric", "autocomplete": "off"},
    )


class InviteForm(CreatingForm):
    """The lines ticked are fields `row`; they come from a list or from an earlier edition."""

    rows = TextAreaField("Liste relue")
    source = HiddenField("Édition", validators=[Regexp(r"^\d{0,9}$")])
