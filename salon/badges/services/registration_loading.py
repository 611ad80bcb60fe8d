"""Load the choices for registration of an edition from its folder."""

from pathlib import Path

from salon.badges.models import ONLINE, RegistrationSettings
from salon.badges.models.labels import AcceptedText
from salon.badges.services.accepted_texts import write_version
from salon.fair.imports.seed_tables import FileNotUnderstood, read_toml, value_of
from salon.fair.models import Edition
from salon.platform.database.db import transaction

REGISTRATION = "registration.toml"
CATEGORY_WORDS = dict(zip(ONLINE, ("elu", "visiteur", "presse", "invite"), strict=True))
TEXT_WORDS = {
    AcceptedText.NEWSLETTER: "lettre",
    AcceptedText.PHOTO: "photo",
    AcceptedText.PRIVACY: "donnees",
}
CHOICE_KEYS: dict[str, tuple[str, type]] = {
    "nom": ("label", str),
    "ouverte": ("is_open", bool),
    "places": ("places", int),
}


def load_registration(edition: Edition, folder: Path) -> None:
    """Set the categories, places and texts of registration.toml, which may lack.

    Raises FileNotUnderstood.
    """
    path = folder / REGISTRATION
    if not path.exists():
        return
    content = read_toml(path)
    texts = value_of(path, {"textes": {}, **content}, "textes", dict)
    if unknown := sorted({*content} - {"places", "textes", *CATEGORY_WORDS.values()}):
        raise FileNotUnderstood(path, f"«\u00a0{unknown[0]}\u00a0» n’est pas un réglage.")
    settings = RegistrationSettings(
        edition_id=edition.id,
        places=_places(path, content),
        categories={
            category.value: _read_choice(path, content[word])
            for category, word in CATEGORY_WORDS.items()
            if word in content
        },
    )
    written_texts = {
        subject: value_of(path, texts, word, str)
        for subject, word in TEXT_WORDS.items()
        if word in texts
    }
    with transaction() as session:
        if settings.places or settings.categories:
            session.add(settings)
        for subject, text in written_texts.items():
            write_version(session, edition, subject, text)


def _read_choice(path: Path, entry: dict[str, object]) -> dict[str, object]:
    if unknown := sorted(set(entry) - set(CHOICE_KEYS)):
        raise FileNotUnderstood(path, f"«\u00a0{unknown[0]}\u00a0» n’est pas un réglage.")
    _places(path, entry)
    keys = ((key, *CHOICE_KEYS[key]) for key in CHOICE_KEYS if key in entry)
    return {name: value_of(path, entry, key, kind) for key, name, kind in keys}


def _places(path: Path, entry: dict[str, object]) -> int | None:
    """Return a number of places, above zero; None when it is left out."""
    if "places" not in entry:
        return None
    places = value_of(path, entry, "places", int)
    if places < 1:
        raise FileNotUnderstood(path, "un nombre de places est d’au moins 1.")
    return places
