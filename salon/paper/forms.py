"""Forms of the paper pack: codes, ticked lines, with door, direction and time."""

from wtforms import (
    Field,
    Form,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, ListWidget, TimeInput

from salon.entrance.models import Direction
from salon.paper.rules import MOST_CODES, TooManyCodes, hour_in
from salon.platform.pages.forms import CreatingForm, ListedField, SalonForm, one_line, required

LONGEST = 16 * MOST_CODES
"""Most characters pasted at once."""


class PackForm(CreatingForm):
    """Request of a pack, without fields."""


class Way(RadioField):
    def pre_validate(self, form: Form) -> None:
        if self.data not in set(Direction):
            raise ValidationError("Choisissez l’entrée ou la sortie.")


def check_hour(form: Form, field: Field) -> None:
    if hour_in(field.data or "") is None:
        raise ValidationError("Cette heure ne se lit pas. Exemple\u00a0: 09:15.")


class PointingForm(SalonForm):
    """Door, direction and time, which stay for the following lines."""

    door = ListedField("Porte", validators=[required("Choisissez une porte.")])
    direction = Way(
        "Sens",
        choices=[SelectChoice(direction.value, direction.label) for direction in Direction],
        default=Direction.IN.value,
        validators=[required("Choisissez l’entrée ou la sortie.")],
    )
    hour = StringField(
        "Heure du pointage",
        validators=[required("Indiquez l’heure du pointage."), check_hour],
        widget=TimeInput(),
    )

    def offer_doors(self, doors: list[tuple[str, str]], station_door: str) -> None:
        """Set the doors to choose from, (code, label); `station_door`: the station's own door, if
        it has one."""
        self.door.choices = doors
        if self.door.data is None:
            codes = [code for code, _ in doors]
            self.door.data = station_door if station_door in codes else next(iter(codes), None)


def check_length(form: Form, field: Field) -> None:
    if len(field.data or "") > LONGEST:
        field.data = ""
        raise ValidationError(TooManyCodes.message)


class TypingForm(PointingForm):
    codes = StringField("Code", validators=[check_length], filters=[one_line])


class Boxes(SelectMultipleField):
    """Boxes to tick; one that is not on the page is refused in French."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Form) -> None:
        if set(self.data or ()) - {choice.value for choice in self.iter_choices()}:
            raise ValidationError(
                "Une ligne cochée n’est pas sur cette feuille\u00a0: rechargez-la."
            )


class SheetForm(PointingForm):
    """The lines ticked on a page."""

    ticked = Boxes("Lignes cochées", coerce=str)
