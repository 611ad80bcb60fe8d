"""Categories and places of online registration."""

from collections.abc import Sequence

from salon.badges import rules
from salon.badges.actions import BadgeAction
from salon.badges.models import DERIVED, Attendee, Category, RegistrationSettings
from salon.badges.queries.registration_settings import (
    declared_places,
    find_registration_settings,
    places_of,
)
from salon.badges.services.person import Person
from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.journal import write_entry
from salon.platform.database.versions import Values, check_version, stamp_of


def category_values(edition: Edition) -> Values:
    """Return the places in all, and the categories, as their page shows them."""
    places = declared_places(find_registration_settings(edition.id))
    rows = [
        {"label": row.label, "is_open": row.is_open, "places": row.places}
        for row in places.categories
    ]
    return {"places": places.places, "categories": rows}


def change_categories(act: FairAct, changes: Values, stamp: str) -> None:
    """Change the categories and the places. Raises StaleVersion, NoCategoryOpen.

    `changes`: `places`, and `categories`: {label, is_open, places} by category. Nobody who is
    registered loses their place.
    """
    with act.transaction(act.edition) as session:
        check_version(stamp, stamp_of(category_values(act.edition)))
        settings = find_registration_settings(act.edition.id)
        if settings is None:
            settings = RegistrationSettings(edition_id=act.edition.id)
        settings.places = changes["places"]
        settings.categories = {
            category: overrides
            for category, choice in changes["categories"].items()
            if (overrides := _overrides(Category(category), choice))
        }
        rules.check_a_category_is_open(declared_places(settings).categories)
        session.add(settings)
        write_entry(
            session,
            act.actor,
            BadgeAction.REGISTRATION_CATEGORIES_CHANGED,
            f"edition:{act.edition.id}",
        )


def _overrides(category: Category, choice: Values) -> dict[str, object]:
    """Return what differs from the defaults of a category."""
    overrides: dict[str, object] = {}
    if choice["label"] and choice["label"] != category.label:
        overrides["label"] = choice["label"]
    if choice["is_open"] != (category in DERIVED):
        overrides["is_open"] = choice["is_open"]
    if choice["places"] is not None:
        overrides["places"] = choice["places"]
    return overrides


def limits_of(edition: Edition) -> list[RegistrationSettings]:
    """Return the row to lock before places are counted; none while there is no limit."""
    settings = find_registration_settings(edition.id)
    has_limits = settings is not None and declared_places(settings).has_limits
    return [settings] if settings is not None and has_limits else []


def is_online(act: Act) -> bool:
    """Return whether the categories and the places that are open online bind the actor."""
    return act.actor != SYSTEM and act.actor.role != Role.ORGANISER


def check_online(edition: Edition, people: Sequence[Person], freed: Attendee | None = None) -> None:
    """Check that people may register online; as `check_categories`."""
    check_categories(edition, [online_category(person) for person in people], freed)


def check_categories(
    edition: Edition, categories: Sequence[str], freed: Attendee | None = None
) -> None:
    """Check that each category has a place. The caller's transaction holds `limits_of`.

    `freed`: a registration that they replace. Raises CategoryClosed, NotEnoughPlaces.
    """
    places = places_of(edition)
    if freed is not None:
        places = places.freeing(freed.category)
    rules.check_places(places, categories)


def online_category(person: Person) -> str:
    """Return the category of somebody who registers: chosen, else that of the function."""
    return person.category or rules.category_for(person.function, person.function_other)
