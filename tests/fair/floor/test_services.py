"""Drawing a hall: whole layouts, one stand, a row, a file. On SQLite and PostgreSQL."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from salon.exhibitors.models import Exhibitor
from salon.fair import queries, rules, services
from salon.fair.engine.layout import NewStand, PlacedStand, placed
from salon.fair.engine.plan_frames import numbered
from salon.fair.models import Edition, Hall, Stand, StandCategory
from salon.fair.rules.floor import PlanNoLongerUndone
from salon.fair.services.floor import changed_stands
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import entries
from salon.platform.database.submissions import SubmissionDiffers
from salon.platform.database.versions import StaleVersion
from salon.platform.mail.outbox import Message
from salon.platform.settings.installation import ROOT
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_theme
from tests.factories import act_in, new_key
from tests.races import ROUNDS, race


@pytest.fixture
def hall(edition: Edition) -> Hall:
    """Return a hall with stands 1, 2 and 3 side by side."""
    hall = make_hall(edition, name="2")
    for place in range(3):
        make_stand(hall, number=str(place + 1), x=3 + 3 * place, y=3)
    current_session().expire_all()
    return hall


def now(hall: Hall) -> list[PlacedStand]:
    current_session().expire_all()
    return sorted(placed(hall.stands), key=lambda item: item.x)


def numbers(hall: Hall) -> list[str]:
    return [stand.number for stand in now(hall)]


def a_stand(number: str, x: float, y: float = 20, **more: Any) -> NewStand:
    return NewStand(number, x, y, 3, 3, **more)


def save(hall: Hall, stands: list[PlacedStand]) -> None:
    services.save_floor(Act(SYSTEM), hall, hall.version, stands)


@pytest.mark.on_both
def test_new_stands_are_put_beside_the_others(hall: Hall) -> None:
    version = hall.version
    with transaction(hall) as session:
        added = services.put_stands(
            session, hall, [a_stand("10", 3, has_water=True), a_stand("11", 6)]
        )
        assert [stand.id is not None for stand in added] == [True, True]
    assert hall.version == version + 1
    assert sorted(numbers(hall)) == ["1", "10", "11", "2", "3"]


def test_nothing_put_changes_nothing(hall: Hall) -> None:
    version = hall.version
    with transaction(hall) as session:
        assert services.put_stands(session, hall, []) == []
    assert hall.version == version


def test_what_is_put_is_checked_with_what_is_there(edition: Edition, hall: Hall) -> None:
    other_hall = make_hall(edition, name="3B")
    make_stand(other_hall, number="61")
    with pytest.raises(rules.FloorFaults) as refusal, transaction(hall) as session:
        services.put_stands(
            session, hall, [a_stand("10", 4, 4), a_stand("1", 20), a_stand("61", 30)]
        )
    words = refusal.value.message
    assert "Les stands 1 et 10 se recouvrent" in words
    assert "Le numéro 1 est donné à 2 stands" in words
    assert "Le numéro 61 est déjà pris dans un autre hall" in words
    assert numbers(hall) == ["1", "2", "3"]


@pytest.mark.on_both
def test_the_database_has_the_last_word_on_numbers(edition: Edition, hall: Hall) -> None:
    with pytest.raises(rules.NumberTaken), transaction(hall) as session:
        session.add(Stand(edition_id=edition.id, hall=hall, **a_stand("1", 20).values))
        services.stands.flush_numbers(session)


@pytest.mark.on_both
def test_a_layout_moves_adds_removes_and_renumbers(hall: Hall) -> None:
    first_stand, two, three = now(hall)
    save(
        hall,
        [
            replace(first_stand, number="2", category=StandCategory.PREMIUM),
            replace(three, number="1", x=20, y=10.5, width=4, power_kw=9),
            PlacedStand("4", 3, 20, 3, 3),
        ],
    )
    results = {row.id: row for row in now(hall)}
    assert results[first_stand.id].number == "2"
    assert results[first_stand.id].category == StandCategory.PREMIUM
    assert (results[three.id].number, results[three.id].y, results[three.id].power_kw) == (
        "1",
        10.5,
        9,
    )
    assert two.id not in results
    assert sorted(row.number for row in results.values()) == ["1", "2", "4"]
    entry = current_session().scalars(entries("hall.drawn")).first()
    assert entry is not None
    assert entry.details == {"added": ["4"], "removed": ["2"], "changed": ["1", "3"]}


def test_new_numbers_are_given_back_unless_changed_since(hall: Hall) -> None:
    ids = [stand.id or 0 for stand in now(hall)]
    services.number_stands(Act(SYSTEM), hall, hall.version, numbered(ids[:1], 9, 1))
    first = renumbering(hall)
    services.number_stands(Act(SYSTEM), hall, hall.version, numbered(ids[:2], 7, 1))
    second = renumbering(hall)
    with pytest.raises(PlanNoLongerUndone):
        services.undo_renumbering(Act(SYSTEM), hall, first)
    save(hall, [replace(stand, power_kw=2) for stand in now(hall)])
    services.undo_renumbering(Act(SYSTEM), hall, second)
    assert numbers(hall) == ["9", "2", "3"]
    assert [stand.power_kw for stand in now(hall)] == [2, 2, 2]
    with pytest.raises(PlanNoLongerUndone):
        services.undo_renumbering(Act(SYSTEM), hall, second)


def test_new_numbers_of_a_stand_deleted_or_taken_since_are_not_undone(hall: Hall) -> None:
    stands = now(hall)
    save(hall, [replace(stands[0], number="9"), *stands[1:]])
    save(hall, [*now(hall), PlacedStand("1", 20, 20, 3, 3)])
    with pytest.raises(rules.FloorFaults, match="Le numéro 1 est donné à 2 stands"):
        services.undo_renumbering(Act(SYSTEM), hall, renumbering(hall))
    save(hall, [stand for stand in now(hall) if stand.number != "9"])
    with pytest.raises(PlanNoLongerUndone):
        services.undo_renumbering(Act(SYSTEM), hall, renumbering(hall))


def renumbering(hall: Hall) -> int:
    entry = services.last_renumbering(hall)
    assert entry is not None
    return entry.id


def test_an_exhibitor_is_told_when_their_stand_is_elsewhere_in_its_hall(
    edition: Edition, hall: Hall
) -> None:
    stand = current_session().get_one(Stand, now(hall)[2].id)
    exhibitor = make_exhibitor(edition, stand=stand)

    def moved_to(x: float) -> list[dict[str, Any]]:
        """Move the stand; return the contexts of the messages."""
        latest = current_session().scalar(select(func.max(Message.id))) or 0
        save(hall, [replace(row, x=x) if row.id == stand.id else row for row in now(hall)])
        newer = select(Message).where(Message.id > latest)
        messages = current_session().scalars(newer).all()
        assert {message.kind for message in messages} <= {"stand_given"}
        return [message.context for message in messages]

    (context,) = moved_to(30)
    assert (context["name"], context["stand"], context["former"]) == (exhibitor.name, "3", "3")
    assert moved_to(31) == []
    assert changed_stands(services.last_renumbering(hall))[0][1]["x"] == 9  # type: ignore[union-attr]


def test_two_stands_swap_their_numbers(hall: Hall) -> None:
    first_stand, two, three = now(hall)
    save(hall, [replace(first_stand, number="2"), replace(two, number="1"), three])
    assert numbers(hall) == ["2", "1", "3"]


def test_a_layout_that_changes_nothing_writes_nothing(hall: Hall) -> None:
    version = hall.version
    save(hall, now(hall))
    assert hall.version == version
    assert current_session().scalars(entries("hall.drawn")).all() == []


def test_a_layout_read_before_another_change_is_refused(hall: Hall) -> None:
    seen, drawn = hall.version, now(hall)
    save(hall, [*drawn, PlacedStand("4", 3, 20, 3, 3)])
    with pytest.raises(StaleVersion):
        services.save_floor(Act(SYSTEM), hall, seen, drawn[:2])
    assert len(now(hall)) == 4


@pytest.mark.on_both
@pytest.mark.parametrize("occupant", ["body", "exhibitor"])
def test_an_occupied_stand_stays_but_moves_with_its_occupant(
    edition: Edition, hall: Hall, occupant: str
) -> None:
    row = current_session().scalars(select(Stand).where(Stand.number == "2")).one()
    make_theme(edition, row) if occupant == "body" else make_exhibitor(edition, stand=row)
    first_stand, two, three = now(hall)
    with pytest.raises(rules.StandHasOccupant, match="Le stand 2 est occupé"):
        save(hall, [first_stand, three])
    assert numbers(hall) == ["1", "2", "3"]
    save(hall, [first_stand, replace(two, number="22", x=20), three])
    (stand_on_plan,) = [line for line in queries.stands_on_plan(hall) if line.who]
    assert (stand_on_plan.number, stand_on_plan.x) == ("22", 20)


def test_two_occupied_stands_are_named_together(edition: Edition, hall: Hall) -> None:
    for row in list(hall.stands)[:2]:
        make_exhibitor(edition, stand=row)
    with pytest.raises(rules.StandHasOccupant, match="Les stands 1 et 2 sont occupés"):
        save(hall, [])


@pytest.mark.on_both
def test_one_stand_is_added_once_for_a_form_sent_twice(hall: Hall) -> None:
    key = new_key()
    services.add_stand(Act(SYSTEM), hall, a_stand("9", 20), key)
    services.add_stand(Act(SYSTEM), hall, a_stand("9", 20), key)
    assert numbers(hall) == ["1", "2", "3", "9"]
    with pytest.raises(SubmissionDiffers):
        services.add_stand(Act(SYSTEM), hall, a_stand("8", 30), key)


@pytest.mark.on_both
def test_one_stand_is_changed_then_removed(hall: Hall) -> None:
    key = now(hall)[2].id
    assert key is not None
    services.change_stand(Act(SYSTEM), hall, hall.version, key, a_stand("30", 20))
    assert numbers(hall) == ["1", "2", "30"]
    with pytest.raises(StaleVersion):
        services.delete_stand(Act(SYSTEM), hall, hall.version - 1, key)
    services.delete_stand(Act(SYSTEM), hall, hall.version, key)
    assert numbers(hall) == ["1", "2"]


@pytest.mark.on_both
def test_a_row_is_numbered_in_the_order_given(hall: Hall) -> None:
    keys = [stand.id or 0 for stand in now(hall)]
    services.number_stands(Act(SYSTEM), hall, hall.version, numbered(keys, 1, 2))
    assert numbers(hall) == ["1", "3", "5"]
    services.number_stands(Act(SYSTEM), hall, hall.version, numbered(keys[::-1], 3, 1))
    assert numbers(hall) == ["5", "4", "3"]


def test_a_row_never_takes_the_numbers_of_another_hall(edition: Edition, hall: Hall) -> None:
    make_stand(make_hall(edition, name="4"), number="102")
    keys = [stand.id or 0 for stand in now(hall)]
    with pytest.raises(rules.FloorFaults, match="Le numéro 102 est déjà pris"):
        services.number_stands(Act(SYSTEM), hall, hall.version, numbered(keys, 101, 1))


@pytest.mark.on_both
def test_what_a_hall_offers_must_fit_its_stands(hall: Hall) -> None:
    services.set_hall(Act(SYSTEM), hall, hall.version, 2, 6, True)
    assert (hall.aisle, hall.power_kw) == (2, 6)
    services.add_stand(Act(SYSTEM), hall, a_stand("9", 14, 3), new_key())
    with pytest.raises(rules.FloorFaults, match="stands 3 et 9 fait moins de 3 m"):
        services.set_hall(Act(SYSTEM), hall, hall.version, 3, 6, True)
    with pytest.raises(rules.FloorFaults, match="fournit au plus 3 kW"):
        services.set_hall(Act(SYSTEM), hall, hall.version, 2, 3, True)
    current_session().expire_all()
    assert (hall.aisle, hall.power_kw) == (2, 6)


# A whole file


def versions(edition: Edition) -> dict[str, int]:
    return {hall.name: hall.version for hall in queries.halls_by_name(edition)}


@pytest.mark.on_both
def test_a_file_moves_stands_between_halls_with_their_occupants(
    edition: Edition, hall: Hall
) -> None:
    other_hall = make_hall(edition, name="4")
    row = current_session().scalars(select(Stand).where(Stand.number == "2")).one()
    exhibitor = make_exhibitor(edition, stand=row)
    drawn = {"2": [a_stand("3", 5), a_stand("7", 8)], "4": [a_stand("2", 5)], "3": []}
    services.import_stands(act_in(edition, SYSTEM), versions(edition), drawn)
    assert numbers(hall) == ["3", "7"]
    assert numbers(other_hall) == ["2"]
    current_session().expire_all()
    assert current_session().get_one(Exhibitor, exhibitor.id).stand_id == row.id
    assert row.hall_id == other_hall.id


def test_a_file_is_refused_whole(edition: Edition, hall: Hall) -> None:
    make_hall(edition, name="4")
    bad = {"2": [a_stand("1", 5)], "4": [a_stand("2", 5), a_stand("3", 6)], "3": []}
    with pytest.raises(rules.FloorFaults, match="2 et 3 se recouvrent"):
        services.import_stands(act_in(edition, SYSTEM), versions(edition), bad)
    seen = versions(edition)
    services.add_stand(Act(SYSTEM), hall, a_stand("9", 20), new_key())
    with pytest.raises(StaleVersion):
        services.import_stands(act_in(edition, SYSTEM), seen, {"2": [], "4": [], "3": []})
    make_exhibitor(edition, stand=next(iter(hall.stands)))
    with pytest.raises(rules.StandHasOccupant):
        services.import_stands(
            act_in(edition, SYSTEM), versions(edition), {"2": [], "4": [], "3": []}
        )
    assert numbers(hall) == ["1", "2", "3", "9"]


@pytest.mark.on_both
def test_the_seeds_obey_the_rules_and_keep_the_village(app: Flask) -> None:
    for year in ("2018", "2021"):
        edition = services.load_edition(Act(SYSTEM), ROOT / "seed_data" / year)
        for hall in queries.halls_of(edition):
            assert rules.faults_of(hall, placed(hall.stands)) == []
    counts = {hall_count.hall.name: hall_count for hall_count in queries.hall_counts(edition)}
    assert {name: text.stands for name, text in counts.items()} == {
        "1A": 13,
        "1B": 0,
        "2": 17,
        "3": 8,
    }
    assert counts["3"].taken == 8
    assert all(count.drawn_area < 0.2 * count.hall.area for count in counts.values())
    stands = [stand for hall in queries.halls_of(edition) for stand in placed(hall.stands)]
    assert max(stands, key=lambda item: item.area).number == "66"
    drawn = [stand for stand in stands if len(stand.number) == 3]
    assert {min(item.area for item in drawn), max(item.area for item in drawn)} == {9, 36}
    assert {item.category for item in drawn} == set(StandCategory)


# Two editors


def drawing(hall_id: int, seen: int, base: list[PlacedStand], shift: float) -> Callable[[], str]:
    """Somebody who read the hall at `seen` and moves its stands."""

    def draw() -> str:
        hall = current_session().get_one(Hall, hall_id)
        try:
            services.save_floor(
                Act(SYSTEM), hall, seen, [replace(stand, y=stand.y + shift) for stand in base]
            )
        except StaleVersion:
            return "refused"
        return "saved"

    return draw


@pytest.mark.race
def test_two_editors_save_at_once_and_one_wins(app: Flask, hall: Hall) -> None:
    for round_ in range(ROUNDS):
        seen, base = hall.version, now(hall)
        way = 1 if round_ % 2 == 0 else -1
        calls = [drawing(hall.id, seen, base, way), drawing(hall.id, seen, base, way)]
        assert sorted(race(app, calls)) == ["refused", "saved"], f"round {round_}"
        current_session().expire_all()
        assert hall.version == seen + 1


@pytest.mark.race
def test_control_without_the_version_the_second_editor_erases_the_first(
    app: Flask, hall: Hall
) -> None:
    """The race above proves something only if this one loses a change."""
    hall_id, seen, (values, two, three) = hall.id, hall.version, now(hall)

    def draw(stands: list[PlacedStand]) -> Callable[[], None]:
        def write() -> None:
            with transaction(current_session().get_one(Hall, hall_id)) as session:
                services.replace_stands(session, session.get_one(Hall, hall_id), stands)

        return write

    moved = replace(values, y=10), replace(three, y=20)
    race(app, [draw([moved[0], two, three]), draw([values, two, moved[1]])])
    stands = now(hall)
    assert hall.version == seen + 2
    assert sum(text in stands for text in moved) == 1, "both were told that it was saved"
