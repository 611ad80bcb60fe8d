"""Coordinators open, assign and close; the publication overtakes."""

import pytest

from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.staffing.models import (
    ExchangeStatus,
    ShiftStatus,
    StandInStatus,
)
from salon.staffing.rules.shifts import AgentOfAnotherBody
from salon.village_day.rules import exchanges as exchange_rules
from salon.village_day.rules import standins as rules
from salon.village_day.services import asking, exchanges
from salon.village_day.services import standins as services
from tests.factories import act_in, new_key
from tests.staffing.make import ORGANISER, make_agent, make_needs, publish, put
from tests.village_day.standins.made import (
    AFTERNOON,
    MORNING,
    as_agent,
    asks_of,
    at,
    fresh,
    give,
    hours_of,
    mails,
    make_team,
    open_for,
)

pytestmark = pytest.mark.usefixtures("app")


def test_a_coordinator_opens_for_an_agent_who_is_told(edition: Edition) -> None:
    village, (anna, _) = make_team(edition, "Anna A", "Bruno B")
    (shift,) = give(village, anna, MORNING)
    services.ask_stand_in(act_in(edition, ORGANISER, at(village, 8)), shift, "Malade")
    assert mails("standin_opened") == [anna.email]


@pytest.mark.on_both
def test_a_coordinator_assigns_in_knowledge_of_what_it_breaks(edition: Edition) -> None:
    village, (anna,) = make_team(edition, "Anna A")
    theo = make_agent(village, name="Théo T", body="SDIS 34")
    coordinator = make_agent(village, name="Céline Coord", is_coordinator=True, stands=["SDIS 34"])
    (shift,) = give(village, anna, MORNING)
    give(village, theo, ((10, 0), (12, 0)), body="SDIS 34")
    now = at(village, 9, before=10)
    stand_in = open_for(village, shift, now)
    assert asks_of(stand_in) == []
    with pytest.raises(AgentOfAnotherBody):
        services.assign_shift(Act(ORGANISER, now), stand_in, theo, [], [anna.body_id])
    with pytest.raises(rules.BreaksMore):
        services.assign_shift(Act(ORGANISER, now), stand_in, theo, ["not_allowed"], None)
    read = ["elsewhere", "not_allowed"]
    services.assign_shift(Act(ORGANISER, now), stand_in, theo, read, None)
    for status in (ShiftStatus.PUBLISHED, ShiftStatus.DRAFT):
        assert hours_of(theo, status) == [("09:00", "11:00"), ("11:00", "12:00")]
    assert mails("standin_found") == [coordinator.email]
    assert asks_of(stand_in)[0].asked_at is None


def test_nobody_is_taken_from_a_stand_that_needs_them(edition: Edition) -> None:
    village, (anna,) = make_team(edition, "Anna A")
    theo = make_agent(village, name="Théo T", body="SDIS 34", stands=["SDIS 34", "Département"])
    (shift,) = give(village, anna, MORNING)
    give(village, theo, ((10, 0), (12, 0)), body="SDIS 34")
    make_needs(village, body="SDIS 34")
    now = at(village, 9, before=10)
    stand_in = open_for(village, shift, now)
    with pytest.raises(rules.CannotTake, match="Théo T ne peut pas prendre"):
        services.assign_shift(Act(ORGANISER, now), stand_in, theo, ["elsewhere"], None)


@pytest.mark.on_both
def test_a_closed_request_leaves_the_shift_to_its_agent(edition: Edition) -> None:
    village, (anna, bruno) = make_team(edition, "Anna A", "Bruno B")
    (shift,) = give(village, anna, MORNING)
    now = at(village, 9, before=10)
    stand_in = open_for(village, shift, now)
    services.close_stand_in(act_in(edition, ORGANISER, now), stand_in)
    assert hours_of(anna) == [("09:00", "11:00")]
    assert (mails("standin_closed"), mails("standin_withdrawn")) == ([anna.email], [bruno.email])
    with pytest.raises(rules.NoLongerLooking):
        asking.ask_next(act_in(edition, ORGANISER, now), stand_in)


@pytest.mark.on_both
def test_the_next_are_asked_once_by_a_form_sent_twice(edition: Edition) -> None:
    village, (anna, *_) = make_team(edition, *(f"{text}a Z{text}" for text in "ABCDEFGH"))
    (shift,) = give(village, anna, MORNING)
    now = at(village, 9, before=10)
    stand_in = open_for(village, shift, now)
    key = new_key()
    counts = [asking.ask_next(act_in(edition, ORGANISER, now), stand_in, key) for _ in range(2)]
    assert counts == [3, 3]
    assert len(asks_of(stand_in)) == 6
    services.close_stand_in(act_in(edition, ORGANISER, now), stand_in)
    assert asking.ask_next(act_in(edition, ORGANISER, now), stand_in, key) == 3


@pytest.mark.on_both
@pytest.mark.parametrize("is_moved", [True, False])
def test_a_publication_that_moves_or_withdraws_the_shift_ends_what_is_asked_of_it(
    edition: Edition, is_moved: bool
) -> None:
    village, (anna, bruno) = make_team(edition, "Anna A", "Bruno B")
    (shift,) = give(village, anna, MORNING)
    (other_shift,) = give(village, bruno, AFTERNOON)
    now = at(village, 9, before=10)
    stand_in = open_for(village, shift, now)
    proposal = exchanges.Proposal(shift, other_shift)
    exchange = exchanges.ask_exchange(act_in(edition, as_agent(anna), now), proposal)
    row = [village.wanted("Département", (9, 30), (11, 0))] if is_moved else []
    put(village, anna, *row)
    publish(village)
    assert fresh(stand_in).status == StandInStatus.CLOSED
    assert stand_in.closed_by == "la version 3 du planning"
    assert fresh(exchange).status == ExchangeStatus.OVERTAKEN
    assert mails("standin_overtaken") == [anna.email]
    assert mails("standin_withdrawn") == [bruno.email]
    assert mails("exchange_overtaken") == [anna.email, bruno.email]
    with pytest.raises(exchange_rules.ExchangeIsOver, match="Le planning a changé depuis"):
        exchanges.accept_exchange(Act(as_agent(bruno), now), exchange)
