"""The form of the settings of badges."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, ColorField, Form, RadioField, SelectField
from wtforms.validators import Regexp

from salon.badges.forms.fields import LAYOUTS
from salon.badges.models import KIOSK_LAYOUTS, BadgeLine, Category
from salon.platform.pages.forms import FilterForm, ListedField, StampForm, checkboxes
from salon.platform.words.colours import COLOUR

COLOUR_FIELDS = {category.value: f"colour_{category.value}" for category in Category}


class BadgeFields(Form):
    print_layout = SelectField("Impression en lot", choices=LAYOUTS)
    desk_layout = SelectField("Bureau d’accueil", choices=LAYOUTS)
    kiosk_layout = RadioField("Bornes et postes d’impression", choices=KIOSK_LAYOUTS)
    lines = checkboxes("Lignes du badge", choices=BadgeLine.choices())


for category in Category:
    colour_field = ColorField(
        category.label,
        validators=[Regexp(rf"^{COLOUR.pattern}\Z", message="Choisissez une couleur.")],
        filters=[lambda text: text.lower() if text else text],
    )
    setattr(BadgeFields, COLOUR_FIELDS[category.value], colour_field)


class BadgeSettingsForm(BadgeFields, StampForm):
    original_colours = BooleanField("Reprendre les couleurs d’origine")


class BadgePreviewForm(BadgeFields, FilterForm):
    """The settings as they are being chosen, and the paper to draw them on."""

    paper = ListedField("Papier", choices=LAYOUTS)


def field_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings as the fields show them: a colour for each category."""
    colours = {
        COLOUR_FIELDS[category.value]: values["colours"].get(category.value, category.colour)
        for category in Category
    }
    return {**values, **{name: colour.lower() for name, colour in colours.items()}}


def chosen_settings(form: BadgeFields) -> dict[str, Any]:
    """Return the settings that the fields hold, by column."""
    forgets = "original_colours" in form and form["original_colours"].data
    colours = {category: form[name].data or "" for category, name in COLOUR_FIELDS.items()}
    return {
        "print_layout": form.print_layout.data,
        "desk_layout": form.desk_layout.data,
        "kiosk_layout": form.kiosk_layout.data,
        "lines": list(form.lines.data or ()),
        "colours": {} if forgets else colours,
    }
