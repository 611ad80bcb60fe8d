"""With whom an agent is on a stand."""

from datetime import UTC, datetime

import pytest

from salon.staffing.engine.colleagues import colleagues_of
from salon.staffing.models import Agent, Shift

ZOE = Agent(id=2, civility="madame", first_name="Zoé", last_name="Vidal", name_key="vidal zoe")
ALI = Agent(id=3, civility="monsieur", first_name="Ali", last_name="Barbe", name_key="barbe ali")


def at(hour: int) -> datetime:
    return datetime(2026, 7, 1, hour, tzinfo=UTC)


def shift(agent: Agent | None, start: int, end: int, stand: int = 1) -> Shift:
    """From one hour to another, read two hours later on a clock in summer."""
    return Shift(
        agent=agent,
        agent_id=agent.id if agent else 1,
        stand_id=stand,
        starts_at=at(start),
        ends_at=at(end),
    )


@pytest.mark.parametrize(
    ("others", "labels"),
    [
        ([], []),
        # All the time, even in two shifts, and whatever is before or after.
        ([shift(ZOE, 8, 12)], ["Mme\u00a0Zoé Vidal"]),
        ([shift(ZOE, 6, 9), shift(ZOE, 9, 10)], ["Mme\u00a0Zoé Vidal"]),
        # For a part.
        ([shift(ZOE, 9, 12)], ["Mme\u00a0Zoé Vidal (11\u00a0h – 12\u00a0h)"]),
        # Elsewhere, or when the other has gone.
        ([shift(ZOE, 8, 10, stand=2)], []),
        ([shift(ZOE, 6, 8), shift(ZOE, 10, 12)], []),
        # By name.
        ([shift(ZOE, 8, 10), shift(ALI, 8, 10)], ["M.\u00a0Ali Barbe", "Mme\u00a0Zoé Vidal"]),
    ],
)
def test_who_is_beside_an_agent_from_eight_to_ten(others: list[Shift], labels: list[str]) -> None:
    assert [colleague.label for colleague in colleagues_of(shift(None, 8, 10), others)] == labels


def test_somebody_who_comes_twice_is_named_once() -> None:
    stand_colleagues = colleagues_of(shift(None, 8, 12), [shift(ZOE, 11, 12), shift(ZOE, 8, 9)])
    assert [stand_colleague.label for stand_colleague in stand_colleagues] == [
        "Mme\u00a0Zoé Vidal (10\u00a0h – 11\u00a0h, 13\u00a0h – 14\u00a0h)"
    ]
