"""Forms of the plan of the halls."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask_wtf.file import FileRequired, FileSize
from wtforms import (
    BooleanField,
    Field,
    Form,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, StopValidation, ValidationError

from salon.fair.engine.layout import NewStand, PlacedStand, from_json
from salon.fair.models import StandCategory
from salon.fair.rules import MOST_STANDS
from salon.platform.documents.spreadsheets.preview import list_file_field
from salon.platform.pages.forms import (
    CreatingForm,
    InRange,
    SalonForm,
    VersionForm,
    line,
    mail_words_field,
    required,
    version_field,
)

LONGEST_HALL = 100
LONGEST_FILE = 250_000
"""Bytes: five times a national fair, and the limit of the form that confirms it."""
CATEGORIES = StandCategory.choices()


class MetresField(StringField):
    """A length in metres, with a comma or a point; `data` is a float."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.raw = valuelist[0].strip() if valuelist else ""
        self.data: Any = None
        with suppress(ValueError):
            self.data = round(float(self.raw.replace(",", ".").replace("\u00a0", "")), 2)

    def _value(self) -> str:
        if self.data is None:
            return getattr(self, "raw", "")
        return f"{self.data:g}".replace(".", ",")


def check_metres(smallest: float, largest: float) -> Callable[[object, object], None]:
    def check(form: Form, field: Field) -> None:
        if field.data is None or not smallest <= field.data <= largest:
            low, high = (f"{bound:g}".replace(".", ",") for bound in (smallest, largest))
            raise StopValidation(f"Indiquez une longueur entre {low} m et {high} m.")

    return check


def metres_field(label: str, smallest: float, largest: float) -> MetresField:
    return MetresField(
        label,
        validators=[
            InputRequired("Indiquez cette longueur en mètres."),
            check_metres(smallest, largest),
        ],
        render_kw={"inputmode": "decimal", "maxlength": 8},
    )


class WholeField(IntegerField):
    """A whole number; anything else counts as blank."""

    def process_formdata(self, valuelist: list[str]) -> None:
        with suppress(ValueError):
            super().process_formdata(valuelist)


def whole_field(label: str, minimum: int, maximum: int) -> WholeField:
    return WholeField(
        label,
        validators=[
            InputRequired("Indiquez un nombre entier."),
            InRange(minimum, maximum, f"Indiquez un nombre entier entre {minimum} et {maximum}."),
        ],
        render_kw={"inputmode": "numeric"},
    )


class OneOf:
    """Refuse in French a choice that is not on the page."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        with suppress(ValueError):
            super().process_formdata(valuelist)  # type: ignore[misc]

    def pre_validate(self, form: Form) -> None:
        if self.data not in {choice.value for choice in self.iter_choices()}:  # type: ignore[attr-defined]
            raise StopValidation("Choisissez une réponse de la liste.")


class ListField(OneOf, SelectField):
    pass


class ButtonsField(OneOf, RadioField):
    pass


class _Stand:
    number = line("Numéro", required("Indiquez le numéro du stand."), length=8)
    width = metres_field("Largeur (ouest – est), en mètres", 0.5, 60)
    depth = metres_field("Profondeur (nord – sud), en mètres", 0.5, 60)
    power_kw = whole_field("Électricité, en kW", 0, 400)
    category = ListField("Catégorie de prix", choices=CATEGORIES)
    has_water = BooleanField("Arrivée et évacuation d’eau")
    is_accessible = BooleanField("Accessible en fauteuil")

    def stand_at(self, x: float, y: float) -> NewStand:
        return NewStand(
            number=self.number.data,
            x=x,
            y=y,
            width=self.width.data,
            depth=self.depth.data,
            power_kw=self.power_kw.data,
            has_water=self.has_water.data,
            is_accessible=self.is_accessible.data,
            category=StandCategory(self.category.data),
        )


class StandForm(_Stand, CreatingForm):
    """One stand."""

    version = version_field()
    mail_words = mail_words_field()
    x = metres_field("Distance au mur ouest, en mètres", 0, LONGEST_HALL)
    y = metres_field("Distance au mur nord, en mètres", 0, LONGEST_HALL)

    @property
    def stand(self) -> NewStand:
        return self.stand_at(self.x.data, self.y.data)


class StandRowsForm(_Stand, CreatingForm):
    """Equal stands, laid out by the product."""

    count = whole_field("Nombre de stands", 1, MOST_STANDS)


class FloorForm(VersionForm):
    """A whole hall, from the drawing editor: the layout read, and the layout drawn."""

    mail_words = mail_words_field()
    base = HiddenField("Plan lu")
    layout = HiddenField("Plan dessiné")

    read: list[PlacedStand]
    drawn: list[PlacedStand]

    def validate_base(self, field: Field) -> None:
        self.read = _understood(field.data)

    def validate_layout(self, field: Field) -> None:
        self.drawn = _understood(field.data)


def _understood(text: str | None) -> list[PlacedStand]:
    try:
        return from_json(text or "")
    except (ValueError, RecursionError):
        raise ValidationError("Le plan envoyé ne se lit pas.") from None


class RowForm(VersionForm):
    """New numbers for a row."""

    mail_words = mail_words_field()
    row = ListField("Rangée", coerce=int)
    first = whole_field("Premier numéro", 0, 99_999)
    step = whole_field("Pas", 1, 100)
    direction = ButtonsField(
        "Sens", choices={"east": "De gauche à droite", "west": "De droite à gauche"}, default="east"
    )


class HallForm(VersionForm):
    """The aisles and the supplies of a hall."""

    aisle = metres_field("Largeur des allées, en mètres", 1.2, 10)
    power_kw = whole_field("Électricité, au plus par stand, en kW", 0, 400)
    has_water = BooleanField("L’eau peut être amenée aux stands")


class ImportForm(SalonForm):
    file = list_file_field(
        "Fichier des stands",
        FileRequired("Choisissez le fichier à importer."),
        FileSize(
            LONGEST_FILE, message="Ce fichier est trop long pour un plan : au plus 250\u00a0ko."
        ),
    )


class ConfirmForm(SalonForm):
    """A previewed file, with the versions of the halls it was compared with."""

    content = HiddenField("Fichier", validators=[InputRequired("Rechargez la page.")])
    versions = HiddenField("Versions", validators=[InputRequired("Rechargez la page.")])
