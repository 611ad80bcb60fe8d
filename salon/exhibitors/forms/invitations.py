"""Form of the invitations of an exhibitor's customers, by a code."""

from wtforms.validators import Optional

from salon.platform.pages.fields import number_field
from salon.platform.pages.forms import CreatingForm, organisation_field, required

LARGEST_QUOTA = 5_000
OUT_OF_RANGE = f"Indiquez un nombre de 1 à {LARGEST_QUOTA}, ou rien."


class InvitationForm(CreatingForm):
    label = organisation_field(
        "Pour qui est ce code",
        required("Dites pour qui est ce code."),
        length=80,
        autocomplete="off",
    )
    quota = number_field(
        "Nombre de personnes",
        1,
        LARGEST_QUOTA,
        Optional(),
        message=OUT_OF_RANGE,
        wrong=OUT_OF_RANGE,
        render_kw={"autocomplete": "off"},
    )
