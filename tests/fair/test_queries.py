"""Reads of the fair. On SQLite and PostgreSQL."""

import pytest
from flask import Flask
from sqlalchemy.exc import NoResultFound

from salon.fair import queries
from salon.fair.models import Edition
from salon.fair.services import load_edition, open_edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from salon.platform.settings.edition import find_time_zone
from salon.platform.settings.installation import ROOT
from tests.statements import statements

pytestmark = pytest.mark.on_both


@pytest.fixture
def fair(app: Flask) -> Edition:
    load_edition(Act(SYSTEM), ROOT / "seed_data" / "2018")
    edition = load_edition(Act(SYSTEM), ROOT / "seed_data" / "2021")
    open_edition(Act(SYSTEM), edition.id)
    current_session().expunge_all()
    return queries.get_public_edition()


def test_nothing_is_current_in_an_empty_database(app: Flask) -> None:
    assert queries.find_public_edition() is None
    assert queries.editions() == []
    with pytest.raises(NoResultFound):
        queries.get_public_edition()


def test_the_current_edition_and_its_days_cost_one_select(fair: Edition) -> None:
    find_time_zone()  # read once per process and 10 s
    current_session().expunge_all()
    with statements() as seen:
        edition = queries.find_public_edition()
        assert edition is not None
        assert edition.day_label == "vendredi 1er\u00a0octobre 2021"
        assert edition.hours_label == "9\u00a0h – 17\u00a0h\u00a030"
    assert len(seen) == 1


def test_an_edition_is_found_by_its_slug(fair: Edition) -> None:
    assert queries.get_edition("2018").starts_at.year == 2018
    assert queries.find_edition("1999") is None
    with pytest.raises(NoResultFound):
        queries.get_edition("1999")
    assert [edition.slug for edition in queries.editions_before(fair)] == ["2018"]


def test_the_village_has_eight_bodies_the_departement_first(fair: Edition) -> None:
    with statements() as seen:
        bodies = queries.bodies_of(fair)
        results = [(body.short_name, body.stand.number, body.stand.hall.name) for body in bodies]
    assert len(seen) == 1
    assert results[0] == ("Département", "66", "3")
    assert [name for name, _, _ in results[1:]] == [
        "THD",
        "CAUE 34",
        "Cogitis",
        "EID Méditerranée",
        "Hérault Énergies",
        "Hérault Logement",
        "SDIS 34",
    ]
    largest = max(bodies, key=lambda body: body.stand.area)
    assert largest.slug == "departement"


def test_themes_come_in_order_with_their_stand(fair: Edition) -> None:
    with statements() as seen:
        themes = queries.themes_of(fair)
        assert [theme.body.stand.number for theme in themes] == [
            *["66"] * 6,
            *("61", "62", "63", "64", "65", "67", "68"),
        ]
    assert len(seen) == 1
    assert [theme.slug for theme in themes] == [
        "soutien-aux-communes",
        "guidaf",
        "herault-numerique",
        "herault-data",
        "herault-ingenierie",
        "achats-responsables",
        "raccordement-fibre",
        "conseil-architecture",
        "informatique-mairie",
        "moustiques-littoral",
        "energie-eclairage",
        "logement-social",
        "defense-incendie",
    ]


def test_a_theme_belongs_to_its_edition(fair: Edition) -> None:
    assert queries.get_theme(fair, "guidaf").name.startswith("GUIDAF")
    with pytest.raises(NoResultFound):
        queries.get_theme(queries.get_edition("2018"), "guidaf")
    with pytest.raises(NoResultFound):
        queries.get_theme(fair, "inconnu")


def test_the_programme_is_in_the_order_of_the_day(fair: Edition) -> None:
    items = queries.programme_of(fair)
    assert len(items) == 9
    assert [item.starts_at for item in items] == sorted(item.starts_at for item in items)
    assert items[0].starts_at == fair.starts_at


def test_halls_bring_their_stands_and_bodies(fair: Edition) -> None:
    with statements() as seen:
        halls = queries.halls_of(fair)
        counts = {hall.name: sum(1 for stand in hall.stands if stand.body) for hall in halls}
    assert counts == {"1A": 0, "1B": 0, "2": 0, "3": 8}
    assert len(seen) == 2


def test_doors_are_in_the_order_of_their_code(fair: Edition) -> None:
    doors = queries.doors_of(fair)
    assert [door.code for door in doors] == ["A", "B", "X"]
    assert doors[-1].label == "Entrée X, exposants"
