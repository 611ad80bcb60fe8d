"""The look of the fair: two colours, a logo and the picture of the home page."""

from contextlib import ExitStack

from salon.fair.actions import FairAction
from salon.fair.models import Edition
from salon.fair.rules.look import check_accent_colour, check_main_colour
from salon.fair.services.acts import FairAct
from salon.platform.database.journal import write_entry
from salon.platform.database.versions import Values, check_version, stamp_of
from salon.platform.files.uploads import (
    read_logo,
    remove_file,
    removed_unless_saved,
    save_file,
)
from salon.platform.storage.store import FileStore
from untrusted_files.apart import Task

TEXTS = ("main_colour", "accent_colour", "picture_alt", "picture_credit")
PICTURES = {
    "logo_name": ("logo", Task.LOGO),
    "picture_name": ("picture", Task.PICTURE),
    "small_picture_name": ("picture", Task.SMALL_PICTURE),
}
"""Column of each stored file: what was sent, and how it is written anew."""


def look_of(edition: Edition) -> Values:
    """Return the colours, "" for the product's own, and the stored pictures, "" for none."""
    names = (
        *("main_colour", "accent_colour", "logo_name"),
        *("picture_name", "picture_alt", "picture_credit"),
    )
    return {name: getattr(edition, name) for name in names}


def change_look(act: FairAct, changes: Values, stamp: str, store: FileStore) -> None:
    """Change the colours, the logo and the picture of the home page.

    `changes["logo"]`, `changes["picture"]`: the bytes of a new one, b"" to take it away, None to
    keep it. Raises ContrastTooLow, LogoRefused, StaleVersion.
    """
    if changes["main_colour"]:
        check_main_colour(changes["main_colour"])
    if changes["accent_colour"]:
        check_accent_colour(changes["accent_colour"])
    new_names: dict[str, str] = {}
    with ExitStack() as uploads:
        for column, (name, task) in PICTURES.items():
            if (content := changes.get(name)) is not None:
                new_names[column] = save_picture(store, content, task)
                uploads.enter_context(removed_unless_saved(store, new_names[column]))
        former_names = [getattr(act.edition, column) for column in new_names]
        with act.transaction(act.edition) as session:
            check_version(stamp, stamp_of(look_of(act.edition)))
            columns = {name: changes[name] for name in TEXTS}
            for column, value in {**columns, **new_names}.items():
                setattr(act.edition, column, value)
            write_entry(
                session, act.actor, FairAction.EDITION_LOOK_CHANGED, f"edition:{act.edition.id}"
            )
    for name in former_names:
        remove_file(store, name)


def save_picture(store: FileStore, content: bytes, task: Task) -> str:
    """Store a picture written anew; return its stored name, "" for b"". Raises LogoRefused."""
    return save_file(store, read_logo(content, task), ".webp") if content else ""
