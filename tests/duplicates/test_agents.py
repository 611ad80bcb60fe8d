"""Agents named twice: found, merged within their body, taken back."""

import pytest
from flask import Flask
from sqlalchemy import select

from salon.dashboard.queries.persons import person_of_agent
from salon.duplicates import queries, rules
from salon.duplicates.services import merge_agents, separate_agents, tell_apart
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from salon.platform.words.errors import RuleBroken
from salon.staffing.models import Agent, DistinctAgents, MergedAgent
from salon.staffing.rules.legal import WorseForAgents
from salon.staffing.rules.shifts import AgentElsewhere
from salon.staffing.services.agent_facts import facts_of
from salon.staffing.services.agents import remove_agent
from tests.duplicates.people import NOW
from tests.factories import act_in, sign_in
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


def refused(edition: Edition, pair: tuple[Agent, Agent], error: type[RuleBroken]) -> None:
    first, second = pair
    before = [hours(agent) for agent in pair]
    with pytest.raises(error):
        merge_agents(act_in(edition, ORGANISER, NOW), first.id, second.id)
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


def test_who_is_published_is_kept(edition: Edition, village: Village) -> None:
    first, second = pair_of(village)
    put(village, second, village.wanted(BODY, (9, 0), (10, 30)))
    publish(village)
    refused(edition, (first, second), rules.HasPublishedShifts)
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
    put(village, second, village.wanted(BODY, (9, 0), (10, 30)))
    publish(village)
    client = sign_in(app, Role.ORGANISER)
    asked = client.fill(PAGE, f"{PAGE}/{first.id}/garder", agent=str(second.id))
    assert (asked.status_code, asked.location) == (302, PAGE)
    assert "vacation publiée" in client.get(PAGE).text.replace("\xa0", " ")


def test_told_apart_agents_are_of_the_edition(edition: Edition, village: Village) -> None:
    first, _ = pair_of(village)
    with pytest.raises(rules.FewerThanTwo):
        tell_apart(act_in(edition, ORGANISER, NOW), [first.id, 999], DistinctAgents)
