"""Giving stands and accepting plans, on SQLite and on PostgreSQL."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.exhibitors.queries.exhibitors import get_exhibitor
from salon.exhibitors.rules.lifecycle import Move
from salon.exhibitors.services import review
from salon.fair.models import Edition, Hall, Stand
from salon.fair.queries import get_public_edition
from salon.placement import jobs, rules, services
from salon.placement.models import PlanProposal
from salon.placement.queries.proposals import get_proposal
from salon.platform.clock import now
from salon.platform.db import current_session, transaction
from salon.platform.identity import Identity, Role
from salon.platform.journal import entries
from salon.platform.mail.outbox import Message
from salon.platform.versions import StaleVersion
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_theme
from tests.factories import make_edition
from tests.jobs import run as run_jobs
from tests.races import race

ORGANISER = Identity(Role.ORGANISER, 1, "Olivia", "192.0.2.9")


def give(exhibitor: Exhibitor, stand: Stand, version: int | None = None) -> Exhibitor:
    version = exhibitor.version if version is None else version
    return services.give_stand(exhibitor.id, version, stand.id, ORGANISER, now())


def messages(exhibitor: Exhibitor) -> list[dict[str, Any]]:
    stored_messages = current_session().scalars(
        select(Message)
        .where(Message.kind == "stand_given", Message.about == f"exhibitor:{exhibitor.id}")
        .order_by(Message.id)
    )
    return [message.context for message in stored_messages]


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
    given = give(exhibitor, stand)
    give(given, stand)
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
        services.free_stand(exhibitor.id, read, ORGANISER, now())


@pytest.mark.on_both
def test_a_stand_taken_back_is_free_for_another(edition: Edition) -> None:
    hall = make_hall(edition)
    stand, exhibitor = make_stand(hall), make_exhibitor(edition)
    given = give(exhibitor, stand)
    version = hall_version(hall)
    services.free_stand(given.id, get_exhibitor(given.id).version, ORGANISER, now())
    assert hall_version(hall) == version + 1
    assert actions(exhibitor)[0] == "exhibitor.stand_freed"
    give(make_exhibitor(edition), stand)
    with pytest.raises(rules.NoStandToFree):
        services.free_stand(exhibitor.id, get_exhibitor(exhibitor.id).version, ORGANISER, now())


def test_two_exchange_their_stands_and_are_told(edition: Edition) -> None:
    first, second = make_hall(edition), make_hall(edition)
    exhibitor = give(make_exhibitor(edition, name="Mâts"), make_stand(first, number="12"))
    other_exhibitor = give(make_exhibitor(edition, name="Rues"), make_stand(second, number="34"))
    versions = hall_version(first), hall_version(second)
    first_exhibitor, other = get_exhibitor(exhibitor.id), get_exhibitor(other_exhibitor.id)
    services.exchange_stands(
        first_exhibitor.id, first_exhibitor.version, other.id, other.version, ORGANISER, now()
    )
    stands = [get_exhibitor(exhibitor.id).stand for exhibitor in (first_exhibitor, other)]
    assert [stand.number for stand in stands if stand] == ["34", "12"]
    assert (hall_version(first), hall_version(second)) == (versions[0] + 1, versions[1] + 1)
    assert [(message["stand"], message["former"]) for message in messages(first_exhibitor)] == [
        ("12", ""),
        ("34", "12"),
    ]
    assert actions(other) == ["exhibitor.stand_given"] * 2


def test_an_exchange_needs_two_stands_that_both_may_have(edition: Edition) -> None:
    hall = make_hall(edition)
    village = make_stand(hall, number="V")
    make_theme(edition, village)
    exhibitor = give(make_exhibitor(edition, name="Mâts"), make_stand(hall, number="12", x=10))
    body = give(make_exhibitor(edition, name="Organisme"), village)
    waiting = make_exhibitor(edition, name="Sans stand")

    def exchange(other_exhibitor: Exhibitor) -> None:
        mine, its = get_exhibitor(exhibitor.id), get_exhibitor(other_exhibitor.id)
        services.exchange_stands(mine.id, mine.version, its.id, its.version, ORGANISER, now())

    before = state()
    for refused_exhibitor, refusal in (
        (waiting, rules.NothingToExchange),
        (exhibitor, rules.NothingToExchange),
        (body, rules.StandIsReserved),
    ):
        with pytest.raises(refusal):
            exchange(refused_exhibitor)
    its = get_exhibitor(body.id).version
    with pytest.raises(StaleVersion):
        services.exchange_stands(exhibitor.id, 0, body.id, its, ORGANISER, now())
    with pytest.raises(StaleVersion):
        services.exchange_stands(
            exhibitor.id, get_exhibitor(exhibitor.id).version, body.id, its - 1, ORGANISER, now()
        )
    assert state() == before


@pytest.mark.on_both
def test_a_stand_taken_back_is_told(edition: Edition) -> None:
    given = give(make_exhibitor(edition), make_stand(make_hall(edition), number="12"))
    services.free_stand(given.id, get_exhibitor(given.id).version, ORGANISER, now())
    statement = select(Message.context).where(Message.kind == "stand_freed")
    assert [row["stand"] for row in current_session().scalars(statement)] == ["12"]


@pytest.mark.on_both
def test_who_withdraws_leaves_its_stand(edition: Edition) -> None:
    stand = make_stand(make_hall(edition))
    exhibitor = give(make_exhibitor(edition), stand)
    version = get_exhibitor(exhibitor.id).version
    review.decide(exhibitor.id, version, Move.WITHDRAW, "Plus d’agents.", ORGANISER, now())
    give(make_exhibitor(edition), stand)


@pytest.mark.on_both
def test_members_of_a_pavilion_have_their_own_stands(edition: Edition) -> None:
    hall = make_hall(edition)
    pavilion, member = make_exhibitor(edition, area=0), make_exhibitor(edition)
    joined = services.attach_member(member.id, member.version, pavilion.id, ORGANISER, now())
    assert joined.parent_id == pavilion.id
    give(get_exhibitor(member.id), make_stand(hall))
    with pytest.raises(rules.PavilionHasNoStand):
        give(pavilion, make_stand(hall, x=10))
    left = get_exhibitor(member.id)
    services.attach_member(left.id, left.version, None, ORGANISER, now())
    assert get_exhibitor(member.id).parent_id is None


def test_only_a_pavilion_has_members(edition: Edition) -> None:
    first_exhibitor, other_exhibitor = make_exhibitor(edition), make_exhibitor(edition)
    waiting = make_exhibitor(edition, area=0, status=ApplicationStatus.SUBMITTED)
    for parent in (other_exhibitor, waiting, first_exhibitor):
        with pytest.raises(rules.NotAPavilion):
            services.attach_member(
                first_exhibitor.id, first_exhibitor.version, parent.id, ORGANISER, now()
            )


# A plan


@pytest.fixture
def proposal(edition: Edition) -> PlanProposal:
    """A plan of four: one placed by hand, one on a drawn stand, two on stands to draw."""
    hall = make_hall(edition, name="A", width=30, depth=20, power_kw=9)
    give(make_exhibitor(edition, name="Main"), make_stand(hall, number="1", x=3, y=3))
    make_stand(hall, number="2", x=6, y=3, power_kw=9, has_water=True)
    make_exhibitor(edition, name="Eau", wants_water=True, wants_corner=True, power_kw=9)
    make_exhibitor(edition, name="Grand", area=40)
    make_exhibitor(edition, name="Pavillon", area=0)
    make_exhibitor(edition, name="Refusé", status=ApplicationStatus.REFUSED)
    number = jobs.ask_proposal(get_public_edition(), ORGANISER, now())
    assert jobs.ask_proposal(get_public_edition(), ORGANISER, now()) == number
    assert run_jobs(jobs.PLAN_PROPOSALS) == 1
    return get_proposal(number)


def state() -> list[tuple[str, int | None]]:
    current_session().rollback()
    rows = current_session().execute(
        select(Exhibitor.name, Exhibitor.stand_id).order_by(Exhibitor.id)
    )
    return [(name, stand_id) for name, stand_id in rows]


def new_ids(proposal: PlanProposal) -> list[int]:
    return [row["id"] for row in proposal.result["placed"] if row["proposed"]]


def test_a_proposal_holds_everybody_and_changes_nothing(proposal: PlanProposal) -> None:
    rows = {row["exhibitor"]: row for row in proposal.result["placed"]}
    assert set(rows) == {"Main", "Eau", "Grand"}
    assert (rows["Main"]["stand"], rows["Main"]["proposed"]) == ("1", False)
    assert (rows["Main"]["x"], rows["Main"]["y"]) == (3.0, 3.0)
    assert rows["Eau"]["met"] == ["angle", "9 kW", "eau"]
    assert proposal.result["unplaced"] == []
    assert [name for name, stand_id in state() if stand_id] == ["Main"]
    assert len(current_session().scalars(select(Stand)).all()) == 2
    assert run_jobs(jobs.PLAN_PROPOSALS) == 0


def test_an_accepted_plan_draws_and_gives(proposal: PlanProposal, app: Flask) -> None:
    assert jobs.accept_proposal(proposal.id, new_ids(proposal), ORGANISER, now()) == 2
    current_session().rollback()
    for row in proposal.result["placed"]:
        stand = get_exhibitor(row["id"]).stand
        assert stand is not None
        assert (stand.number, stand.x, stand.y) == (row["stand"], row["x"], row["y"])
        assert (stand.width, stand.depth) == (row["width"], row["depth"])
        assert len(messages(get_exhibitor(row["id"]))) == 1


def test_a_plan_is_accepted_row_by_row(proposal: PlanProposal) -> None:
    for new_id in new_ids(proposal):
        assert jobs.accept_proposal(proposal.id, [new_id], ORGANISER, now()) == 1
    assert all(
        row.get("accepted") for row in get_proposal(proposal.id).result["placed"] if row["proposed"]
    )


@pytest.mark.on_both
def test_a_plan_is_stale_when_its_hall_has_changed(proposal: PlanProposal) -> None:
    hall = current_session().scalars(select(Hall).where(Hall.name == "A")).one()
    with transaction(hall):
        hall.version += 1
    before = state()
    with pytest.raises(rules.ProposalIsStale):
        jobs.accept_proposal(proposal.id, new_ids(proposal), ORGANISER, now())
    assert state() == before


@pytest.mark.on_both
def test_a_plan_is_stale_when_an_exhibitor_has_changed(proposal: PlanProposal) -> None:
    changed = get_exhibitor(new_ids(proposal)[0])
    with transaction(changed):
        changed.area = 12
    before, stands = state(), len(current_session().scalars(select(Stand)).all())
    said = f"Depuis ce calcul\u00a0: {changed.name} a changé sa demande ou sa fiche. Rien"
    with pytest.raises(rules.ProposalIsStale, match=said):
        jobs.accept_proposal(proposal.id, new_ids(proposal), ORGANISER, now())
    assert (state(), len(current_session().scalars(select(Stand)).all())) == (before, stands)


def test_who_is_unchanged_is_still_accepted_without_who_changed(proposal: PlanProposal) -> None:
    changed, other_number = new_ids(proposal)
    version = get_exhibitor(changed).version
    review.decide(changed, version, Move.WITHDRAW, "Plus d’agents.", ORGANISER, now())
    with pytest.raises(rules.ProposalIsStale, match="n’est plus accepté"):
        jobs.accept_proposal(proposal.id, [changed, other_number], ORGANISER, now())
    assert jobs.accept_proposal(proposal.id, [other_number], ORGANISER, now()) == 1


@pytest.mark.on_both
def test_who_got_a_stand_by_hand_meanwhile_keeps_it(
    proposal: PlanProposal, edition: Edition
) -> None:
    placed = get_exhibitor(new_ids(proposal)[0])
    give(placed, make_stand(make_hall(edition), number="99"))
    with pytest.raises(rules.ProposalIsStale, match=f"{placed.name} a reçu un stand"):
        jobs.accept_proposal(proposal.id, [placed.id], ORGANISER, now())
    stand = get_exhibitor(placed.id).stand
    assert stand is not None
    assert stand.number == "99"


@pytest.mark.on_both
def test_a_plan_set_aside_is_no_longer_accepted(proposal: PlanProposal) -> None:
    jobs.discard_proposal(proposal.id, ORGANISER)
    jobs.discard_proposal(proposal.id, ORGANISER)
    with pytest.raises(rules.ProposalIsDiscarded):
        jobs.accept_proposal(proposal.id, new_ids(proposal), ORGANISER, now())
    result = current_session().scalars(entries(subject=f"plan_proposal:{proposal.id}"))
    assert [item.action for item in result] == ["plan.discarded", "plan.asked"]


def test_an_accepted_plan_is_not_set_aside(proposal: PlanProposal) -> None:
    jobs.accept_proposal(proposal.id, new_ids(proposal)[:1], ORGANISER, now())
    with pytest.raises(rules.ProposalIsAccepted):
        jobs.discard_proposal(proposal.id, ORGANISER)


def test_a_plan_set_aside_before_its_turn_is_not_computed(edition: Edition) -> None:
    requested_number = jobs.ask_proposal(get_public_edition(), ORGANISER, now())
    jobs.discard_proposal(requested_number, ORGANISER)
    assert run_jobs(jobs.PLAN_PROPOSALS) == 0
    assert get_proposal(requested_number).result == {}
    assert jobs.ask_proposal(get_public_edition(), ORGANISER, now()) != requested_number


def test_a_body_without_stand_is_proposed_the_one_kept_for_it(edition: Edition) -> None:
    hall = make_hall(edition, width=30, depth=20)
    village = make_stand(hall, number="V", x=3, y=3)
    make_theme(edition, village)
    make_stand(hall, number="12", x=9, y=3)
    body = make_exhibitor(edition, name="Organisme")
    requested_number = jobs.ask_proposal(get_public_edition(), ORGANISER, now())
    run_jobs(jobs.PLAN_PROPOSALS)
    (row,) = get_proposal(requested_number).result["placed"]
    assert (row["stand"], row["proposed"]) == ("V", True)
    jobs.accept_proposal(requested_number, [body.id], ORGANISER, now())
    assert get_exhibitor(body.id).stand_id == village.id


def test_a_plan_that_is_not_computed_cannot_be_accepted(edition: Edition) -> None:
    requested_number = jobs.ask_proposal(get_public_edition(), ORGANISER, now())
    with pytest.raises(rules.ProposalIsNotReady):
        jobs.accept_proposal(requested_number, [1], ORGANISER, now())


@pytest.mark.on_both
def test_who_accepts_after_a_colleague_is_told_and_nothing_is_done_twice(
    proposal: PlanProposal,
) -> None:
    plan, ids = proposal.id, new_ids(proposal)
    with pytest.raises(rules.NothingChosen):
        jobs.accept_proposal(plan, [], ORGANISER, now())
    assert jobs.accept_proposal(plan, ids, ORGANISER, now()) == 2
    before = state()
    with pytest.raises(rules.ProposalIsStale, match="a reçu un stand"):
        jobs.accept_proposal(plan, ids, ORGANISER, now())
    assert state() == before


@pytest.mark.race
def test_two_accept_one_plan_at_once_and_it_is_done_once(
    proposal: PlanProposal, app: Flask
) -> None:
    plan, ids = proposal.id, new_ids(proposal)
    placed = proposal.result["placed"]

    def accept() -> int:
        try:
            return jobs.accept_proposal(plan, ids, ORGANISER, now())
        except rules.ProposalIsStale:
            return 0

    assert sorted(race(app, [accept] * 4)) == [0, 0, 0, 2]
    given = [stand_id for _, stand_id in state() if stand_id]
    drawn = [row for row in placed if row["stand_id"] is None]
    assert len(given) == len(set(given)) == 3
    assert len(current_session().scalars(select(Stand)).all()) == 2 + len(drawn)
