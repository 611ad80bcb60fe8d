"""Files of registration in an edition's folder, read by `services.registration_loading`."""

from pathlib import Path

from salon.badges.queries.accepted_texts import texts_in_force
from salon.badges.queries.registration_settings import find_registration_settings
from salon.badges.services.registration_loading import (
    CATEGORY_WORDS,
    CHOICE_KEYS,
    REGISTRATION,
    TEXT_WORDS,
)
from salon.fair.documents.edition_files import write_toml
from salon.fair.models import Edition


def write_registration(edition: Edition, folder: Path) -> None:
    """Write the categories, places and texts in force; nothing where the defaults hold."""
    settings = find_registration_settings(edition.id)
    categories = settings.categories if settings else {}
    choices = {
        word: {
            key: categories[category][name]
            for key, (name, _) in CHOICE_KEYS.items()
            if name in categories[category]
        }
        for category, word in CATEGORY_WORDS.items()
        if category in categories
    }
    texts = {
        TEXT_WORDS[subject]: version.text
        for subject, version in texts_in_force(edition.id).items()
        if version.written_at is not None
    }
    if settings is not None or texts:
        values = {"places": settings.places if settings else None, **choices}
        write_toml(folder / REGISTRATION, values | ({"textes": texts} if texts else {}))
