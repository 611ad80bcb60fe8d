"""The rota that `flask solve-rota` writes for the demonstration, read again by the checker."""

import json
from pathlib import Path
from typing import Any

from flask import Flask

from salon.fair.queries import get_public_edition
from salon.staffing.models import ShiftStatus
from salon.staffing.queries.rota import shifts_of
from tests.staffing.solving.checker import faults


def solved(app: Flask, output: Path) -> dict[str, Any]:
    arguments = ["solve-rota", "--output", str(output)]
    result = app.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == 0, result.output
    fields: dict[str, Any] = json.loads(output.read_text())
    return fields


def test_the_rota_covers_every_stand_breaks_no_rule_and_changes_nothing(
    app: Flask, tmp_path: Path
) -> None:
    before = [shift.id for shift in shifts_of(get_public_edition(), ShiftStatus.DRAFT)]
    result = solved(app, tmp_path / "rota.json")
    assert faults(result) == []
    assert (result["uncovered"], result["missing"], result["is_cover_proven"]) == ([], 0, True)
    assert len(result["agents"]) >= 24
    assert len({need["stand"] for need in result["needs"]}) == 8
    assert result["bound"] is None or result["bound"] <= result["objective"]
    assert [shift.id for shift in shifts_of(get_public_edition(), ShiftStatus.DRAFT)] == before
    second_result = solved(app, tmp_path / "again.json")
    assert second_result["shifts"] == result["shifts"]
