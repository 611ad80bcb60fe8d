"""The settings of badges: papers, printed lines, colours of the categories."""

from collections.abc import Mapping
from pathlib import Path

from salon.badges import rules
from salon.badges.actions import BadgeAction
from salon.badges.models import BadgeSettings, Category
from salon.badges.queries.settings import settings_of
from salon.fair.imports.seed_tables import FileNotUnderstood, read_columns
from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.platform.database.db import get_or_create, transaction
from salon.platform.database.journal import write_entry
from salon.platform.database.versions import Values, check_version, stamp_of
from salon.platform.words.errors import BadInput

FILE = "badges.toml"
KEYS = {
    "papier_des_lots": ("print_layout", str),
    "papier_de_l_accueil": ("desk_layout", str),
    "papier_de_la_borne": ("kiosk_layout", str),
    "lignes": ("lines", list),
    "couleurs": ("colours", dict),
}


def values_of(edition: Edition) -> dict[str, object]:
    """Return the settings by column; their stamp is the version that a page read."""
    settings = settings_of(edition.id)
    return {column: getattr(settings, column) for column, _ in KEYS.values()}


def change_settings(act: FairAct, changes: Values, stamp: str) -> None:
    """Change the papers, the printed lines and the colours.

    Raises StaleVersion, ContrastTooLow, BadInput.
    """
    changes = {**changes, "colours": _own_colours(changes["colours"])}
    rules.check_settings(changes)
    row = get_or_create(
        BadgeSettings, act.edition.id, **{**values_of(act.edition), "edition_id": act.edition.id}
    )
    with act.transaction(row) as session:
        check_version(stamp, stamp_of(values_of(act.edition)))
        for name, value in changes.items():
            setattr(row, name, value)
        write_entry(
            session, act.actor, BadgeAction.BADGE_SETTINGS_CHANGED, f"edition:{act.edition.id}"
        )


def load_settings(edition: Edition, folder: Path) -> None:
    """Set the badges of badges.toml, which may lack. Raises FileNotUnderstood, ContrastTooLow."""
    path = folder / FILE
    if not path.exists():
        return
    values = read_columns(path, KEYS)
    try:
        rules.check_settings({**values_of(edition), **values})
    except BadInput as error:
        raise FileNotUnderstood(path, "un papier, une ligne ou une couleur inconnus.") from error
    with transaction() as session:
        session.add(BadgeSettings(edition_id=edition.id, **values))


def _own_colours(colours: Mapping[str, str]) -> dict[str, str]:
    """Return the colours that differ from the product's own."""
    return {
        category: colour.lower()
        for category, colour in sorted(colours.items())
        if category in set(Category) and colour.lower() != Category(category).colour.lower()
    }
