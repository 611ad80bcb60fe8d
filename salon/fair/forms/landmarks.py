"""Form of a landmark of the plan."""

from wtforms import BooleanField

from salon.fair.forms.floor import LONGEST_HALL, ListField, metres_field
from salon.fair.models import LandmarkKind
from salon.platform.database.versions import Values
from salon.platform.pages.forms import (
    CreatingForm,
    SalonForm,
    StampForm,
    organisation_field,
    required,
)


class _Landmark(SalonForm):
    kind = ListField("Ce que c’est", choices=LandmarkKind.choices())
    name = organisation_field("Nom", required("Indiquez le nom."), length=60)
    hall_id = ListField("Où", choices=[])
    x = metres_field("Distance au bord ouest, en mètres", 0, LONGEST_HALL * 3)
    y = metres_field("Distance au bord nord, en mètres", 0, LONGEST_HALL * 3)
    is_step_free = BooleanField("Accessible en fauteuil, ou réservé aux personnes handicapées")

    @property
    def values(self) -> Values:
        values = dict(super().values)
        hall_id = int(values["hall_id"]) if values["hall_id"] else None
        return {**values, "kind": LandmarkKind(values["kind"]), "hall_id": hall_id}

    @staticmethod
    def shown(values: Values) -> Values:
        return {**values, "hall_id": str(values["hall_id"] or "")}


class AddLandmarkForm(_Landmark, CreatingForm):
    pass


class ChangeLandmarkForm(_Landmark, StampForm):
    pass
