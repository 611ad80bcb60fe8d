"""Each agent of the village has one badge, which follows the agent; on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from salon.badges import queries, rules, services
from salon.badges.models import Attendee, AttendeeStatus, Badge
from salon.badges.queries.identities import identities_of_edition
from salon.badges.services.agents import facts_of
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import recent_messages
from salon.platform.settings.clock import now
from salon.staffing.models import Agent
from tests.badges.people import PUBLIC, all_of, badge_of, kinds_sent, register_one
from tests.factories import new_key
from tests.races import race
from tests.staffing.make import Village, make_agent, make_village

pytestmark = pytest.mark.on_both


@pytest.fixture
def village(app: Flask, edition: Edition) -> Village:
    return make_village(edition)


def give() -> int:
    current_session().rollback()
    return services.update_agent_badges(now())


def holder(agent: Agent) -> Attendee:
    current_session().rollback()
    attendee = queries.find_attendee_of_agent(agent.id)
    assert attendee is not None
    return attendee


def change(agent: Agent, **values: Any) -> None:
    with transaction(agent):
        for name, value in values.items():
            setattr(agent, name, value)


def test_each_agent_gets_one_badge_and_is_told(village: Village) -> None:
    agent = make_agent(
        village,
        name="Camille Vidal",
        function="Cheffe de service",
        needs=["hearing", "step_free"],
        needs_note="Chien guide",
        phone="04 00 00 00 01",
    )
    other_agent = make_agent(village, body="SDIS 34")
    assert (give(), give()) == (2, 0)
    attendee = holder(agent)
    assert (attendee.category, attendee.on_behalf_of, attendee.full_name) == (
        "agent",
        "Département",
        "Camille Vidal",
    )
    assert attendee.needs == ["hearing_loop", "other"]
    assert attendee.needs_note == "Un accès sans marche. Chien guide"
    assert badge_of(attendee.id).is_valid
    assert (holder(other_agent).function, holder(other_agent).function_other) == ("officer", "")
    message = recent_messages(1, agent.email)[0]
    assert message.kind == "agent_badge"
    subject, words = words_of(message)
    assert subject == "Votre badge d’agent pour le salon des maires"
    assert f"/badge/{badge_of(attendee.id).private_token}" in words
    assert "Département vous compte" in words


@pytest.mark.race
def test_two_workers_give_one_badge_each(app: Flask, village: Village) -> None:
    agents = [make_agent(village) for _ in range(5)]
    answers = race(app, [lambda: services.update_agent_badges(now())] * 4)
    assert sum(answers) == len(agents)
    assert len(all_of(Badge)) == len(all_of(Attendee)) == len(agents)
    assert sorted(attendee.agent_id for attendee in all_of(Attendee)) == [
        agent.id for agent in agents
    ]
    assert kinds_sent() == ["agent_badge"] * len(agents)


def test_who_registered_as_a_visitor_keeps_that_too(village: Village) -> None:
    values = {"first_name": "Camille", "last_name": "Vidal", "email": "camille@herault.example"}
    visitor = register_one(**values)
    agent = make_agent(village, name="Camille Vidal", email="camille@herault.example")
    assert give() == 1
    assert holder(agent).id != visitor.id
    assert badge_of(visitor.id).is_valid
    later = make_agent(village, name="Lou Roques", email="lou@herault.example")
    give()
    registered = register_one(first_name="Lou", last_name="Roques", email="lou@herault.example")
    assert registered.id != holder(later).id
    assert kinds_sent("lou@herault.example") == ["agent_badge", "registration"]


def test_a_badge_follows_the_corrections_of_the_agent(village: Village) -> None:
    agent = make_agent(village, name="Camile Vidal", email="camile@herault.example")
    give()
    code = badge_of(holder(agent).id).code
    change(agent, first_name="Camille")
    assert (give(), give()) == (1, 0)
    assert (holder(agent).full_name, holder(agent).name_key) == ("Camille Vidal", "vidal camille")
    assert kinds_sent("camile@herault.example") == ["agent_badge"]
    change(agent, email="camille@herault.example", email_key="camille@herault.example")
    assert (give(), give()) == (1, 0)
    assert badge_of(holder(agent).id).code == code
    assert kinds_sent("camille@herault.example") == ["agent_badge"]
    assert kinds_sent("camile@herault.example") == ["agent_badge", "address_changed"]


def test_a_removed_agent_loses_the_badge_and_a_new_one_with_the_address_gets_another(
    village: Village,
) -> None:
    agent = make_agent(village, email="camille@herault.example")
    give()
    attendee = holder(agent)
    change(agent, removed_at=now())
    assert (give(), give()) == (1, 0)
    current_session().refresh(attendee)
    assert attendee.status == AttendeeStatus.CANCELLED
    assert queries.find_valid_badge(attendee.id) is None
    assert kinds_sent("camille@herault.example") == ["agent_badge", "agent_badge_cancelled"]
    second_agent = make_agent(village, email="camille@herault.example")
    assert give() == 1
    assert holder(second_agent).id != attendee.id


def test_the_badge_is_not_changed_by_its_own_page(village: Village) -> None:
    agent = make_agent(village)
    give()
    attendee = holder(agent)
    with pytest.raises(rules.FollowsAgent):
        services.cancel_attendee(Act(PUBLIC), attendee.id)
    with pytest.raises(rules.FollowsAgent):
        services.change_attendee(Act(PUBLIC), attendee.id, 1, {"first_name": "Anna"})
    services.reissue_badge(Act(PUBLIC), attendee.id, "lost", new_key())
    assert give() == 0


def test_nothing_is_given_after_the_fair_nor_to_who_was_erased(village: Village) -> None:
    agent = make_agent(village)
    edition = village.edition
    assert services.update_agent_badges(edition.ends_at) == 0
    assert services.update_agent_badges(edition.ends_at - timedelta(minutes=1)) == 1
    attendee = holder(agent)
    with transaction(attendee):
        attendee.status = AttendeeStatus.ERASED
        attendee.badges[-1].revoked_at = now()
    assert give() == 0


def test_what_a_badge_says_of_an_agent_is_all_fields_of_a_person(village: Village) -> None:
    agent = make_agent(village, needs=["seat", "parking", "unheard_of"])
    assert facts_of(agent)["needs"] == ["seat", "parking"]


def test_a_badge_is_found_by_what_was_read_or_its_first_eight_characters(
    village: Village,
) -> None:
    agent = make_agent(village)
    give()
    badge = badge_of(holder(agent).id)
    short = queries.short_code(badge.code)
    for reading in (
        badge.code,
        f"HTTPS://SALON34.EXAMPLE/B/{badge.code}\r\n",
        short,
        short.lower(),
        short.replace(" ", "-"),
        short.replace(" ", ""),
    ):
        stored_badge = queries.find_scanned_badge(village.edition, reading)
        assert stored_badge is not None, reading
        assert stored_badge.id == badge.id
    for reading in ("", "ABCD", "%%%%%%%%", "A" * 26, badge.code[1:9], "https://exemple.example"):
        assert queries.find_scanned_badge(village.edition, reading) is None, reading


def test_an_agent_and_a_visitor_of_one_name_are_no_doubles(village: Village) -> None:
    """A badge of agent is a registration apart: the lists of likenesses know visitors alone."""
    agent = make_agent(village, name="Camille Vidal")
    visitor = register_one(first_name="Camille", last_name="Vidal", email=agent.email)
    assert give() == 1
    assert holder(agent).id != visitor.id
    assert list(identities_of_edition(village.edition.id)) == [visitor.id]
