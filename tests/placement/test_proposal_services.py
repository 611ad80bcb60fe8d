"""Proposals of a plan: computed, accepted, out of date, discarded."""

import pytest
from flask import Flask
from sqlalchemy import select

from salon.exhibitors.models import ApplicationStatus
from salon.exhibitors.queries.exhibitors import get_exhibitor
from salon.exhibitors.rules.lifecycle import Move
from salon.exhibitors.services import review
from salon.fair.models import Edition, Hall, Stand
from salon.fair.queries import get_public_edition
from salon.placement import jobs, rules
from salon.placement.models import PlanProposal
from salon.placement.queries.proposals import get_proposal
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.journal import entries
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_theme
from tests.factories import act_in
from tests.jobs import run as run_jobs
from tests.placement.records import ORGANISER, give, messages, state
from tests.races import race

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
    number = jobs.ask_proposal(act_in(get_public_edition(), ORGANISER))
    assert jobs.ask_proposal(act_in(get_public_edition(), ORGANISER)) == number
    assert run_jobs(jobs.PLAN_PROPOSALS) == 1
    return get_proposal(number)


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
    assert jobs.accept_proposal(Act(ORGANISER), proposal.id, new_ids(proposal)) == 2
    current_session().rollback()
    for row in proposal.result["placed"]:
        stand = get_exhibitor(row["id"]).stand
        assert stand is not None
        assert (stand.number, stand.x, stand.y) == (row["stand"], row["x"], row["y"])
        assert (stand.width, stand.depth) == (row["width"], row["depth"])
        assert len(messages(get_exhibitor(row["id"]))) == 1


def test_a_plan_is_accepted_row_by_row(proposal: PlanProposal) -> None:
    for new_id in new_ids(proposal):
        assert jobs.accept_proposal(Act(ORGANISER), proposal.id, [new_id]) == 1
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
        jobs.accept_proposal(Act(ORGANISER), proposal.id, new_ids(proposal))
    assert state() == before


@pytest.mark.on_both
def test_a_plan_is_stale_when_an_exhibitor_has_changed(proposal: PlanProposal) -> None:
    changed = get_exhibitor(new_ids(proposal)[0])
    with transaction(changed):
        changed.area = 12
    before, stands = state(), len(current_session().scalars(select(Stand)).all())
    sentence = f"Depuis ce calcul\u00a0: {changed.name} a changé sa demande ou sa fiche. Rien"
    with pytest.raises(rules.ProposalIsStale, match=sentence):
        jobs.accept_proposal(Act(ORGANISER), proposal.id, new_ids(proposal))
    assert (state(), len(current_session().scalars(select(Stand)).all())) == (before, stands)


@pytest.mark.parametrize(
    ("count", "end"),
    [(1, "E0 a changé"), (3, "E2 a changé"), (4, "et 1 autre"), (5, "et 2 autres")],
)
def test_the_first_three_changes_are_said_and_the_others_counted(count: int, end: str) -> None:
    stale = rules.ProposalIsStale(f"E{number} a changé" for number in range(count))
    assert f" {end}. Rien" in stale.message


def test_who_is_unchanged_is_still_accepted_without_who_changed(proposal: PlanProposal) -> None:
    changed, other_number = new_ids(proposal)
    version = get_exhibitor(changed).version
    withdrawal = review.OrganiserDecision(Move.WITHDRAW, "Plus d’agents.")
    review.decide(Act(ORGANISER), changed, version, withdrawal)
    with pytest.raises(rules.ProposalIsStale, match="n’est plus accepté"):
        jobs.accept_proposal(Act(ORGANISER), proposal.id, [changed, other_number])
    assert jobs.accept_proposal(Act(ORGANISER), proposal.id, [other_number]) == 1


@pytest.mark.on_both
def test_who_got_a_stand_by_hand_meanwhile_keeps_it(
    proposal: PlanProposal, edition: Edition
) -> None:
    placed = get_exhibitor(new_ids(proposal)[0])
    give(placed, make_stand(make_hall(edition), number="99"))
    with pytest.raises(rules.ProposalIsStale, match=f"{placed.name} a reçu un stand"):
        jobs.accept_proposal(Act(ORGANISER), proposal.id, [placed.id])
    stand = get_exhibitor(placed.id).stand
    assert stand is not None
    assert stand.number == "99"


@pytest.mark.on_both
def test_a_plan_set_aside_is_no_longer_accepted(proposal: PlanProposal) -> None:
    jobs.discard_proposal(Act(ORGANISER), proposal.id)
    jobs.discard_proposal(Act(ORGANISER), proposal.id)
    with pytest.raises(rules.ProposalIsDiscarded):
        jobs.accept_proposal(Act(ORGANISER), proposal.id, new_ids(proposal))
    result = current_session().scalars(entries(subject=f"plan_proposal:{proposal.id}"))
    assert [item.action for item in result] == ["plan.discarded", "plan.asked"]


def test_an_accepted_plan_is_not_set_aside(proposal: PlanProposal) -> None:
    jobs.accept_proposal(Act(ORGANISER), proposal.id, new_ids(proposal)[:1])
    with pytest.raises(rules.ProposalIsAccepted):
        jobs.discard_proposal(Act(ORGANISER), proposal.id)


def test_a_plan_set_aside_before_its_turn_is_not_computed(edition: Edition) -> None:
    requested_number = jobs.ask_proposal(act_in(get_public_edition(), ORGANISER))
    jobs.discard_proposal(Act(ORGANISER), requested_number)
    assert run_jobs(jobs.PLAN_PROPOSALS) == 0
    assert get_proposal(requested_number).result == {}
    assert jobs.ask_proposal(act_in(get_public_edition(), ORGANISER)) != requested_number


def test_a_body_without_stand_is_proposed_the_one_kept_for_it(edition: Edition) -> None:
    hall = make_hall(edition, width=30, depth=20)
    village = make_stand(hall, number="V", x=3, y=3)
    make_theme(edition, village)
    make_stand(hall, number="12", x=9, y=3)
    body = make_exhibitor(edition, name="Organisme")
    requested_number = jobs.ask_proposal(act_in(get_public_edition(), ORGANISER))
    run_jobs(jobs.PLAN_PROPOSALS)
    (row,) = get_proposal(requested_number).result["placed"]
    assert (row["stand"], row["proposed"]) == ("V", True)
    jobs.accept_proposal(Act(ORGANISER), requested_number, [body.id])
    assert get_exhibitor(body.id).stand_id == village.id


def test_a_plan_that_is_not_computed_cannot_be_accepted(edition: Edition) -> None:
    requested_number = jobs.ask_proposal(act_in(get_public_edition(), ORGANISER))
    with pytest.raises(rules.ProposalIsNotReady):
        jobs.accept_proposal(Act(ORGANISER), requested_number, [1])


@pytest.mark.on_both
def test_who_accepts_after_a_colleague_is_told_and_nothing_is_done_twice(
    proposal: PlanProposal,
) -> None:
    plan, ids = proposal.id, new_ids(proposal)
    with pytest.raises(rules.NothingChosen):
        jobs.accept_proposal(Act(ORGANISER), plan, [])
    assert jobs.accept_proposal(Act(ORGANISER), plan, ids) == 2
    before = state()
    with pytest.raises(rules.ProposalIsStale, match="a reçu un stand"):
        jobs.accept_proposal(Act(ORGANISER), plan, ids)
    assert state() == before


@pytest.mark.race
def test_two_accept_one_plan_at_once_and_it_is_done_once(
    proposal: PlanProposal, app: Flask
) -> None:
    plan, ids = proposal.id, new_ids(proposal)
    placed = proposal.result["placed"]

    def accept() -> int:
        try:
            return jobs.accept_proposal(Act(ORGANISER), plan, ids)
        except rules.ProposalIsStale:
            return 0

    assert sorted(race(app, [accept] * 4)) == [0, 0, 0, 2]
    given_ids = [stand_id for _, stand_id in state() if stand_id]
    drawn = [row for row in placed if row["stand_id"] is None]
    assert len(given_ids) == len(set(given_ids)) == 3
    assert len(current_session().scalars(select(Stand)).all()) == 2 + len(drawn)
