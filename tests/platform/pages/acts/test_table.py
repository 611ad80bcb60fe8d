"""Every route that takes a POST says what it does to others' rows and mail, and how one returns."""

import ast
import inspect
from pathlib import Path

import pytest
from flask import Flask

from tests.tables import each

TESTS = Path(__file__).parents[3]
WORDS = {"writes": 0, "sends now": 0, "sends held": 0, "page": 1, "confirm": 1, "undo": 2}


def acts() -> dict[str, tuple[str, list[str]]]:
    """Route → class and details, as tests/acts.txt says."""
    table = {}
    for line in (TESTS / "acts.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        route, other_fields = line.split(maxsplit=1)
        kind = next(
            word for word in WORDS if other_fields == word or other_fields.startswith(f"{word} ")
        )
        table[route] = (kind, other_fields.removeprefix(kind).split())
    return table


ACTS = acts()


def of_kind(kind: str) -> list[str]:
    return [route for route, (text, _) in ACTS.items() if text == kind]


def test_every_writing_route_says_what_it_does(app: Flask) -> None:
    session = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert set(ACTS) == session
    for route, (kind, details) in ACTS.items():
        assert len(details) == WORDS[kind], route


@each("route", of_kind("page"))
def test_the_page_that_says_what_goes_exists(app: Flask, route: str) -> None:
    (page,) = ACTS[route][1]
    readable = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert page in readable


@each("route", of_kind("confirm"))
def test_the_act_asks_before_and_a_test_presses_the_button(app: Flask, route: str) -> None:
    view = inspect.unwrap(app.view_functions[route])
    source = inspect.getsource(inspect.getmodule(view))  # type: ignore[arg-type]
    # A page of settings asks by SettingPage.follow or SettingPage.remove, given its question.
    ways = (
        "confirm_first(",
        "confirmation_page(",
        "consequences_page(",
        "setting_question(",
        "removal_stamp(",
        "ask_of_stands(",
    )
    assert any(way in source for way in ways)
    assert ".confirm(" in source_of(ACTS[route][1][0])


@each("route", of_kind("undo"))
def test_the_act_can_be_undone_and_a_test_undoes_it(app: Flask, route: str) -> None:
    undo, test = ACTS[route][1]
    rules = {rule.endpoint: rule.methods or set() for rule in app.url_map.iter_rules()}
    assert "POST" in rules[undo]
    assert source_of(test)


def source_of(test: str) -> str:
    """Return the source of a test, named « path::function »; fails when there is none."""
    path, _, name = test.partition("::")
    text = (TESTS / path).read_text()
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return ast.get_source_segment(text, node) or ""
    pytest.fail(f"{test} does not exist")
