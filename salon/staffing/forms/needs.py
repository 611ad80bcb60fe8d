"""Forms of the needs of a stand."""

from wtforms import Form, FormField, HiddenField, IntegerField, SelectField
from wtforms.validators import InputRequired

from salon.platform.pages.fields import number_field
from salon.platform.pages.forms import NumberedList, SalonForm, checkboxes, stamp_field
from salon.staffing.rules.needs import MOST

LONGEST = 500
"""Half hours of a fair."""


def _number(label: str) -> IntegerField:
    message = f"Un nombre entier de 0 à {MOST}."
    return number_field(label, 0, MOST, InputRequired(message), message=message)


class NeedLine(Form):
    """A half hour of the stand."""

    starts_at = HiddenField("Heure")
    minimum = _number("Minimum")
    wished = _number("Souhaité")
    maximum = _number("Maximum")


class NeedsForm(SalonForm):
    """All the half hours of a stand."""

    stamp = stamp_field("État lu")
    lines = NumberedList(FormField(NeedLine), "Demi-heure", max_entries=LONGEST)


class RangeForm(SalonForm):
    """One need for every half hour from one hour to another."""

    stamp = stamp_field("État lu")
    starts_at = SelectField("De")
    ends_at = SelectField("À")
    minimum = _number("Minimum")
    wished = _number("Souhaité")
    maximum = _number("Maximum")
    themes = checkboxes("Thèmes auxquels quelqu’un doit pouvoir répondre", coerce=int)


class CopyForm(SalonForm):
    """Copy from a stand, or from an earlier edition."""

    stamp = stamp_field("État lu")
    source = SelectField(
        "Reprendre les besoins", validators=[InputRequired("Choisissez d’où les reprendre.")]
    )

    def set_choices(self, stands: dict[int, str], editions: dict[int, str]) -> None:
        groups: dict[str, object] = {}
        if stands:
            groups["D’un autre stand"] = {f"stand:{key}": name for key, name in stands.items()}
        if editions:
            groups["D’une édition passée"] = {
                f"edition:{key}": name for key, name in editions.items()
            }
        self.source.choices = groups
