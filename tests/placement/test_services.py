"""Stands given by hand."""

import pytest
from sqlalchemy import select

from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.exhibitors.queries.exhibitors import get_exhibitor
from salon.exhibitors.rules.lifecycle import Move
from salon.exhibitors.services import review
from salon.fair.models import Edition, Hall
from salon.placement import rules, services
from salon.placement.queries.placement import floor_of
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.journal import entries
from salon.platform.database.versions import StaleVersion
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import now
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_theme
from tests.factories import make_edition
from tests.placement.records import ORGANISER, give, messages, state


def actions(exhibitor: Exhibitor) -> list[str]:
    result = current_session().scalars(entries(subject=f"exhibitor:{exhibitor.id}"))
    return [item.action for item in result]


def hall_version(hall: Hall) -> int:
    current_session().rollback()
    return current_session().get_one(Hall, hall.id).version


# By hand


@pytest.mark.on_both
def test_a_stand_given_is_told_once_and_written_down(edition: Edition) -> None:
    hall = make_hall(edition)
    stand, exhibitor = make_stand(hall, number="12"), make_exhibitor(edition)
    before = hall_version(hall)
    result = give(exhibitor, stand)
    give(result, stand)
    assert get_exhibitor(exhibitor.id).stand_id == stand.id
    assert hall_version(hall) == before + 1
    assert [(message["stand"], message["former"]) for message in messages(exhibitor)] == [
        ("12", "")
    ]
    assert actions(exhibitor) == ["exhibitor.stand_given"]


@pytest.mark.on_both
def test_another_stand_takes_the_place_of_the_first(edition: Edition) -> None:
    first_hall, two = make_hall(edition), make_hall(edition)
    first, second = make_stand(first_hall, number="12"), make_stand(two, number="34")
    exhibitor = give(make_exhibitor(edition), first)
    versions = hall_version(first_hall), hall_version(two)
    give(get_exhibitor(exhibitor.id), second)
    assert (hall_version(first_hall), hall_version(two)) == (versions[0] + 1, versions[1] + 1)
    assert [message["former"] for message in messages(exhibitor)] == ["", "12"]
    give(make_exhibitor(edition), first)


@pytest.mark.on_both
def test_a_stand_already_given_says_to_whom(edition: Edition) -> None:
    stand = make_stand(make_hall(edition), number="12")
    give(make_exhibitor(edition, name="Les Mâts d’Oc"), stand)
    other_exhibitor = make_exhibitor(edition)
    with pytest.raises(rules.StandAlreadyGiven, match="12 est déjà donné à Les Mâts d’Oc"):
        give(other_exhibitor, stand)
    assert get_exhibitor(other_exhibitor.id).stand_id is None
    assert messages(other_exhibitor) == []
    assert actions(other_exhibitor) == []


@pytest.mark.parametrize(
    "status", [status for status in ApplicationStatus if status != ApplicationStatus.ACCEPTED]
)
def test_only_an_accepted_exhibitor_gets_a_stand(
    edition: Edition, status: ApplicationStatus
) -> None:
    stand = make_stand(make_hall(edition))
    with pytest.raises(rules.NotAccepted):
        give(make_exhibitor(edition, status=status), stand)


def test_the_stand_of_a_body_is_not_given(edition: Edition) -> None:
    stand = make_stand(make_hall(edition))
    make_theme(edition, stand)
    with pytest.raises(rules.StandIsReserved):
        give(make_exhibitor(edition), stand)


def test_a_stand_in_a_closed_hall_is_not_given(edition: Edition) -> None:
    hall = make_hall(edition, closed_at=now())
    exhibitor = make_exhibitor(edition)
    with pytest.raises(rules.StandInAClosedHall):
        give(exhibitor, make_stand(hall))
    assert get_exhibitor(exhibitor.id).stand_id is None


def test_the_stands_of_a_closed_hall_are_not_on_the_floor(edition: Edition) -> None:
    opened, closed = make_hall(edition), make_hall(edition)
    stand, _ = make_stand(opened), make_stand(closed)
    with transaction(closed):
        closed.closed_at = now()
    floor = floor_of(edition.id)
    assert [drawn.id for drawn in floor.stands] == [stand.id]
    assert closed.id not in [room.id for room in floor.rooms]


def test_a_stand_of_another_edition_is_refused(edition: Edition) -> None:
    stand = make_stand(make_hall(make_edition(is_current=False)))
    with pytest.raises(rules.StandOfAnotherEdition):
        give(make_exhibitor(edition), stand)


@pytest.mark.on_both
def test_who_read_an_older_version_changes_nothing(edition: Edition) -> None:
    hall = make_hall(edition)
    exhibitor = make_exhibitor(edition)
    read = exhibitor.version
    give(exhibitor, make_stand(hall))
    with pytest.raises(StaleVersion):
        give(exhibitor, make_stand(hall, x=10), read)
    with pytest.raises(StaleVersion):
        services.free_stand(Act(ORGANISER), exhibitor.id, read)


@pytest.mark.on_both
def test_a_stand_taken_back_is_free_for_another(edition: Edition) -> None:
    hall = make_hall(edition)
    stand, exhibitor = make_stand(hall), make_exhibitor(edition)
    result = give(exhibitor, stand)
    version = hall_version(hall)
    services.free_stand(Act(ORGANISER), result.id, get_exhibitor(result.id).version)
    assert hall_version(hall) == version + 1
    assert actions(exhibitor)[0] == "exhibitor.stand_freed"
    give(make_exhibitor(edition), stand)
    with pytest.raises(rules.NoStandToFree):
        services.free_stand(Act(ORGANISER), exhibitor.id, get_exhibitor(exhibitor.id).version)


def test_two_exchange_their_stands_and_are_told(edition: Edition) -> None:
    first, second = make_hall(edition), make_hall(edition)
    exhibitor = give(make_exhibitor(edition, name="Mâts"), make_stand(first, number="12"))
    other_exhibitor = give(make_exhibitor(edition, name="Rues"), make_stand(second, number="34"))
    versions = hall_version(first), hall_version(second)
    first_exhibitor, second_exhibitor = (
        get_exhibitor(exhibitor.id),
        get_exhibitor(other_exhibitor.id),
    )
    services.exchange_stands(
        Act(ORGANISER),
        first_exhibitor.id,
        first_exhibitor.version,
        second_exhibitor.id,
        second_exhibitor.version,
    )
    stands = [
        get_exhibitor(exhibitor.id).stand for exhibitor in (first_exhibitor, second_exhibitor)
    ]
    assert [stand.number for stand in stands if stand] == ["34", "12"]
    assert (hall_version(first), hall_version(second)) == (versions[0] + 1, versions[1] + 1)
    assert [(message["stand"], message["former"]) for message in messages(first_exhibitor)] == [
        ("12", ""),
        ("34", "12"),
    ]
    assert actions(second_exhibitor) == ["exhibitor.stand_given"] * 2


def test_an_exchange_needs_two_stands_that_both_may_have(edition: Edition) -> None:
    hall = make_hall(edition)
    village = make_stand(hall, number="V")
    make_theme(edition, village)
    exhibitor = give(make_exhibitor(edition, name="Mâts"), make_stand(hall, number="12", x=10))
    body = give(make_exhibitor(edition, name="Organisme"), village)
    waiting = make_exhibitor(edition, name="Sans stand")

    def exchange(other_exhibitor: Exhibitor) -> None:
        own_row, other_row = get_exhibitor(exhibitor.id), get_exhibitor(other_exhibitor.id)
        services.exchange_stands(
            Act(ORGANISER), own_row.id, own_row.version, other_row.id, other_row.version
        )

    before = state()
    for refused_exhibitor, refusal in (
        (waiting, rules.NothingToExchange),
        (exhibitor, rules.NothingToExchange),
        (body, rules.StandIsReserved),
    ):
        with pytest.raises(refusal):
            exchange(refused_exhibitor)
    version = get_exhibitor(body.id).version
    with pytest.raises(StaleVersion):
        services.exchange_stands(Act(ORGANISER), exhibitor.id, 0, body.id, version)
    with pytest.raises(StaleVersion):
        services.exchange_stands(
            Act(ORGANISER), exhibitor.id, get_exhibitor(exhibitor.id).version, body.id, version - 1
        )
    assert state() == before


@pytest.mark.on_both
def test_a_stand_taken_back_is_told(edition: Edition) -> None:
    result = give(make_exhibitor(edition), make_stand(make_hall(edition), number="12"))
    services.free_stand(Act(ORGANISER), result.id, get_exhibitor(result.id).version)
    statement = select(Message.context).where(Message.kind == "stand_freed")
    assert [row["stand"] for row in current_session().scalars(statement)] == ["12"]


@pytest.mark.on_both
def test_who_withdraws_leaves_its_stand(edition: Edition) -> None:
    stand = make_stand(make_hall(edition))
    exhibitor = give(make_exhibitor(edition), stand)
    version = get_exhibitor(exhibitor.id).version
    withdrawal = review.OrganiserDecision(Move.WITHDRAW, "Plus d’agents.")
    review.decide(Act(ORGANISER), exhibitor.id, version, withdrawal)
    give(make_exhibitor(edition), stand)


@pytest.mark.on_both
def test_members_of_a_pavilion_have_their_own_stands(edition: Edition) -> None:
    hall = make_hall(edition)
    pavilion, member = make_exhibitor(edition, area=0), make_exhibitor(edition)
    joined = services.attach_member(Act(ORGANISER), member.id, member.version, pavilion.id)
    assert joined.parent_id == pavilion.id
    give(get_exhibitor(member.id), make_stand(hall))
    with pytest.raises(rules.PavilionHasNoStand):
        give(pavilion, make_stand(hall, x=10))
    left = get_exhibitor(member.id)
    services.attach_member(Act(ORGANISER), left.id, left.version, None)
    assert get_exhibitor(member.id).parent_id is None


def test_only_a_pavilion_has_members(edition: Edition) -> None:
    first_exhibitor, other_exhibitor = make_exhibitor(edition), make_exhibitor(edition)
    waiting = make_exhibitor(edition, area=0, status=ApplicationStatus.SUBMITTED)
    for parent in (other_exhibitor, waiting, first_exhibitor):
        with pytest.raises(rules.NotAPavilion):
            services.attach_member(
                Act(ORGANISER), first_exhibitor.id, first_exhibitor.version, parent.id
            )
