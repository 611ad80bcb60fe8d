"""A hundred exhibitors on the real halls: the plan that `flask propose-plan` writes."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.platform.database.db import current_session
from tests.placement.recheck import faults_of, share_met


@pytest.fixture
def result(app: Flask, tmp_path: Path) -> dict[str, Any]:
    output = tmp_path / "plan.json"
    result = app.test_cli_runner().invoke(args=["propose-plan", "--output", str(output)])
    assert result.exit_code == 0, result.output
    fields: dict[str, Any] = json.loads(output.read_text())
    return fields


def accepted() -> dict[str, Exhibitor]:
    statement = select(Exhibitor).where(
        Exhibitor.status == ApplicationStatus.ACCEPTED, Exhibitor.area > 0
    )
    return {row.name: row for row in current_session().scalars(statement)}


def test_a_hundred_exhibitors_all_have_a_sound_place(result: dict[str, Any]) -> None:
    everyone = accepted()
    assert len(everyone) >= 99
    assert {row["exhibitor"] for row in result["placed"]} == set(everyone)
    assert result["unplaced"] == []
    assert faults_of(result) == []
    for row in result["placed"]:
        exhibitor = everyone[row["exhibitor"]]
        assert not row["proposed"] or row["width"] * row["depth"] >= exhibitor.area - 0.1, row
        if exhibitor.stand is not None:
            assert (row["stand"], row["proposed"]) == (exhibitor.stand.number, False)


def test_any_half_of_the_plan_is_sound_too(result: dict[str, Any]) -> None:
    """An organiser may accept some rows only: what is left out leaves at least an aisle."""
    for half in (0, 1):
        assert (
            faults_of(result, lambda row, half=half: not row["proposed"] or row["id"] % 2 == half)
            == []
        )


def test_nine_wishes_in_ten_for_a_corner_or_power_are_met(result: dict[str, Any]) -> None:
    for wish, least in (("angle", 10), ("kW", 50)):
        met, wish_count = share_met(result, wish)
        assert wish_count >= least
        assert met >= 0.9 * wish_count, f"{wish}: {met} of {wish_count}"


def test_neighbours_halls_and_rivals_are_counted(result: dict[str, Any]) -> None:
    words = [value for row in result["placed"] for value in (*row["met"], *row["unmet"])]
    assert any(word.startswith("près de ") for word in words)
    assert any(word.startswith("à l’écart de ") for word in words)
    met, wish_count = share_met(result, "hall 2")
    assert met >= 0.9 * wish_count > 0
    near, themed = result["near_their_theme"]
    assert 0.5 * themed <= near <= themed
    assert result["rivals_side_by_side"] <= 3
