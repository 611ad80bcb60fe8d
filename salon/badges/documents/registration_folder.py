"""What registration writes in an edition's folder; `services.registration_loading` reads it."""

from pathlib import Path

from salon.badges.queries.registration_settings import find_registration_settings
from salon.badges.services.registration_loading import CATEGORY_WORDS, CHOICE_KEYS, REGISTRATION
from salon.fair.documents.edition_files import write_toml
from salon.fair.models import Edition


def write_registration(edition: Edition, folder: Path) -> None:
    """Write the categories and places; nothing where the defaults hold."""
    if (settings := find_registration_settings(edition.id)) is None:
        return
    choices = {
        word: {
            key: settings.categories[category][name]
            for key, (name, _) in CHOICE_KEYS.items()
            if name in settings.categories[category]
        }
        for category, word in CATEGORY_WORDS.items()
        if category in settings.categories
    }
    write_toml(folder / REGISTRATION, {"places": settings.places, **choices})
