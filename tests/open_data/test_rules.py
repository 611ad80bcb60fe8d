"""When open data are published and withdrawn. No database."""

from datetime import UTC, date, datetime, time

import pytest

from salon.fair.models import Edition, EditionDay
from salon.open_data import rules
from salon.open_data.engine import count_moves
from salon.platform.database.consequences import Standing
from tests.refusals import Refusal, check_refusal


def edition_of(standing: Standing) -> Edition:
    day = EditionDay(day_on=date(2026, 10, 1), opens=time(9), closes=time(17))
    return Edition(standing=standing, time_zone="Europe/Paris", days=[day])


EDITION, POSTPONED = edition_of(Standing.AS_PLANNED), edition_of(Standing.POSTPONED)
BEFORE, END = datetime(2026, 10, 1, 14, 59, tzinfo=UTC), datetime(2026, 10, 1, 15, tzinfo=UTC)
REFUSALS: list[Refusal] = [
    (rules.FairIsNotOver, rules.check_fair_is_over, (EDITION, BEFORE), (EDITION, END)),
    (rules.FairIsNotOver, rules.check_fair_is_over, (POSTPONED, END), (EDITION, END)),
    (rules.NothingChosen, rules.check_chosen, ([],), ([1],)),
    (rules.DataChanged, rules.check_same, ("read", "current"), ("read", "read")),
    (
        rules.CountMovesByFew,
        rules.check_counts_move_by_many,
        ("themes.csv", 1, [0, -4]),
        ("themes.csv", 1, [0, -5]),
    ),
    (rules.CountMovesByFew, rules.check_counts_move_by_many, ("a.csv", 1, [1]), ("a.csv", 1, [])),
    (rules.AlreadyWithdrawn, rules.check_is_published, (END,), (None,)),
    (rules.AlreadyPublished, rules.check_is_withdrawn, (None,), (END,)),
]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_data_that_are_not_ready_are_not_published(refusal: Refusal) -> None:
    check_refusal(refusal)


def test_a_theme_moves_where_both_tables_count_its_appointments() -> None:
    head = b"identifiant;rendez_vous\n"
    former, current = head + b"eau;9\nvoirie;\nbois;8\n", head + b"eau;15\nvoirie;7\nroute;9\n"
    assert count_moves("themes.csv", former, "themes.csv", current) == [6]
