"""Loading an edition from its files, and opening it. On SQLite and PostgreSQL."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from salon.badges.models import Category
from salon.fair import queries, rules
from salon.fair.imports.seed_tables import FileNotUnderstood
from salon.fair.models import Edition, Hall, Stand
from salon.fair.services import load_edition, open_edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import entries
from salon.platform.settings.installation import ROOT
from salon.platform.words.errors import RuleBroken
from tests.tables import each

SEED = ROOT / "seed_data"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the 2021 edition, to be spoilt."""
    return Path(shutil.copytree(SEED / "2021", tmp_path / "2021"))


def count(table: type) -> int:
    return current_session().scalar(select(func.count()).select_from(table)) or 0


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.mark.on_both
def test_two_editions_live_side_by_side_and_one_is_current(app: Flask) -> None:
    first = load_edition(Act(SYSTEM), SEED / "2018")
    second = load_edition(Act(SYSTEM), SEED / "2021")
    assert queries.find_public_edition() is None
    open_edition(Act(SYSTEM), second.id)
    assert queries.get_public_edition().slug == "2021"
    open_edition(Act(SYSTEM), first.id)
    assert queries.get_public_edition().slug == "2018"
    assert [edition.slug for edition in queries.editions()] == ["2021", "2018"]
    stands = [body.stand.number for body in queries.bodies_of(first)]
    assert stands == ["66"]
    assert len(queries.bodies_of(second)) == 8


def test_loading_and_opening_are_in_the_journal(app: Flask) -> None:
    edition = load_edition(Act(SYSTEM), SEED / "2021")
    open_edition(Act(SYSTEM), edition.id)
    actions = [entry.action for entry in current_session().scalars(entries())]
    assert actions == ["edition.opened", "edition.loaded"]


@pytest.mark.on_both
def test_an_edition_is_loaded_once(app: Flask) -> None:
    load_edition(Act(SYSTEM), SEED / "2021")
    with pytest.raises(rules.EditionAlreadyLoaded):
        load_edition(Act(SYSTEM), SEED / "2021")
    assert count(Edition) == 1
    assert count(Hall) == 4


@pytest.mark.on_both
@each(
    ("file", "old", "new", "error", "words"),
    [
        ("halls.csv", "3200;80", "3200;90", rules.HallAreaDiffers, "3200"),
        ("halls.csv", "1870;55", "1870;cinquante", FileNotUnderstood, "2021/halls.csv, ligne 4"),
        ("stands.csv", "3;61;20", "4;61;20", FileNotUnderstood, "stands.csv, ligne 32"),
        ("stands.csv", "3;62;30", "3;61;30", FileNotUnderstood, "stands.csv, ligne 33"),
        ("stands.csv", "3;62;30", "3;62;26", rules.FloorFaults, "61 et 62 se recouvrent"),
        ("stands.csv", "3;64;50", "3;64;75", rules.FloorFaults, "Le stand 64 dépasse du hall 3"),
        ("stands.csv", "3;3;3;3;3;non", "3;3;3;3;3;parfois", FileNotUnderstood, "parfois"),
        ("stands.csv", "oui;standard", "oui;vip", FileNotUnderstood, "premium"),
        ("stands.csv", "3;3;3;3;3;non", "3;3;3;3;3,5;non", FileNotUnderstood, "un nombre entier"),
        ("stands.csv", "3;3;3;3;3;non", "3;3;3;3;12;non", rules.FloorFaults, "au plus 9"),
        ("stands.csv", "3;3;3;3;3;non", "nan;3;3;3;3;non", FileNotUnderstood, "ligne 2"),
        ("bodies.csv", ";62;", ";61;", FileNotUnderstood, "déjà pris"),
        ("themes.csv", "guidaf;departement", "guidaf;region", FileNotUnderstood, "region"),
        ("figures.csv", "herault-data;38", "data;38", FileNotUnderstood, "figures.csv, ligne 8"),
        ("doors.csv", "B;Entrée", "A;Entrée", FileNotUnderstood, "doors.csv, ligne 3"),
        ("programme.csv", "17:30", "18:30", rules.ProgrammeOutsideOpeningHours, "Clôture"),
        ("programme.csv", "01/10/2021", "31/02/2021", FileNotUnderstood, "31/02/2021"),
        ("edition.toml", "ville =", "commune =", FileNotUnderstood, "ville"),
        ("edition.toml", "09:00:00", "19:00:00", rules.DatesOutOfOrder, "avant de fermer"),
    ],
)
def test_a_folder_that_breaks_a_rule_writes_nothing_and_says_why(
    app: Flask, folder: Path, file: str, old: str, new: str, error: type[RuleBroken], words: str
) -> None:
    right = (folder / file).read_bytes()
    replace(folder / file, old, new)
    with pytest.raises(error) as refusal:
        load_edition(Act(SYSTEM), folder)
    (folder / file).write_bytes(right)
    assert words in refusal.value.message
    assert count(Edition) == 0
    assert count(Stand) == 0


def test_a_refused_folder_is_loaded_once_it_is_put_right(app: Flask, folder: Path) -> None:
    right = (folder / "edition.toml").read_text()
    (folder / "edition.toml").write_text("")
    with pytest.raises(RuleBroken):
        load_edition(Act(SYSTEM), folder)
    (folder / "edition.toml").write_text(right)
    load_edition(Act(SYSTEM), folder)
    assert count(Edition) == 1


@pytest.mark.on_both
def test_the_halls_have_the_areas_of_the_announcement(app: Flask) -> None:
    edition = load_edition(Act(SYSTEM), SEED / "2021")
    areas = {hall.name: hall.area for hall in queries.halls_of(edition)}
    assert areas == {"1A": 1150, "1B": 720, "2": 1870, "3": 3200}


@pytest.mark.on_both
def test_doors_name_categories_that_exist(app: Flask) -> None:
    edition = load_edition(Act(SYSTEM), SEED / "2021")
    doors = {door.code: door.admits for door in queries.doors_of(edition)}
    assert doors == {
        "A": [],
        "B": [],
        "X": [Category.EXHIBITOR, Category.AGENT, Category.ORGANISER],
    }
