"""What lists and pages say of the days on which a person came."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from salon.badges.presenters import last_presence, presence_rows, presence_words
from salon.platform.database.day_presences import DayPresence

FIRST = date(2026, 10, 1)
SECOND = FIRST + timedelta(days=1)


def at(day: date, hour: int, minute: int) -> datetime:
    """Return a moment by the clocks of Béziers, in summer."""
    return datetime(day.year, day.month, day.day, hour - 2, minute, tzinfo=UTC)


def presence(day: date = FIRST, **facts: Any) -> DayPresence:
    return DayPresence(day, **facts)


ENTERED = {"entered_at": at(FIRST, 8, 46), "door": "A"}
SEEN = {"seen_at": at(FIRST, 10, 5), "place": "Salle 2"}
LEFT = {"left_at": at(FIRST, 17, 2)}


@pytest.mark.parametrize(
    ("presences", "days", "words"),
    [
        ([], 1, ""),
        ([presence()], 1, ""),
        ([presence(**ENTERED, **SEEN, **LEFT)], 1, "Entrée à 8 h 46"),
        ([presence(**SEEN, **LEFT)], 1, "Vu à 10 h 05"),
        ([presence(**LEFT)], 1, "Sortie à 17 h 02"),
        ([presence(**ENTERED)], 2, "Entrée le 01/10 à 8 h 46"),
        (
            [presence(**ENTERED), presence(SECOND, seen_at=at(SECOND, 9, 0))],
            2,
            "Vu le 02/10 à 9 h",
        ),
    ],
)
def test_a_list_says_the_last_day_on_which_a_person_came(
    presences: list[DayPresence], days: int, words: str
) -> None:
    assert last_presence(presences, days).replace("\u00a0", " ") == words


def test_a_page_says_what_was_read_of_each_day_of_the_fair() -> None:
    words = presence_words(presence(**ENTERED, **SEEN, **LEFT)).replace("\u00a0", " ")
    assert words == "Entrée à 8 h 46 par la porte A, Salle 2 à 10 h 05, sortie à 17 h 02"
    rows = presence_rows([presence(**LEFT)], [FIRST, SECOND])
    assert [told for _, told in rows] == ["Sortie à 17\u00a0h\u00a002", "Aucun passage lu"]
