"""The needs of stands, on both databases."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.db import current_session
from salon.platform.database.journal import JournalEntry
from salon.platform.database.versions import StaleVersion
from salon.staffing.models import Need
from salon.staffing.queries.agents import agents_of
from salon.staffing.queries.needs import needs_overview
from salon.staffing.queries.rota import needs_of
from salon.staffing.rules import needs as needs_rules
from salon.staffing.rules import shifts as shift_rules
from salon.staffing.services import needs as needs_services
from salon.staffing.services.needs import NewNeed
from tests.factories import act_in, make_edition
from tests.races import race
from tests.staffing.make import ORGANISER, Village, make_agent, make_needs, make_village
from tests.tables import each


def count(model: Any) -> int:
    current_session().rollback()
    return current_session().scalar(select(func.count()).select_from(model)) or 0


def needs(village: Village, body: str = "Département") -> list[NewNeed]:
    current_session().rollback()
    stand_id = village.bodies[body].stand_id
    return needs_services.as_new(needs_of(village.edition).get(stand_id, []))


def stamp(village: Village, body: str = "Département") -> str:
    current_session().rollback()
    stand_id = village.bodies[body].stand_id
    return needs_services.stamp_of(needs_of(village.edition).get(stand_id, []))


def say(village: Village, *rows: NewNeed, read: str = "", **more: Any) -> None:
    needs_services.set_needs(
        act_in(village.edition, ORGANISER),
        village.bodies["Département"].stand_id,
        rows,
        read or stamp(village),
        **more,
    )


def test_a_stand_needs_what_is_said(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    theme = frozenset({village.themes["Département"].id})
    rows = [
        NewNeed(village.at(9), 1, 2, 3, theme),
        NewNeed(village.at(9, 30), 0, 0, 1),
        NewNeed(village.at(10), 0, 0, 0),
    ]
    say(village, *rows)
    assert needs(village) == rows[:2]
    say(village, rows[1])
    assert needs(village) == [rows[1]]
    assert count(JournalEntry) == 2


@pytest.fixture
def village(app: Flask, edition: Edition) -> Village:
    return make_village(edition)


@each(
    ("hour", "numbers", "error"),
    [
        ((9, 0), (3, 2, 4), needs_rules.NeedsNotInOrder),
        ((9, 0), (0, 0, 100), needs_rules.TooMany),
        ((7, 0), (1, 1, 1), needs_rules.NeedOutsideHours),
    ],
)
def test_needs_that_do_not_hold_are_refused_whole(
    village: Village, hour: Any, numbers: Any, error: type[Exception]
) -> None:
    good = NewNeed(village.at(10), 1, 1, 1)
    with pytest.raises(error):
        say(village, good, NewNeed(village.at(*hour), *numbers))
    with pytest.raises(needs_rules.NoSuchNeededTheme):
        say(village, NewNeed(village.at(10), 1, 1, 1, frozenset({999})))
    assert needs(village) == []


def test_who_read_other_needs_changes_nothing(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    read = stamp(village)
    say(village, NewNeed(village.at(9), 1, 1, 1), read=read)
    with pytest.raises(StaleVersion):
        say(village, NewNeed(village.at(9), 2, 2, 2), read=read)
    assert needs(village) == [NewNeed(village.at(9), 1, 1, 1)]


@pytest.mark.race
def test_of_two_who_say_the_needs_of_a_stand_one_wins(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    stand_id, at, read = village.bodies["Département"].stand_id, village.at(9), stamp(village)

    def saying(number: int) -> Any:
        def call() -> str:
            rows = [NewNeed(at, number, number, number)]
            current = get_public_edition()
            try:
                needs_services.set_needs(act_in(current, ORGANISER), stand_id, rows, read)
            except StaleVersion:
                return "changed"
            return str(number)

        return call

    answers = race(app, [saying(1), saying(2)])
    assert sorted(answers) == sorted(["changed", str(needs(village)[0].minimum)])


def test_a_coordinator_says_the_needs_of_their_stand(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    row = NewNeed(village.at(9), 1, 1, 1)
    with pytest.raises(needs_rules.StandOfAnotherBody):
        say(village, row, body_ids=(village.bodies["SDIS 34"].id,))
    say(village, row, body_ids=(village.bodies["Département"].id,))


def test_a_range_changes_only_its_half_hours(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    make_needs(village, start=(9, 0), end=(11, 0))
    hours = [village.at(10), village.at(10, 30), village.at(11)]
    need = NewNeed(village.at(10), 3, 4, 5)
    stored_needs = needs_services.with_range(needs(village), hours, need)
    assert [need.minimum for need in stored_needs] == [1, 1, 3, 3, 3]
    assert [need.starts_at for need in stored_needs][-1] == village.at(11)


def test_needs_are_copied_from_a_stand(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    source = village.bodies["SDIS 34"].stand_id
    with pytest.raises(needs_rules.NothingToCopy):
        needs_services.copied_from_stand(edition, source)
    make_needs(village, body="SDIS 34", theme=True)
    copied = needs_services.copied_from_stand(edition, source)
    say(village, *copied)
    assert needs(village) == needs(village, "SDIS 34")


def test_needs_are_copied_from_an_earlier_edition(app: Flask, edition: Edition) -> None:
    """By the body and the theme; what is not open this year is left out."""
    earlier = make_edition(day=edition.days[0].day_on.replace(year=2019, day=4), is_current=False)
    before, village = make_village(earlier), make_village(edition)
    make_needs(before, start=(8, 30), end=(10, 0), minimum=2, theme=True)
    body = village.bodies["Département"]
    copied = needs_services.copied_from_edition(edition, body, earlier)
    assert [need.starts_at for need in copied] == [
        village.at(8, 30),
        village.at(9),
        village.at(9, 30),
    ]
    assert {need.theme_ids for need in copied} == {frozenset({village.themes["Département"].id})}
    with pytest.raises(needs_rules.NothingToCopy):
        needs_services.copied_from_edition(edition, village.bodies["SDIS 34"], earlier)


def test_the_overview_counts_half_hours(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    make_needs(village, start=(9, 0), end=(11, 0), minimum=1, wished=2, theme=True)
    make_agent(village, arrives_at=village.at(9), leaves_at=village.at(12))
    make_agent(village, body="SDIS 34")
    overview = needs_overview(edition)
    (first, *others) = overview.stands
    assert (first.minimum, first.wished) == (4, 8)
    assert first.ranges == [(1, 1), (2, 2), (3, 3)]
    assert first.themes == ["Soutien aux communes"]
    assert [item.minimum for item in others] == [0, 0]
    assert (overview.minimum, overview.wished, overview.available) == (4, 8, 6 + 19)
    own = needs_overview(edition, (village.bodies["SDIS 34"].id,))
    assert (len(own.stands), own.available) == (1, 19)


def test_an_agent_of_another_edition_is_not_found(app: Flask, edition: Edition) -> None:
    other_village = make_village(make_edition(is_current=False))
    make_agent(other_village)
    assert agents_of(edition) == []
    with pytest.raises(needs_rules.StandOfAnotherBody):
        needs_services.own_stand(edition, other_village.bodies["SDIS 34"].stand_id)
    assert count(Need) == 0
    assert shift_rules.NoSuchStand.status == 404
