"""Forms of the halls."""

from wtforms import BooleanField, Field, Form, FormField, IntegerField
from wtforms.validators import InputRequired, Regexp, ValidationError
from wtforms.widgets import HiddenInput

from salon.fair.forms.floor import LONGEST_HALL, ListField, metres_field, whole_field
from salon.platform.pages.forms import (
    ChangeForm,
    CreatingForm,
    NumberedList,
    SalonForm,
    StampForm,
    markdown_field,
    organisation_field,
    required,
)

RESERVED = frozenset(("import",))
"""Addresses of the plan that are no hall."""


class _Hall(SalonForm):
    name = organisation_field(
        "Nom du hall",
        required("Indiquez le nom du hall."),
        Regexp(r"^\w[\w-]*\Z", message="Des lettres, des chiffres ou des traits d’union."),
        length=20,
    )
    width = metres_field("Largeur (ouest – est), en mètres", 3, LONGEST_HALL * 3)
    depth = metres_field("Profondeur (nord – sud), en mètres", 3, LONGEST_HALL * 3)
    x = metres_field("Distance au bord ouest du parc, en mètres", 0, 2_000)
    y = metres_field("Distance au bord nord du parc, en mètres", 0, 2_000)
    aisle = metres_field("Largeur des allées, en mètres", 1.2, 10)
    power_kw = whole_field("Électricité, au plus par stand, en kW", 0, 400)
    has_water = BooleanField("L’eau peut être amenée aux stands")
    description = markdown_field("Description", length=1_500)

    def validate_name(self, field: Field) -> None:
        if (field.data or "").lower() in RESERVED:
            raise ValidationError("Ce nom est réservé : choisissez-en un autre.")


class AddHallForm(_Hall, CreatingForm):
    pass


class ChangeHallForm(_Hall, StampForm):
    pass


class BodyMoveFields(Form):
    """The new stand of a body of a closed hall; 0 withdraws the body."""

    body_id = IntegerField(validators=[InputRequired()], widget=HiddenInput())
    stand_id = ListField("Où va cet organisme ?", coerce=int, choices=[])


class CloseHallForm(ChangeForm):
    bodies = NumberedList(FormField(BodyMoveFields), "Organisme", max_entries=200)

    @property
    def values(self) -> dict[str, object]:
        stands = {entry["body_id"]: entry["stand_id"] or None for entry in self.bodies.data}
        return {**super().values, "stands": stands}
