"""The checker sees each kind of fault, and no fault where there is none."""

from typing import Any

import pytest

from tests.staffing.solving.checker import faults


def shift(agent: str, stand: str, starts: str, ends: str) -> dict[str, Any]:
    return {"agent": agent, "stand": stand, **span(starts, ends)}


def span(starts: str, ends: str) -> dict[str, str]:
    return {"starts_at": at(starts), "ends_at": at(ends)}


def at(clock: str) -> str:
    day, _, hour = clock.rpartition(" ")
    return f"2021-10-{day or '01'}T{hour}:00+02:00"


def answer(*shifts: dict[str, Any], **others: Any) -> dict[str, Any]:
    agents = [
        {
            "agent": name,
            "stands": ["SDIS 34"],
            "available": [[at("07:00"), at("22:00")], [at("02 05:00"), at("02 22:00")]],
        }
        for name in ("Ana", "Bo")
    ]
    return {
        "status": "optimal",
        "shifts": list(shifts),
        "needs": [],
        "uncovered": [],
        "agents": agents,
        **others,
    }


def test_a_right_rota_has_no_fault() -> None:
    right = answer(
        shift("Ana", "SDIS 34", "09:00", "10:00"),
        needs=[{"stand": "SDIS 34", "minimum": 2, **span("09:00", "11:00")}],
        uncovered=[
            {"stand": "SDIS 34", "missing": 1, **span("09:00", "10:00")},
            {"stand": "SDIS 34", "missing": 2, **span("10:00", "11:00")},
        ],
    )
    assert faults(right) == []


@pytest.mark.parametrize(
    ("shifts", "fault"),
    [
        ([("Ana", "SDIS 34", "09:00", "10:00")] * 2, "two places"),
        ([("Ana", "Cogitis", "09:00", "10:00")], "not allowed"),
        ([("Ana", "SDIS 34", "06:30", "07:30")], "not available"),
        ([("Ana", "SDIS 34", "07:00", "12:30"), ("Ana", "SDIS 34", "13:00", "18:00")], "10 h"),
        ([("Ana", "SDIS 34", "07:00", "08:00"), ("Ana", "SDIS 34", "18:30", "19:30")], "12 h"),
        ([("Ana", "SDIS 34", "07:00", "10:00"), ("Ana", "SDIS 34", "10:10", "13:00")], "6 h"),
        (
            [("Ana", "SDIS 34", "19:00", "20:00"), ("Ana", "SDIS 34", "02 06:30", "02 07:00")],
            "11 h",
        ),
        ([("Cy", "SDIS 34", "09:00", "10:00")], "unknown agent"),
        ([("Ana", "SDIS 34", "10:00", "09:00")], "ends before"),
    ],
)
def test_each_hard_rule_is_seen(shifts: list[tuple[str, str, str, str]], fault: str) -> None:
    needs = [{"stand": "SDIS 34", "minimum": 0, **span("07:00", "22:00")}]
    assert any(
        fault in other_fault
        for other_fault in faults(answer(*(shift(*s) for s in shifts), needs=needs))
    )


@pytest.mark.parametrize(
    "uncovered",
    [
        [],
        [{"stand": "SDIS 34", "missing": 1, **span("09:00", "11:00")}],
        [{"stand": "SDIS 34", "missing": 2, **span("09:00", "10:00")}],
        [{"stand": "Cogitis", "missing": 1, **span("09:00", "10:00")}],
    ],
)
def test_a_gap_that_is_not_told_as_it_is_is_a_fault(uncovered: list[dict[str, Any]]) -> None:
    fields = answer(
        needs=[{"stand": "SDIS 34", "minimum": 1, **span("09:00", "10:00")}], uncovered=uncovered
    )
    assert faults(fields)


def test_a_theme_that_nobody_knows_is_told() -> None:
    need = {"stand": "SDIS 34", "minimum": 1, "themes": ["secours"], **span("09:00", "10:00")}
    own_shift = shift("Ana", "SDIS 34", "09:00", "10:00")
    gap = {"stand": "SDIS 34", "missing": 0, "themes": ["secours"], **span("09:00", "10:00")}
    assert faults(answer(own_shift, needs=[need]))
    assert faults(answer(own_shift, needs=[need], uncovered=[gap])) == []
