"""Agents named twice: found, merged within their body, taken back."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from salon.appointments.models import AppointmentStatus
from salon.badges.models import Badge
from salon.badges.queries import find_attendee_of_agent, short_code
from salon.badges.queries.holders import SUCCESSOR, with_holder
from salon.badges.services import update_agent_badges
from salon.dashboard.queries.persons import person_of_agent
from salon.duplicates import queries, rules
from salon.duplicates.services import merge_agents, separate_agents, tell_apart
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import Message
from salon.platform.words.errors import RuleBroken
from salon.staffing.models import Agent, DistinctAgents, MergedAgent, ShiftStatus
from salon.staffing.rules.legal import WorseForAgents
from salon.staffing.rules.shifts import AgentElsewhere
from salon.staffing.services.agent_facts import facts_of
from salon.staffing.services.agents import remove_agent
from tests.appointments.make import book, check_invariants, make_fair
from tests.badges.people import all_of, badge_of
from tests.duplicates.people import NOW
from tests.factories import act_in, sign_in
from tests.pages import PageClient
from tests.staffing.make import ORGANISER, Village, make_agent, make_village, publish, put, shifts

NAME = "Agnès Roqueblave"
BODY = "Département"
PAGE = "/organisation/doublons/agents"


@pytest.fixture
def village(edition: Edition) -> Village:
    return make_village(edition)


def pair_of(village: Village) -> tuple[Agent, Agent]:
    first = make_agent(village, name=NAME, email="agnes.roqueblave@herault.example")
    return first, make_agent(village, name=NAME, email="a.roqueblave@herault.example")


def hours(agent: Agent) -> list[str]:
    return [f"{shift.starts_at:%H:%M}" for shift in shifts(agent)]


def published_hours(agent: Agent) -> list[str]:
    return [f"{shift.starts_at:%H:%M}" for shift in shifts(agent, ShiftStatus.PUBLISHED)]


@pytest.mark.on_both
def test_what_one_has_goes_to_the_other_and_comes_back(edition: Edition, village: Village) -> None:
    first, second = pair_of(village)
    put(village, first, village.wanted(BODY, (9, 0), (10, 30)))
    put(village, second, village.wanted(BODY, (14, 0), (15, 30)))
    before = [(facts_of(agent), hours(agent)) for agent in (first, second)]
    (group,) = queries.agents_alike(edition)
    assert group.ids == (first.id, second.id)
    merge_agents(act_in(edition, ORGANISER, NOW), first.id, second.id)
    current_session().expire_all()
    assert len(hours(first)) == 2
    assert second.removed_at is not None
    assert queries.agents_alike(edition) == []
    assert person_of_agent(first.id).agents == [first, second]
    separate_agents(act_in(edition, ORGANISER, NOW), second.id)
    current_session().expire_all()
    assert [(facts_of(agent), hours(agent)) for agent in (first, second)] == before
    assert current_session().scalars(select(MergedAgent)).all() == []
    with pytest.raises(rules.NotMerged):
        separate_agents(act_in(edition, ORGANISER, NOW), second.id)


@pytest.mark.on_both
def test_the_badge_of_the_one_leads_to_that_of_the_other_until_it_comes_back(
    client: PageClient, edition: Edition, village: Village
) -> None:
    first, second = pair_of(village)
    update_agent_badges(NOW)
    holders = [find_attendee_of_agent(agent.id) for agent in (first, second)]
    kept, former = (badge_of(holder.id) for holder in holders if holder is not None)
    links = [badge.private_token for badge in (kept, former)]
    merge_agents(act_in(edition, ORGANISER, NOW), first.id, second.id)
    assert (update_agent_badges(NOW), update_agent_badges(NOW)) == (1, 0)
    last = all_of(Message)[-1]
    assert (last.kind, last.recipient) == ("merged", "a.roqueblave@herault.example")
    assert short_code(kept.code) in words_of(last)[1]
    assert "annuler" not in words_of(last)[1]
    pages = [client.get(f"/badge/{link}").text for link in links]
    assert [short_code(kept.code) in page for page in pages] == [True, True]
    door = with_holder(select(SUCCESSOR).select_from(Badge)).where(Badge.id == former.id)
    assert current_session().scalar(door) == kept.code[:8]
    separate_agents(act_in(edition, ORGANISER, NOW), second.id)
    assert (update_agent_badges(NOW), update_agent_badges(NOW)) == (1, 0)
    back = find_attendee_of_agent(second.id)
    assert back is not None
    assert badge_of(back.id).id == former.id
    assert short_code(former.code) in client.get(f"/badge/{links[1]}").text


def refused(
    edition: Edition, pair: tuple[Agent, Agent], error: type[RuleBroken], at: datetime = NOW
) -> None:
    first, second = pair
    before = [hours(agent) for agent in pair]
    with pytest.raises(error):
        merge_agents(act_in(edition, ORGANISER, at), first.id, second.id)
    current_session().rollback()
    current_session().expire_all()
    assert second.removed_at is None
    assert [hours(agent) for agent in pair] == before


def test_shifts_at_one_time_or_beyond_the_law_are_refused(
    edition: Edition, village: Village
) -> None:
    pair = pair_of(village)
    for agent in pair:
        put(village, agent, village.wanted(BODY, (9, 0), (12, 0)))
    refused(edition, pair, AgentElsewhere)
    put(village, pair[1], village.wanted(BODY, (12, 0), (17, 30)))
    refused(edition, pair, WorseForAgents)


@pytest.mark.on_both
def test_published_shifts_change_hands_with_their_appointments_and_come_back(
    edition: Edition,
) -> None:
    fair = make_fair(edition, agents={BODY: 1})
    (former,) = fair.agents[BODY]
    kept = make_agent(fair.village, name=former.full_name, email="kept@herault.example")
    appointment = book(fair, at=fair.at(9))
    act = act_in(edition, ORGANISER, fair.before)
    before = published_hours(former)
    merge_agents(act, kept.id, former.id)
    current_session().expire_all()
    assert (published_hours(kept), published_hours(former)) == (before, [])
    assert (hours(kept), hours(former)) == (before, [])
    assert (appointment.agent_id, appointment.status) == (kept.id, AppointmentStatus.BOOKED)
    check_invariants(edition)
    separate_agents(act, former.id)
    current_session().expire_all()
    assert (published_hours(kept), published_hours(former)) == ([], before)
    assert (hours(kept), hours(former)) == ([], before)
    assert appointment.agent_id == former.id
    check_invariants(edition)


def test_who_is_on_duty_is_kept(edition: Edition, village: Village) -> None:
    first, second = pair_of(village)
    put(village, second, village.wanted(BODY, (9, 0), (10, 30)))
    publish(village)
    refused(edition, (first, second), rules.IsOnDuty, at=village.at(9, 30))
    merge_agents(act_in(edition, ORGANISER, NOW), second.id, first.id)
    current_session().expire_all()
    assert first.removed_at is not None
    remove_agent(Act(ORGANISER, NOW), second, second.version, True)
    with pytest.raises(rules.KeptAgentRemoved):
        separate_agents(act_in(edition, ORGANISER, NOW), first.id)


def test_agents_of_two_bodies_are_not_merged(edition: Edition, village: Village) -> None:
    first, second, *_ = (make_agent(village, body=body, name=NAME) for body in village.bodies)
    refused(edition, (first, second), rules.OtherBody)


def test_the_page_asks_merges_and_takes_back(
    app: Flask, edition: Edition, village: Village
) -> None:
    first, second = pair_of(village)
    client = sign_in(app, Role.ORGANISER)
    page = client.get(PAGE).text
    assert "Agnès Roqueblave" in page
    asked = client.fill(PAGE, f"{PAGE}/{first.id}/garder", agent=str(second.id))
    assert "Réunir ces deux fiches" in asked.text
    current_session().expire_all()
    assert second.removed_at is None, "asked, not done"
    done = client.confirm(asked)
    assert done.status_code == 302
    assert "Défaire" in client.get(PAGE).text
    client.fill(PAGE, f"{PAGE}/{second.id}/defaire")
    assert "avec son badge" in client.get(PAGE).text
    ids = f"{first.id},{second.id}"
    client.fill(PAGE, f"{PAGE}/deux-personnes", people=ids)
    assert "Aucun doublon probable" in client.get(PAGE).text
    assert len(current_session().scalars(select(DistinctAgents)).all()) == 1
    client.fill(PAGE, f"{PAGE}/comparer", people=ids)
    assert "Aucun doublon probable" not in client.get(PAGE).text


def test_the_page_says_why_not_before_it_asks(
    app: Flask, edition: Edition, village: Village
) -> None:
    first, second = pair_of(village)
    for agent in (first, second):
        put(village, agent, village.wanted(BODY, (9, 0), (12, 0)))
    client = sign_in(app, Role.ORGANISER)
    asked = client.fill(PAGE, f"{PAGE}/{first.id}/garder", agent=str(second.id))
    assert (asked.status_code, asked.location) == (302, PAGE)
    assert "déjà sur un autre stand" in client.get(PAGE).text


def test_told_apart_agents_are_of_the_edition(edition: Edition, village: Village) -> None:
    first, _ = pair_of(village)
    with pytest.raises(rules.FewerThanTwo):
        tell_apart(act_in(edition, ORGANISER, NOW), [first.id, 999], DistinctAgents)
