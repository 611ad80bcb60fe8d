"""The form of the settings of badges."""

from wtforms import BooleanField, ColorField, RadioField, SelectField
from wtforms.validators import Regexp

from salon.badges.forms.fields import LAYOUTS
from salon.badges.models import KIOSK_LAYOUTS, BadgeLine, Category
from salon.platform.database.versions import Values
from salon.platform.pages.forms import FilterForm, ListedField, SalonForm, StampForm, checkboxes
from salon.platform.words.colours import COLOUR

COLOUR_FIELDS = {category.value: f"colour_{category.value}" for category in Category}


class BadgeFields(SalonForm):
    print_layout = SelectField("Impression en lot", choices=LAYOUTS)
    desk_layout = SelectField("Bureau d’accueil", choices=LAYOUTS)
    kiosk_layout = RadioField("Bornes et postes d’impression", choices=KIOSK_LAYOUTS)
    lines = checkboxes("Lignes du badge", choices=BadgeLine.choices())

    @property
    def values(self) -> Values:
        """Return the settings that the fields hold, by column."""
        colours = {category: self[name].data or "" for category, name in COLOUR_FIELDS.items()}
        return {
            "print_layout": self.print_layout.data,
            "desk_layout": self.desk_layout.data,
            "kiosk_layout": self.kiosk_layout.data,
            "lines": list(self.lines.data or ()),
            "colours": colours,
        }

    @staticmethod
    def shown(values: Values) -> Values:
        """Return the settings as the fields show them: a colour for each category."""
        colours = {
            COLOUR_FIELDS[category.value]: values["colours"].get(category.value, category.colour)
            for category in Category
        }
        return {**values, **{name: colour.lower() for name, colour in colours.items()}}


for category in Category:
    colour_field = ColorField(
        category.label,
        validators=[Regexp(rf"^{COLOUR.pattern}\Z", message="Choisissez une couleur.")],
        filters=[lambda text: text.lower() if text else text],
    )
    setattr(BadgeFields, COLOUR_FIELDS[category.value], colour_field)


class BadgeSettingsForm(BadgeFields, StampForm):
    original_colours = BooleanField("Reprendre les couleurs d’origine")

    @property
    def values(self) -> Values:
        values = super().values
        return {**values, "colours": {}} if self.original_colours.data else values


class BadgePreviewForm(BadgeFields, FilterForm):
    """The settings as they are being chosen, and the paper to draw them on."""

    paper = ListedField("Papier", choices=LAYOUTS)
