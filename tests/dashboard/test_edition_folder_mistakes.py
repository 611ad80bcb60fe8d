"""A folder with a mistake in one of its files is not loaded. On SQLite and PostgreSQL."""

import re
from pathlib import Path

import pytest
from flask import Flask

from salon.dashboard.services.edition_folder import (
    SettingOutOfBounds,
    load_folder,
    write_folder,
)
from salon.exhibitors.rules.terms import TermsOutOfOrder
from salon.fair.imports.seed_tables import FileNotUnderstood
from salon.platform.database.act import Act
from salon.platform.database.identity import SYSTEM
from salon.platform.settings.installation import ROOT
from salon.platform.web.access import settings
from salon.platform.words.colours import ContrastTooLow
from salon.platform.words.errors import RuleBroken
from salon.staffing.rules.legal import LooserThanTheLaw, UnknownLimit
from salon.staffing.rules.settings import UnknownStintLength
from tests.dashboard.folders import as_another, rows_by_table
from tests.tables import each

SEED = ROOT / "seed_data"


@pytest.fixture
def saved(app: Flask, tmp_path: Path) -> Path:
    """Return the folder of the fair of 2021, which is loaded, as another edition."""
    edition = load_folder(Act(SYSTEM), SEED / "2021").edition
    write_folder(edition, tmp_path / "saved", settings().file_store)
    return as_another(tmp_path / "saved", tmp_path / "copy")


@pytest.mark.on_both
@each(
    ("file", "old", "new", "error", "words"),
    [
        ("bodies.csv", ";non", ";oui", FileNotUnderstood, "themes.csv, ligne 2.*departement"),
        ("themes.csv", ";non", ";retiré", FileNotUnderstood, "themes.csv, ligne 2.*« oui »"),
        ("zones.csv", "A|B|X", "A|B|Z", FileNotUnderstood, "zones.csv, ligne 2.*porte.*Z"),
        ("topics.csv", "|guidaf", "|inconnu", FileNotUnderstood, "topics.csv, ligne 2.*inconnu"),
        ("rota.toml", "minutes_avant = 30", "avant = 3", FileNotUnderstood, "rota.toml.*avant"),
        (
            "rota.toml",
            "d_une_vacation = 2",
            "d_une_vacation = 9",
            UnknownStintLength,
            "30\u00a0min à 2\u00a0h",
        ),
        (
            "rota.toml",
            "[temps_de_travail]",
            "[temps_de_travail.sdis]\nday = 21",
            LooserThanTheLaw,
            "10\u00a0h de travail par jour",
        ),
        (
            "rota.toml",
            "[temps_de_travail]",
            "[temps_de_travail.sdis]\nweekend = 1",
            UnknownLimit,
            "limite du temps de travail",
        ),
        ("exhibitors.toml", "desistement = []", "desistement = [[3]]", FileNotUnderstood, "palier"),
        (
            "exhibitors.toml",
            "desistement = []",
            "desistement = [[60, 40], [30, 20]]",
            TermsOutOfOrder,
            "montent",
        ),
        ("appointments.toml", "reponse = 15", "reponse = 0", SettingOutOfBounds, "limites"),
        (
            "badges.toml",
            "[couleurs]",
            '[couleurs]\npress = "#ffee00"',
            ContrastTooLow,
            "1,2 pour 1",
        ),
        (
            "messages.toml",
            "[textes]",
            '[textes.registration]\nsubject = "{titi}"',
            FileNotUnderstood,
            "{titi}.*{nom}",
        ),
        ("badges.toml", '"a4"', '"a3"', FileNotUnderstood, "badges.toml.*papier"),
        ("counters.csv", "agents_gardes", "gardes", FileNotUnderstood, "agents_gardes"),
    ],
)
def test_a_mistake_in_any_file_loads_nothing(
    saved: Path, file: str, old: str, new: str, error: type[RuleBroken], words: str
) -> None:
    before = rows_by_table()
    content = (saved / file).read_text()
    assert old in content
    (saved / file).write_text(content.replace(old, new, 1))
    with pytest.raises(error) as refusal:
        load_folder(Act(SYSTEM), saved)
    (saved / file).write_text(content)
    assert re.search(words, refusal.value.message)
    assert rows_by_table() == before
