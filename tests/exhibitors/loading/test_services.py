"""The terms and prices of an edition, read from its folder, on SQLite and PostgreSQL."""

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask import Flask
from sqlalchemy import func, select
from stdnum import iban
from stdnum.fr import siret, tva

from salon.exhibitors.models import ExhibitorTerms, PriceItem, Supply, Task
from salon.exhibitors.services.loading import TermsAlreadyLoaded, check_terms, load_terms
from salon.fair.imports.seed_tables import FileNotUnderstood
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from salon.platform.settings.installation import ROOT
from tests.factories import act_in
from tests.tables import each

REAL = ROOT / "seed_data" / "2021"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "2021"
    copy.mkdir()
    for name in ("exhibitors.toml", "prices.csv"):
        shutil.copy(REAL / name, copy / name)
    return copy


def change(folder: Path, old: str, new: str) -> None:
    path = folder / "exhibitors.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.on_both
def test_the_terms_of_2021_are_loaded_with_their_prices(app: Flask, edition: Edition) -> None:
    terms = load_terms(act_in(edition, SYSTEM), REAL)
    assert terms is not None
    assert terms.applications_open_at == datetime(2021, 3, 1, 7, tzinfo=UTC)
    assert terms.applications_close_at == datetime(2021, 10, 1, 15, 30, tzinfo=UTC)
    assert (terms.minimum_area, terms.maximum_area) == (6, 120)
    assert terms.deadline(Task.SAFETY) == date(2021, 9, 3)
    assert set(terms.deadlines) == set(Task)
    assert siret.is_valid(terms.seller["siret"])
    assert tva.is_valid(terms.seller["vat_number"])
    assert iban.is_valid(terms.seller["iban"])
    assert "\u00a0h" in terms.set_up
    assert current_session().scalar(select(func.count()).select_from(PriceItem)) == 24
    meals = select(PriceItem.code).where(PriceItem.supply == Supply.CATERING)
    assert current_session().scalars(meals).all() == ["DEJEUNER"]
    with pytest.raises(TermsAlreadyLoaded):
        load_terms(act_in(edition, SYSTEM), REAL)
    assert current_session().scalar(select(func.count()).select_from(PriceItem)) == 24


@pytest.mark.on_both
def test_an_edition_may_have_no_applications(app: Flask, edition: Edition, tmp_path: Path) -> None:
    assert check_terms(tmp_path) is False
    assert load_terms(act_in(edition, SYSTEM), tmp_path) is None


@pytest.mark.on_both
@each(
    ("spoil", "sentence"),
    [
        (lambda folder: change(folder, "ouvrent = 2021-03-01T08:00:00", ""), "« ouvrent »"),
        (lambda folder: change(folder, "ouvrent = 2021", "ouvrent = 2022"), "avant d’ouvrir"),
        (
            lambda folder: change(folder, "surface_minimale = 6", "surface_minimale = 0"),
            "au moins 1",
        ),
        (
            lambda folder: change(folder, "surface_maximale = 120", "surface_maximale = 2"),
            "plus petite",
        ),
        (
            lambda folder: change(folder, "jours_pour_payer = 30", "jours_pour_payer = 61"),
            "60 jours au plus",
        ),
        (lambda folder: change(folder, "assurance = 2021", "assurances = 2021"), "« assurances »"),
        (lambda folder: change(folder, "[vendeur]", "[vendeuse]"), "« vendeur »"),
        (
            lambda folder: change(folder, "[vendeur]", '[vendeur]\nregime_tva = "autre"'),
            "le régime de TVA",
        ),
        (lambda folder: change(folder, "[badges]", "[badges"), "pas du TOML"),
        (lambda folder: (folder / "prices.csv").unlink(), "absent"),
        (lambda folder: (folder / "prices.csv").write_text("code;prix\n"), "« libelle »"),
    ],
)
def test_a_file_that_is_not_understood_is_refused_whole(
    app: Flask, edition: Edition, folder: Path, spoil: Callable[[Path], None], sentence: str
) -> None:
    with TemporaryDirectory() as place, pytest.raises(FileNotUnderstood) as refusal:
        copy = Path(shutil.copytree(folder, place, dirs_exist_ok=True))
        spoil(copy)
        load_terms(act_in(edition, SYSTEM), copy)
    assert sentence in refusal.value.message.replace("\u00a0", " ")
    current_session().rollback()
    assert current_session().scalar(select(func.count()).select_from(ExhibitorTerms)) == 0
