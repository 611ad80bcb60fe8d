"""The look of the fair: two colours and a logo."""

from salon.fair.models import Edition
from salon.fair.rules.look import check_accent_colour, check_main_colour
from salon.platform.database.db import transaction
from salon.platform.database.identity import Identity
from salon.platform.database.journal import write_entry
from salon.platform.database.versions import Values, check_version, stamp_of
from salon.platform.files.uploads import read_logo, remove_file, save_file
from salon.platform.storage.store import FileStore


def look_of(edition: Edition) -> Values:
    """Return the colours, "" for the product's own, and the stored logo, "" for none."""
    names = ("main_colour", "accent_colour", "logo_name")
    return {name: getattr(edition, name) for name in names}


def change_look(
    edition: Edition, changes: Values, stamp: str, store: FileStore, actor: Identity
) -> None:
    """Change the colours and the logo.

    `changes["logo"]`: the bytes of a new one, b"" to take it away, None to keep it. Raises
    ContrastTooLow, LogoRefused, StaleVersion.
    """
    if changes["main_colour"]:
        check_main_colour(changes["main_colour"])
    if changes["accent_colour"]:
        check_accent_colour(changes["accent_colour"])
    logo, former = changes["logo"], edition.logo_name
    file_name = save_file(store, read_logo(logo), ".webp") if logo else ""
    is_kept = False
    try:
        with transaction(edition) as session:
            check_version(stamp, stamp_of(look_of(edition)))
            edition.main_colour = changes["main_colour"]
            edition.accent_colour = changes["accent_colour"]
            if logo is not None:
                edition.logo_name = file_name
            write_entry(session, actor, "edition.look_changed", f"edition:{edition.id}")
        is_kept = True
    finally:
        if not is_kept:
            remove_file(store, file_name)
    if logo is not None:
        remove_file(store, former)
