"""Allowed values of an agent, and of a stand's needs."""

from datetime import UTC, date, datetime, timedelta

import pytest

from salon.platform.words.errors import RuleBroken
from salon.staffing.engine.half_hours import DayFrame
from salon.staffing.imports.hours import moment_of
from salon.staffing.rules import agents as rules
from salon.staffing.rules import agents_import as import_rules
from salon.staffing.rules import needs as needs_rules
from salon.staffing.services.agent_facts import Period
from salon.staffing.services.needs import NewNeed

NINE = datetime(2021, 10, 1, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
FRAME = DayFrame(date(2021, 10, 1), tuple(NINE + n * HOUR / 2 for n in range(4)))
DAYS = [date(2021, 10, 1)]


@pytest.mark.parametrize(
    ("arrives", "leaves", "error"),
    [
        (None, None, None),
        (NINE, None, None),
        (None, NINE, None),
        (NINE, NINE + HOUR, None),
        (NINE, NINE, rules.LeavesBeforeArriving),
        (NINE + HOUR, NINE, rules.LeavesBeforeArriving),
    ],
)
def test_an_agent_leaves_after_arriving(
    arrives: datetime | None, leaves: datetime | None, error: type[RuleBroken] | None
) -> None:
    if error is None:
        rules.check_presence(arrives, leaves)
        return
    with pytest.raises(error):
        rules.check_presence(arrives, leaves)


@pytest.mark.parametrize(
    ("periods", "error"),
    [
        ([], None),
        ([Period(NINE, NINE + HOUR), Period(NINE, NINE + 2 * HOUR)], None),
        ([Period(NINE + HOUR, NINE)], rules.PeriodEndsBeforeStart),
        ([Period(NINE, NINE)], rules.PeriodEndsBeforeStart),
        ([Period(NINE, NINE + HOUR)] * 2, rules.PeriodSaidTwice),
        (
            [Period(NINE, NINE + n * HOUR) for n in range(1, rules.MOST_PERIODS + 2)],
            rules.TooManyPeriods,
        ),
    ],
)
def test_absences_hold_together(periods: list[Period], error: type[RuleBroken] | None) -> None:
    if error is None:
        rules.check_periods(periods)
        return
    with pytest.raises(error):
        rules.check_periods(periods)


def test_only_an_organiser_makes_a_coordinator() -> None:
    rules.check_coordinator(False, True, None)
    rules.check_coordinator(True, True, (1,))
    for was, value in ((False, True), (True, False)):
        with pytest.raises(rules.OnlyOrganisersChooseCoordinators):
            rules.check_coordinator(was, value, (1,))


def test_an_agent_with_shifts_to_come_goes_only_once_confirmed() -> None:
    rules.check_may_go("Mme Vidal", 0, False)
    rules.check_may_go("Mme Vidal", 2, True)
    with pytest.raises(rules.ShiftsToCome, match="Mme Vidal tient encore 2\u00a0vacations"):
        rules.check_may_go("Mme Vidal", 2, False)


@pytest.mark.parametrize(
    ("numbers", "error"),
    [
        ((0, 0, 1), None),
        ((1, 1, 1), None),
        ((99, 99, 99), None),
        ((2, 1, 3), needs_rules.NeedsNotInOrder),
        ((1, 3, 2), needs_rules.NeedsNotInOrder),
        ((0, 0, 100), needs_rules.TooMany),
        ((-1, 0, 1), needs_rules.TooMany),
    ],
)
def test_the_three_numbers_are_in_order(
    numbers: tuple[int, int, int], error: type[RuleBroken] | None
) -> None:
    needs = [NewNeed(NINE, *numbers)]
    if error is None:
        needs_rules.check_needs(needs, [FRAME])
        return
    with pytest.raises(error):
        needs_rules.check_needs(needs, [FRAME])


def test_a_need_lies_within_the_hours_and_is_said_once() -> None:
    with pytest.raises(needs_rules.NeedOutsideHours, match="8\u00a0h\u00a030"):
        needs_rules.check_needs([NewNeed(NINE - HOUR / 2, 1, 1, 1)], [FRAME])
    with pytest.raises(needs_rules.NeedOutsideHours):
        needs_rules.check_needs([NewNeed(NINE + HOUR / 4, 1, 1, 1)], [FRAME])
    with pytest.raises(needs_rules.NeedTwice):
        needs_rules.check_needs([NewNeed(NINE, 1, 1, 1)] * 2, [FRAME])


@pytest.mark.parametrize(
    "text",
    ["9 h", "9h", "9:00", "09:00", "9 h 00", "9\u00a0h\u00a000", "01/10 9h", "1/10/2021 9:00"],
)
def test_an_hour_is_read_as_people_write_it(text: str) -> None:
    assert moment_of(text, DAYS) == NINE


@pytest.mark.parametrize("text", ["", "neuf heures", "25 h", "9 h 75", "31/02 9h", "9", "9 h et"])
def test_what_is_no_hour_is_said(text: str) -> None:
    with pytest.raises(import_rules.UnknownHour):
        moment_of(text, DAYS)


def test_an_hour_of_a_fair_of_two_days_says_its_day() -> None:
    with pytest.raises(import_rules.DayMissing):
        moment_of("9 h", [*DAYS, date(2021, 10, 2)])
    assert moment_of("02/10 9 h", [*DAYS, date(2021, 10, 2)]) == NINE + 24 * HOUR


@pytest.mark.parametrize(("length", "shown"), [(60, "a" * 60), (61, "a" * 59 + "…")])
def test_a_long_cell_is_repeated_by_its_beginning(length: int, shown: str) -> None:
    assert f"«\u00a0{shown}\u00a0»" in import_rules.WrongAddress("a" * length).message
