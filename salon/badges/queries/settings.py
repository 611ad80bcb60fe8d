"""Reads of the settings of badges."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Integer, bindparam, select

from salon.badges.models import BadgeSettings, Category
from salon.badges.models.badge_layouts import Layout
from salon.badges.models.settings import DEFAULT_LINES
from salon.platform.db import current_session
from salon.platform.prepared_statements import Prepared, driver


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


@Prepared
def read_colours() -> Any:
    return select(BadgeSettings.colours).where(
        BadgeSettings.edition_id == bindparam("edition_id", type_=Integer)
    )


def colours_of(edition_id: int) -> Mapping[str, str]:
    """Return the colour (« #RRGGBB ») of each category of badge. Read at each scan."""
    with driver() as on:
        rows = read_colours.read(on, edition_id=edition_id)
    return category_colours(rows[0][0] if rows else {})


def category_colours(changed: Mapping[str, str]) -> Mapping[str, str]:
    """Return the colour (« #RRGGBB ») of each category: the changed ones over the product's own."""
    return {
        category.value: (changed.get(category.value) or category.colour).upper()
        for category in Category
    }
