"""Explanations of the solver, in French."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings

from salon.staffing.engine.solving.cover import cover
from salon.staffing.engine.solving.explaining import explain
from salon.staffing.engine.solving.problem import FREE, Problem, Weights
from salon.staffing.engine.solving.reasons import reasons_of
from salon.staffing.engine.solving.shortages import (
    Bottleneck,
    Hindrance,
    Obstacle,
    Remedy,
    RemedyKind,
    Shortage,
)
from salon.staffing.presenters.solver_explanations import (
    bottleneck_words,
    obstacles_words,
    reasons_words,
    remedy_words,
    shortage_sentence,
    shortage_words,
    why_words,
)
from tests.staffing.solving.instances import (
    Days,
    make_post,
    make_problem,
    make_rota,
    make_worker,
    wide_villages,
)

MORNING: Days = ((1, "11:00", 4),)
NAMES = ("Mme Roque", "M. Alary", "Mme Bosc", "M. Cros", "Mme Durand", "M. Espi", "Mme Fabre")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.fixture
def village() -> Problem:
    return make_problem(
        [make_post("SDIS 34", 2, length=4), make_post("Cogitis", 1, length=4)],
        [
            make_worker(NAMES[0], [0], availability=[(0, 2)], length=4),
            make_worker(NAMES[1], [0], length=4),
            *(make_worker(name, [1], length=4) for name in NAMES[2:]),
        ],
        MORNING,
        themes={0: "fibre", 1: "routes"},
    )


def test_the_sentence_of_a_shortage_and_its_two_cheapest_remedies(village: Problem) -> None:
    short = replace(village.posts[0], minimum=(2, 2, 2, 1))
    problem = replace(village, posts=(short, village.posts[1]), workers=village.workers[:3])
    [shortage] = explain(problem, make_rota(problem, "00", "0000", "1111"))
    assert plain(shortage_sentence(problem, shortage)) == (
        "Il manque 1 agent sur le stand SDIS 34 de 12 h à 12 h 30 : "
        "prolonger Mme Roque de 30 min, jusqu’à 12 h 30, ou baisser le minimum à 1."
    )
    assert [plain(why_word) for why_word in why_words(problem, shortage)] == [
        "À 12 h, le stand SDIS 34 demande 2 agents, 1 seul peut y être",
        "Indisponible de 12 h à 12 h 30 : Mme Roque",
    ]


@pytest.mark.parametrize(
    ("missing", "themes", "words"),
    [
        (1, (), "Il manque 1 agent sur le stand SDIS 34 de 11 h à 12 h"),
        (2, (), "Il manque 2 agents sur le stand SDIS 34 de 11 h à 12 h"),
        (
            0,
            (0, 1),
            "Personne pour répondre sur « fibre » ni « routes » sur le stand SDIS 34 "
            "de 11 h à 12 h",
        ),
        (
            1,
            (1,),
            "Il manque 1 agent sur le stand SDIS 34 de 11 h à 12 h, "
            "et personne pour répondre sur « routes »",
        ),
        (
            0,
            (7,),
            "Personne pour répondre sur « un thème que personne ne connaît » "
            "sur le stand SDIS 34 de 11 h à 12 h",
        ),
    ],
)
def test_what_lacks(village: Problem, missing: int, themes: tuple[int, ...], words: str) -> None:
    assert plain(shortage_words(village, Shortage(0, 0, 2, missing, frozenset(themes)))) == words


@pytest.mark.parametrize(
    ("remedy", "words"),
    [
        (
            Remedy(RemedyKind.EXTEND, 2, 4, worker=0, amount=60, gain=1),
            "prolonger Mme Roque de 1 h, jusqu’à 13 h (réduit le manque de 1 sur 2)",
        ),
        (
            Remedy(RemedyKind.EXTEND, 0, 1, worker=6, amount=30, gain=2),
            "faire venir Mme Fabre 30 min plus tôt, à 11 h",
        ),
        (
            Remedy(RemedyKind.UNLOCK, 1, 3, worker=1, gain=2),
            "déverrouiller M. Alary de 11 h 30 à 12 h 30",
        ),
        (Remedy(RemedyKind.LOWER, 2, 4, post=0, amount=1, gain=2), "baisser le minimum à 1"),
        (
            Remedy(RemedyKind.LOWER, 3, 4, post=0, amount=2, gain=2),
            "baisser le minimum à 0 de 12 h 30 à 13 h",
        ),
        (Remedy(RemedyKind.WAIVE, 2, 4, post=0, theme=0, gain=2), "ne pas y exiger « fibre »"),
        (Remedy(RemedyKind.ENLARGE, 2, 4, post=0, amount=2, gain=2), "y accepter 2 agents de plus"),
        (
            Remedy(RemedyKind.ALLOW, 2, 4, worker=2, post=0, gain=3),
            "autoriser Mme Bosc sur le stand SDIS 34",
        ),
        (
            Remedy(RemedyKind.TEACH, 2, 4, worker=1, theme=1, gain=2),
            "préparer M. Alary à répondre sur « routes »",
        ),
    ],
)
def test_each_remedy(village: Problem, remedy: Remedy, words: str) -> None:
    late = replace(village.workers[6], available=(False, True, True, True))
    problem = replace(village, workers=(*village.workers[:6], late))
    shortage = Shortage(0, 2, 4, 1, frozenset())
    assert plain(remedy_words(problem, shortage, remedy)) == words


def test_a_minimum_that_varies_is_lowered_by_so_much(village: Problem) -> None:
    post = replace(village.posts[0], minimum=(2, 3, 2, 3))
    problem = replace(village, posts=(post, village.posts[1]))
    remedy = Remedy(RemedyKind.LOWER, 0, 2, post=0, amount=1, gain=2)
    text = remedy_words(problem, Shortage(0, 0, 2, 1, frozenset()), remedy)
    assert text == "baisser le minimum de 1"


@pytest.mark.parametrize(
    ("bottleneck", "words"),
    [
        (
            Bottleneck((0,), 2, 3, 2, 0),
            "à 12 h, le stand SDIS 34 demande 2 agents, personne ne peut y être",
        ),
        (
            Bottleneck((0, 1), 2, 3, 5, 3),
            "à 12 h, les stands SDIS 34 et Cogitis demandent 5 agents, 3 seulement peuvent y être",
        ),
        (
            Bottleneck((0, 1), 2, 3, 2, 1, theme=0),
            "à 12 h, les stands SDIS 34 et Cogitis demandent chacun quelqu’un pour « fibre », "
            "1 seul peut y être",
        ),
        (
            Bottleneck((0,), 0, 4, 12, 11, limit="run"),
            "de 11 h à 13 h, le stand SDIS 34 demande 6 h de présence, 5 h 30 au plus sont "
            "possibles : une pause est due avant 6 h de travail, décret n° 2000-815, art. 3",
        ),
    ],
)
def test_each_proof(village: Problem, bottleneck: Bottleneck, words: str) -> None:
    assert plain(bottleneck_words(village, bottleneck)) == words


def test_agents_kept_away_alike_share_a_line(village: Problem) -> None:
    absent = [Obstacle(w, Hindrance.ABSENT, 2, 4) for w in range(7)]
    others = [
        Obstacle(0, Hindrance.DECIDED, 0, 1, post=1),
        Obstacle(1, Hindrance.DECIDED, 0, 1, post=FREE),
        Obstacle(2, Hindrance.NEEDED, 0, 1, post=1),
        Obstacle(3, Hindrance.LIMIT, 0, 1, limit="night"),
        Obstacle(4, Hindrance.FULL, 0, 1),
        Obstacle(5, Hindrance.NOT_ALLOWED, 0, 1),
        Obstacle(6, Hindrance.NOTHING, 0, 1),
    ]
    assert [
        plain(obstacles_word) for obstacles_word in obstacles_words(village, absent + others)
    ] == [
        "Indisponible de 12 h à 13 h : "
        "Mme Roque, M. Alary, Mme Bosc, M. Cros, Mme Durand, M. Espi et 1 autre",
        "Verrouillé sur le stand Cogitis de 11 h à 11 h 30 : Mme Roque",
        "Décidé sans vacation de 11 h à 11 h 30 : M. Alary",
        "Indispensable sur le stand Cogitis de 11 h à 11 h 30 : Mme Bosc",
        "Au repos (11 h de repos au moins entre deux jours, décret n° 2000-815, art. 3) "
        "de 11 h à 11 h 30 : M. Cros",
        "Ce stand a déjà son maximum de 11 h à 11 h 30 : Mme Durand",
        "Pas prévu sur ce stand de 11 h à 11 h 30 : M. Espi",
        "Disponible, un nouveau calcul peut faire mieux de 11 h à 11 h 30 : Mme Fabre",
    ]


def test_why_this_agent_in_sentences(village: Problem) -> None:
    roque = replace(
        village.workers[0], available=(True,) * 4, preferred=frozenset({0}), themes=frozenset({0})
    )
    alary = replace(village.workers[1], posts=frozenset({0, 1}), avoided=frozenset({2}))
    bosc = replace(village.workers[2], posts=frozenset({0, 1}))
    problem = replace(
        village,
        posts=(replace(village.posts[0], required=(frozenset({0}),) * 4), village.posts[1]),
        workers=(roque, alary, bosc),
        weights=Weights(uneven=0, stint=0, lunch=0),
    )
    reasons = reasons_of(problem, make_rota(problem, "00", "", "11"), 0, 0)
    assert [plain(reasons_word) for reasons_word in reasons_words(problem, 0, reasons)] == [
        "Personne d’autre sur ce stand ne répond alors sur « fibre ».",
        "Sans cette vacation, le stand serait sous son minimum.",
        "C’est un stand de ses souhaits.",
        "Sa charge est sous sa part, de 30 min.",
        "Déjà sur un autre stand : Mme Bosc (Cogitis).",
        "Avec M. Alary à la place, il y aurait 2 manques de plus.",
    ]
    unchanged = replace(problem, posts=village.posts)
    sent_reasons = reasons_of(unchanged, make_rota(unchanged, "..00", "", "..11"), 0, 2)
    assert plain(reasons_words(unchanged, 0, sent_reasons)[-1]) == (
        "M. Alary à la place coûterait 8 de plus : M. Alary préfère éviter ces heures."
    )


@settings(max_examples=25)
@given(wide_villages())
def test_sentences_are_whole_whatever_the_village(problem: Problem) -> None:
    covered_plan = cover(problem)
    lines = [
        line
        for shortage in explain(problem, covered_plan.rota)
        for line in (
            shortage_sentence(problem, shortage),
            *why_words(problem, shortage),
            *(remedy_words(problem, shortage, remedy) for remedy in shortage.remedies),
        )
    ]
    for w in range(len(problem.workers)):
        for t in range(0, problem.length, 5):
            lines += reasons_words(problem, w, reasons_of(problem, covered_plan.rota, w, t))
    for line in lines:
        assert not re.search(r"None|  | [:;!?»]|« ", line), line
