"""Forms of zones and doors."""

from typing import Any

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from wtforms.validators import Optional

from salon.badges.models import Category
from salon.fair.models import ZoneKind
from salon.platform.forms import (
    CreatingForm,
    InRange,
    SalonForm,
    SentField,
    VersionForm,
    checkboxes,
    line,
    organisation_field,
    required,
    version_field,
)

MOST_PLACES = 100_000
YEARS = range(2000, 2200)
LONGEST_CODE = 20
CATEGORIES = Category.choices()


class MomentField(DateTimeLocalField):
    """A day and an hour in Europe/Paris, with a French error message."""

    def process_formdata(self, valuelist: Any) -> None:
        try:
            super().process_formdata(valuelist)
            if self.data is not None and self.data.year not in YEARS:
                raise ValueError
        except ValueError:
            raise ValueError("Indiquez un jour et une heure.") from None


class PlacesField(IntegerField):
    """A number of places, with a French error message."""

    def process_formdata(self, valuelist: Any) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Indiquez un nombre entier, ou rien.") from None


def categories(label: str, description: str) -> SelectMultipleField:
    """Return a field of badge categories; the description says whether none ticked means all or
    none."""
    return checkboxes(label, CATEGORIES, description=description)


def moment(label: str, description: str = "") -> MomentField:
    formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
    return MomentField(label, validators=[Optional()], format=formats, description=description)


class ZoneFields:
    """A zone, the categories it admits and its hours."""

    kind = SelectField(
        "Nature",
        choices=ZoneKind.choices(),
        default=ZoneKind.CONFERENCE.value,
    )
    label = organisation_field("Nom de la zone", required("Donnez un nom à la zone."), length=60)
    stand = SelectField("Stand", description="Pour une zone qui est un stand.", default="")
    admits = categories("Qui peut entrer", "Rien de coché\u00a0: tout le monde.")
    is_vip_only = BooleanField("Réservé aux invités d’honneur")
    capacity = PlacesField(
        "Places",
        validators=[
            Optional(),
            InRange(1, MOST_PLACES, f"Un nombre entier de 1 à {MOST_PLACES}, ou rien."),
        ],
        description="Au plus, en même temps. Vide\u00a0: on ne compte pas.",
        render_kw={"min": 1, "max": MOST_PLACES, "inputmode": "numeric"},
    )
    opens_at = moment("Ouvre", "Vide\u00a0: toujours ouvert.")
    closes_at = moment("Ferme", "Vide\u00a0: ne ferme pas.")
    early_admits = categories(
        "Qui entre avant l’ouverture", "Par exemple les exposants, qui installent leur stand."
    )
    early_from = moment("À partir de")
    rule = RadioField(
        "Qui n’y a pas droit",
        choices={"strict": "Est refusé à la porte", "warning": "Passe, avec un avertissement"},
        default="strict",
    )


class AddZoneForm(CreatingForm, ZoneFields):
    pass


class ChangeZoneForm(SalonForm, ZoneFields):
    version = version_field()


class SeenForm(VersionForm):
    """A button, with the version that was on the page."""


class DoorFields:
    """A door: its label, the categories it admits, the zone it leads to."""

    label = organisation_field("Nom de la porte", required("Donnez un nom à la porte."), length=60)
    zone = SelectField("Mène à", default="")
    admits = categories("Qui peut passer", "Rien de coché\u00a0: tout le monde.")


class AddDoorForm(CreatingForm, DoorFields):
    code = line(
        "Code",
        required("Donnez un code à la porte."),
        length=LONGEST_CODE,
        description="Une lettre ou un mot court, lu sur les appareils. Il ne change plus ensuite.",
    )


class ChangeDoorForm(SalonForm, DoorFields):
    seen = SentField("Vu", render_kw={"maxlength": 1_000})
