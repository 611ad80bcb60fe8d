"""Reads of the settings of badges."""

from collections.abc import Mapping

from salon.badges.models import BadgeSettings, Category
from salon.badges.models.badge_layouts import Layout
from salon.badges.models.settings import DEFAULT_LINES
from salon.platform.database.db import current_session


def settings_of(edition_id: int) -> BadgeSettings:
    """Return the settings of the edition's badges, the defaults while nobody changed them."""
    settings = current_session().get(BadgeSettings, edition_id)
    return settings or BadgeSettings(
        edition_id=edition_id,
        print_layout=Layout.A4.value,
        desk_layout=Layout.LABEL_62.value,
        kiosk_layout=Layout.A6.value,
        lines=[line.value for line in DEFAULT_LINES],
        colours={},
    )


def colours_of(edition_id: int) -> Mapping[str, str]:
    """Return the colour (« #RRGGBB ») of each category of badge."""
    return category_colours(settings_of(edition_id).colours)


def category_colours(changed_colours: Mapping[str, str]) -> Mapping[str, str]:
    """Return the colour (« #RRGGBB ») of each category: the changed ones over the product's own."""
    return {category.value: colour_of(category, changed_colours) for category in Category}


def colour_of(category: Category, changed_colours: Mapping[str, str]) -> str:
    """Return the colour (« #RRGGBB ») of a category: the changed one, else the product's own."""
    return (changed_colours.get(category.value) or category.colour).upper()
