"""Folders of editions made for tests."""

import shutil
from pathlib import Path

from sqlalchemy import func, select

from salon.platform.database.db import Model, current_session

SAVED = {
    *("added_tasks", "badge_settings", "booking_settings", "doors", "edition_days", "editions"),
    *("entrance_settings", "fair_files", "landmarks", "mail_settings"),
    *("exhibitor_terms", "halls", "need_themes", "needs", "partner_bodies", "price_items"),
    *(
        "programme_items",
        "registration_settings",
        "rooms",
        "rotas",
        "stand_bookings",
        "stands",
        "theme_bookings",
        "themes",
    ),
    *("text_versions", "topic_themes", "topics", "zones"),
}


def rows_by_table() -> dict[str, int]:
    """Return the number of rows of each saved table, of all editions."""
    tables = Model.metadata.tables
    return {
        name: current_session().scalar(select(func.count()).select_from(tables[name])) or 0
        for name in SAVED
    }


def as_another(folder: Path, destination: Path) -> Path:
    """Return a copy of a saved folder, under another identifier."""
    shutil.copytree(folder, destination)
    values = destination / "edition.toml"
    values.write_text(values.read_text().replace('identifiant = "2021"', 'identifiant = "copie"'))
    return destination
