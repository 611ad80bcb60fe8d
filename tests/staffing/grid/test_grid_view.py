"""The grid's lines: rows with what they break, cover, what lacks, names in four letters."""

from typing import Any

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.db import current_session, transaction
from salon.platform.words.formats import hours_of
from salon.staffing.engine.solving.scoring import gaps_of
from salon.staffing.models import Agent, AgentPeriod, PeriodKind
from salon.staffing.presenters.grid import Grid, tags_of
from salon.staffing.presenters.grid_words import lack_words
from salon.staffing.queries.grid import read_grid
from salon.staffing.services.settings import RotaSettings, change_settings
from tests.factories import act_in
from tests.staffing.make import ORGANISER, Village, make_agent, make_needs, make_village, put


def drawn(village: Village) -> Grid:
    current_session().rollback()
    current_session().expire_all()
    return Grid(read_grid(village.edition), lambda body_id: True)


def broken(village: Village, agent: Agent) -> list[tuple[str, str, str]]:
    row = drawn(village).row(agent)
    return [
        (break_.key, break_.severity, break_.words.replace("\u00a0", " ")) for break_ in row.breaks
    ]


@pytest.fixture
def village(app: Flask, edition: Edition) -> Village:
    return make_village(edition)


def test_names_of_stands_in_four_letters() -> None:
    names = ["Département", "THD", "CAUE 34", "Hérault Énergies", "Hérault Logement", "SDIS 34"]
    assert tags_of(names) == ["DÉPA", "THD", "CAUE", "ÉNER", "LOGE", "SDIS"]
    assert tags_of(["Organisme 8", "Organisme 9", "Organisme 10"]) == ["ORGA", "ORG2", "ORG3"]
    assert tags_of(["34"]) == ["34"]


def test_words_of_what_lacks_and_of_a_time() -> None:
    sentence = lack_words(2, ["Fibre", "Eau"]).replace("\u00a0", " ")
    assert sentence == "il manque 2 agents, personne pour « Fibre » ni « Eau »"
    assert lack_words(0, ["Fibre"]).startswith("personne pour")
    assert [hours_of(number).replace("\u00a0", " ") for number in (0, 1, 2, 9)] == [
        "0 h",
        "30 min",
        "1 h",
        "4 h 30",
    ]


def test_a_locked_shift_is_judged_like_any_other(village: Village) -> None:
    """The solver leaves what is locked; the person who locked it is still told what it breaks."""
    away = AgentPeriod(starts_at=village.at(9), ends_at=village.at(10), kind=PeriodKind.UNAVAILABLE)
    agent = make_agent(village, periods=[away])
    locked = village.wanted("SDIS 34", (8, 30), (10, 30))
    put(village, agent, type(locked)(**{**vars(locked), "is_locked": True}))
    assert broken(village, agent) == [
        ("post", "danger", "Pas prévu sur : SDIS 34"),
        ("available", "danger", "Indisponible de 9 h à 10 h"),
        ("uneven", "info", "2 h de plus que sa part"),
    ]


CASES: list[tuple[list[tuple[Any, Any]], set[str]]] = [
    ([((9, 0), (11, 0))], set()),
    ([((9, 0), (11, 30))], {"2 h 30 de suite au stand Département"}),
    (
        [((10, 0), (12, 0)), ((12, 30), (14, 30))],
        {"Pas d’heure pour déjeuner entre 11 h 30 et 14 h 30"},
    ),
    (
        [((8, 30), (11, 30)), ((11, 30), (14, 30))],
        {"6 h de travail sans pause (décret n° 2000-815, art. 3)"},
    ),
]


@pytest.mark.parametrize(("row", "words"), CASES)
def test_each_rule_in_its_words(village: Village, row: Any, words: set[str]) -> None:
    agent = make_agent(village)
    put(village, agent, *(village.wanted("Département", *item) for item in row))
    sentences = {text for _, _, text in broken(village, agent)}
    assert words <= sentences
    if not words:
        assert sentences == {"2 h de plus que sa part"}


def test_wishes_and_weights(village: Village) -> None:
    later = AgentPeriod(starts_at=village.at(9), ends_at=village.at(10), kind=PeriodKind.AVOIDED)
    agent = make_agent(village, stands=("Département", "SDIS 34"), periods=[later])
    with transaction(agent):
        agent.places[1].is_wished = True
    put(village, agent, village.wanted("Département", (8, 30), (9, 30)))
    sentences = broken(village, agent)
    assert ("avoided", "info", "Préfère ne pas travailler de 9 h à 9 h 30") in sentences
    assert ("elsewhere", "info", "Hors de son souhait : SDIS 34") in sentences
    change_settings(act_in(village.edition, ORGANISER), 1, RotaSettings(weights={"avoided": 0}))
    assert not [row for row in broken(village, agent) if row[0] == "avoided"]


def test_a_shift_that_the_frame_left_behind_is_named(village: Village) -> None:
    agent = make_agent(village)
    put(village, agent, village.wanted("Département", (8, 30), (10, 0)))
    change_settings(act_in(village.edition, ORGANISER), 1, RotaSettings(0, 0))
    assert ("outside", "danger", "Vacation hors des heures des stands") in broken(village, agent)
    grid = drawn(village)
    row = grid.row(agent)
    first, *_ = grid.segments(row, grid.read.days[0])
    assert first.kind == "free"


def test_a_row_is_told_in_segments(village: Village) -> None:
    away = AgentPeriod(
        starts_at=village.at(14), ends_at=village.at(15), kind=PeriodKind.UNAVAILABLE
    )
    agent = make_agent(village, periods=[away], leaves_at=village.at(17))
    put(village, agent, village.wanted("Département", (8, 30), (14, 30)))
    grid = drawn(village)
    parts = [
        (segment.kind, segment.end - segment.start)
        for segment in grid.segments(grid.row(agent), grid.read.days[0])
        if segment.kind != "free"
    ]
    assert parts == [("shift", 12), ("away", 1), ("away", 2)]


def test_cover_says_short_thin_full_over_and_idle(village: Village) -> None:
    make_needs(village, end=(11, 0), minimum=1, wished=2, maximum=2)
    for end in ((9, 30), (10, 0), (10, 30)):
        put(village, make_agent(village), village.wanted("Département", (8, 30), end))
    grid = drawn(village)
    cells = grid.cover(range(6), {village.bodies["Département"].stand_id})
    assert [(cell.figures, cell.state, cell.word) for cell in cells] == [
        ("3/2", "over", "trop"),
        ("3/2", "over", "trop"),
        ("2/2", "full", ""),
        ("1/2", "thin", ""),
        ("0/2", "short", "vide"),
        ("–", "idle", ""),
    ]
    assert cells[5].words == "personne n’est demandé"


def test_a_theme_that_nobody_there_knows_is_named(village: Village) -> None:
    make_needs(village, theme=True, minimum=1, wished=1)
    stranger = make_agent(village, body="SDIS 34", stands=("Département",))
    put(village, stranger, village.wanted("Département", (8, 30), (18, 0)))
    grid = drawn(village)
    (cell,) = grid.cover([0], {village.bodies["Département"].stand_id})
    assert (cell.state, cell.word, cell.themes) == ("short", "thème", ["Soutien aux communes"])
    (gap,) = grid.gaps
    assert gap.words.endswith("personne pour «\u00a0Soutien aux communes\u00a0»")


def test_what_lacks_is_what_the_solver_says_lacks(village: Village) -> None:
    make_needs(village, minimum=2, theme=True)
    make_needs(village, body="SDIS 34", start=(10, 0), end=(12, 0), minimum=1, wished=1)
    put(village, make_agent(village), village.wanted("Département", (9, 0), (12, 0)))
    stranger = make_agent(village, body="SDIS 34", stands=("Département",))
    put(village, stranger, village.wanted("Département", (11, 0), (15, 0)))
    grid = drawn(village)
    expected_values = {
        (grid.problem.posts[gap.post].id, gap.at)
        for gap in gaps_of(grid.problem, grid.read.instance.draft)
    }
    steps = {(gap.stand_id, t) for gap in grid.gaps for t in range(gap.start, gap.end)}
    assert steps == expected_values
    assert [gap.start for gap in grid.gaps] == sorted(gap.start for gap in grid.gaps)
