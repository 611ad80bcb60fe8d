"""Agents who agreed are taken over by the next edition. On SQLite and PostgreSQL."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from salon.accounts.models import Account
from salon.fair.models import Edition, EditionState, PartnerBody, Theme
from salon.fair.queries import bodies_of, themes_of
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import local, now
from salon.staffing.models import Agent
from salon.staffing.queries.agents import agents_of
from salon.staffing.services.next_edition import (
    agree_to_next,
    take_over_agents,
    withdraw_agreement,
)
from tests.factories import act_in, make_edition, sign_in
from tests.fair.test_practical import text_of
from tests.staffing.make import Village, make_agent, make_village

PAGE = "/planning"


@pytest.fixture
def village(edition: Edition) -> Village:
    return make_village(edition)


@pytest.fixture
def following(edition: Edition) -> Edition:
    day = local(now()).date() + timedelta(days=365)
    following = make_edition(slug="2030", day=day, is_current=False)
    make_village(following)
    return following


def by_name(edition: Edition) -> tuple[dict[str, PartnerBody], dict[str, Theme]]:
    bodies = {body.short_name: body for body in bodies_of(edition)}
    return bodies, {theme.body.short_name: theme for theme in themes_of(edition)}


def names(edition: Edition) -> list[str]:
    return [agent.full_name for agent in agents_of(edition)]


@pytest.mark.on_both
def test_who_agreed_is_taken_over_with_what_they_know_alone(
    village: Village, following: Edition
) -> None:
    agent = make_agent(
        village,
        name="Agnès Roqueblave",
        account=True,
        phone="0612345678",
        languages=["occitan"],
        needs=["seat"],
        needs_note="près de l’entrée",
        arrives_at=village.at(10),
        is_coordinator=True,
        next_edition_agreed_at=now(),
    )
    make_agent(village, name="Sans Accord", account=True)

    assert take_over_agents(act_in(following, SYSTEM), village.edition) == 1
    assert take_over_agents(act_in(following, SYSTEM), village.edition) == 0

    [copy] = agents_of(following)
    assert (copy.full_name, copy.phone, copy.languages) == (
        "Agnès Roqueblave",
        "0612345678",
        ["occitan"],
    )
    assert (copy.body.slug, [theme.slug for theme in copy.themes]) == (
        agent.body.slug,
        [theme.slug for theme in agent.themes],
    )
    assert [place.stand.edition_id for place in copy.places] == [following.id]
    assert (copy.needs, copy.needs_note, copy.arrives_at, copy.is_coordinator) == (
        [],
        "",
        None,
        False,
    )
    assert copy.next_edition_agreed_at is None
    assert copy.account_id == agent.account_id
    assert copy.calendar_token != agent.calendar_token
    assert current_session().scalars(select(Message)).all() == []


@pytest.mark.on_both
def test_who_is_not_there_any_more_is_left_out(village: Village, following: Edition) -> None:
    agreed = {"account": True, "next_edition_agreed_at": now()}
    make_agent(village, name="Agent Retiré", removed_at=now(), **agreed)
    closed = make_agent(village, name="Compte Fermé", **agreed)
    named_agent = make_agent(village, name="Déjà Nommée", **agreed)
    make_agent(village, body="SDIS 34", name="Organisme Parti", **agreed)
    other_village = Village(following, *by_name(following))
    make_agent(other_village, email=named_agent.email, account=True, removed_at=now())
    with transaction() as session:
        session.get_one(Account, closed.account_id).disabled_at = now()
    with transaction(village.bodies["SDIS 34"]):
        village.bodies["SDIS 34"].slug = "autre"
    assert take_over_agents(act_in(following, SYSTEM), village.edition) == 0
    assert names(following) == []


def test_an_agent_agrees_on_their_page_and_withdraws(app: Flask, village: Village) -> None:
    client = sign_in(app, Role.AGENT, email="agnes@herault.example")
    agent = make_agent(village, email="agnes@herault.example", account=True)

    def saved() -> Agent:
        current_session().expire_all()
        return current_session().get_one(Agent, agent.id)

    assert "prochaine édition" in text_of(client.get(PAGE))
    client.fill(PAGE, f"{PAGE}/edition-suivante", answer="yes")
    agreed_at = saved().next_edition_agreed_at
    assert agreed_at is not None
    agree_to_next(Act(SYSTEM, now() + timedelta(days=1)), saved())
    assert saved().next_edition_agreed_at == agreed_at
    assert "Retirer mon accord" in text_of(client.get(PAGE))
    client.fill(PAGE, f"{PAGE}/edition-suivante", answer="no")
    assert saved().next_edition_agreed_at is None


def test_an_agreement_is_withdrawn_in_a_closed_edition_too(village: Village) -> None:
    agent = make_agent(village, account=True, next_edition_agreed_at=now())
    with transaction(village.edition):
        village.edition.is_current, village.edition.state = None, EditionState.CLOSED
    withdraw_agreement(Act(SYSTEM), agent)
    assert agent.next_edition_agreed_at is None
