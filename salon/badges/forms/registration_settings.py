"""Forms of the settings of registration: categories and places."""

from wtforms import BooleanField, Form, FormField, IntegerField
from wtforms.validators import Optional

from salon.badges.models import ONLINE
from salon.badges.models.labels import AcceptedText
from salon.platform.database.versions import Values
from salon.platform.pages.fields import NOT_WHOLE, number_field
from salon.platform.pages.forms import StampForm, line, markdown_field, paragraphs, typed_values

MOST_PLACES = 100_000


def places_field(label: str) -> IntegerField:
    return number_field(
        label,
        1,
        MOST_PLACES,
        Optional(),
        message="Indiquez un nombre de places entre 1 et 100 000, ou rien.",
        wrong=NOT_WHOLE,
    )


class CategoryFields(Form):
    is_open = BooleanField("Ouverte en ligne")
    label = line("Nom montré à l’inscription", length=40, autocomplete="off")
    places = places_field("Places")


class CategoriesForm(StampForm):
    """A group of fields for each category that may register online."""

    places = places_field("Places en tout")

    @property
    def values(self) -> dict[str, object]:
        """Return the places in all, and {is_open, label, places} by category."""
        names = [category.value for category in ONLINE]
        categories = {name: typed_values(self[name].form) for name in names}
        return {"places": self.places.data, "categories": categories}

    @staticmethod
    def shown(values: Values) -> Values:
        rows = zip(ONLINE, values["categories"], strict=True)
        return {"places": values["places"], **{category.value: row for category, row in rows}}


for _category in ONLINE:
    setattr(CategoriesForm, _category.value, FormField(CategoryFields, _category.label))


class TextsForm(StampForm):
    """The texts that people accept; an empty one is the original again."""

    newsletter = paragraphs(AcceptedText.NEWSLETTER.label, length=300, rows=2)
    photo = paragraphs(AcceptedText.PHOTO.label, length=300, rows=2)
    privacy = markdown_field(AcceptedText.PRIVACY.label, length=1_500)
