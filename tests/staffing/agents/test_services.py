"""Naming, changing and removing agents, on both databases."""

import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from salon.accounts.imports.provider_answers import ProvedIdentity
from salon.accounts.queries import find_account
from salon.accounts.services import accounts as account_services
from salon.accounts.services import sign_ins
from salon.accounts.services.proved_identities import account_of_identity
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM, Identity, Role
from salon.platform.database.versions import StaleVersion
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import Message, recent_messages
from salon.staffing.models import Agent, PeriodKind, ShiftStatus
from salon.staffing.queries.agents import agents_of, find_agent_of_account, get_agent
from salon.staffing.queries.rota import find_publication
from salon.staffing.rules import agents as rules
from salon.staffing.rules import shifts as shift_rules
from salon.staffing.services import agents as services
from salon.staffing.services.agent_facts import Facts, Period, facts_of
from tests.factories import act_in, new_key
from tests.races import race
from tests.staffing.make import ORGANISER, Village, make_agent, make_village, publish, put, shifts

COORDINATOR = Identity(Role.AGENT, 7, "Magali Estève", "192.0.2.7")
EMAIL = "Noelle.Saint-Aunes@herault.example"


def facts(village: Village, **overrides: Any) -> Facts:
    values: dict[str, Any] = {
        "civility": "madame",
        "first_name": "Noëlle",
        "last_name": "Saint-Aunès",
        "email": EMAIL,
        "body_id": village.bodies["Département"].id,
        "function": "Responsable des données ouvertes",
        "phone": "04 00 00 01 08",
        "theme_ids": frozenset({village.themes["Département"].id}),
        "stands": {
            village.bodies["Département"].stand_id: True,
            village.bodies["Hérault THD"].stand_id: False,
        },
        "languages": ("english",),
        "needs": ("hearing",),
        "needs_note": "Dos au mur",
        "arrives_at": village.at(9),
        "leaves_at": village.at(17),
        "periods": (
            Period(village.at(11), village.at(12), note="Réunion"),
            Period(village.at(15), village.at(16), PeriodKind.AVOIDED),
        ),
        **overrides,
    }
    return Facts(**values)


def add(village: Village, **overrides: Any) -> Agent:
    return services.add_agent(
        act_in(village.edition, ORGANISER), facts(village, **overrides), new_key()
    )


def again(agent: Agent) -> Agent:
    current_session().rollback()
    return get_agent(agent.edition, agent.id)


def change(agent: Agent, changed_facts: Facts, actor: Identity = ORGANISER, **more: Any) -> Agent:
    return services.change_agent(
        Act(actor), agent, more.pop("version", agent.version), changed_facts, **more
    )


def messages(kind: str, email: str = "") -> list[Message]:
    current_session().rollback()
    return [
        recent_message
        for recent_message in recent_messages(50, email.lower())
        if recent_message.kind == kind
    ]


@pytest.mark.on_both
def test_a_named_agent_is_all_that_was_said_and_can_sign_in(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    agent = again(add(village))
    assert facts_of(agent) == facts(village)
    account = find_account(EMAIL)
    assert account is not None
    assert (account.role, account.display_name) == (Role.AGENT, "Noëlle Saint-Aunès")
    stored_agent = find_agent_of_account(edition, account.id)
    assert stored_agent is not None
    assert stored_agent.id == agent.id
    (message,) = messages("agent_named", EMAIL)
    with app.test_request_context():
        subject, text = words_of(message)
    assert subject == "Vous tenez le village Hérault au salon des maires"
    assert "Madame," in text
    assert "Olivia Fabrègues vous compte" in text
    assert "/planning" in text


@pytest.mark.on_both
def test_the_same_form_sent_twice_names_one_agent(app: Flask, edition: Edition) -> None:
    village, key = make_village(edition), new_key()
    once = [
        services.add_agent(act_in(edition, ORGANISER), facts(village), key).id for _ in range(2)
    ]
    assert once[0] == once[1]
    assert len(messages("agent_named", EMAIL)) == 1


@pytest.mark.on_both
def test_an_address_names_one_agent(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    first = add(village)
    with pytest.raises(rules.AgentAlreadyNamed):
        add(village, email=EMAIL.upper())
    services.remove_agent(Act(ORGANISER), first, first.version, False)
    assert add(village).id != first.id


@pytest.mark.on_both
@pytest.mark.parametrize("role", [Role.EXHIBITOR, Role.ORGANISER])
def test_an_address_of_another_role_is_refused(app: Flask, edition: Edition, role: Role) -> None:
    village = make_village(edition)
    account_services.create_account(Act(SYSTEM), EMAIL, role, "Éclairage")
    with pytest.raises(rules.AddressOfAnExhibitor):
        add(village)
    assert agents_of(edition) == []


@pytest.mark.on_both
def test_an_account_that_was_closed_stays_closed(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    account = account_services.create_account(Act(SYSTEM), EMAIL, Role.AGENT, "Noëlle")
    account_services.disable_account(Act(SYSTEM), account.id)
    with pytest.raises(rules.AccountClosed):
        add(village)


def test_an_agent_of_an_earlier_edition_keeps_the_account(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    account = account_services.create_account(Act(SYSTEM), EMAIL, Role.AGENT, "Noëlle")
    assert add(village).account_id == account.id


@pytest.mark.parametrize(
    ("overrides", "error"),
    [
        ({"body_id": 999}, rules.NoSuchBody),
        ({"theme_ids": frozenset({999})}, rules.NoSuchTheme),
        ({"stands": {999: True}}, shift_rules.NoSuchStand),
    ],
)
def test_what_is_not_of_the_village_is_refused(
    app: Flask, edition: Edition, overrides: dict[str, Any], error: type[Exception]
) -> None:
    village = make_village(edition)
    with pytest.raises(error):
        add(village, **overrides)
    with pytest.raises(rules.NotHalfHours):
        add(village, arrives_at=village.at(9, 10))


@pytest.mark.on_both
def test_a_change_keeps_what_stays_the_same(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    agent = add(village)
    row_id = agent.periods[0].id
    later = Period(village.at(14), village.at(15))
    changed_facts = replace(
        facts(village), first_name="Noé", periods=(facts(village).periods[0], later)
    )
    changed = again(change(agent, changed_facts))
    assert facts_of(changed) == changed_facts
    assert changed.periods[0].id == row_id
    assert changed.version == 2
    account = find_account(EMAIL)
    assert account is not None
    assert account.display_name == "Noé Saint-Aunès"
    assert len(messages("agent_named", EMAIL)) == 1


@pytest.mark.on_both
def test_who_read_an_older_version_changes_nothing(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    agent = add(village)
    change(agent, facts(village, function="Cheffe de service"))
    with pytest.raises(StaleVersion):
        change(agent, facts(village, function="Directrice"), version=1)
    assert again(agent).function == "Cheffe de service"


@pytest.mark.race
def test_of_two_who_change_an_agent_one_wins(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    agent = add(village)
    agent_id = agent.id

    def saying(function: str) -> Any:
        changed_facts = facts(village, function=function)

        def call() -> str:
            from salon.fair.queries import get_public_edition

            current = get_public_edition()
            try:
                services.change_agent(
                    Act(ORGANISER), get_agent(current, agent_id), 1, changed_facts
                )
            except StaleVersion:
                return "changed"
            return function

        return call

    answers = race(app, [saying("Cheffe"), saying("Directrice")])
    assert sorted(answers) == sorted(["changed", again(agent).function])


@pytest.mark.on_both
def test_a_new_address_takes_the_account_along_and_is_told(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    agent = add(village)
    token = sign_ins.open_sign_in(Act(SYSTEM), account_id=agent.account_id)
    account_of_identity(
        Act(SYSTEM), ProvedIdentity("https://i.example", "s", EMAIL, True, "", ""), ()
    )
    changed = again(change(agent, facts(village, email="noelle@herault.example")))
    account = find_account("noelle@herault.example")
    assert account is not None
    assert changed.account_id == account.id == agent.account_id
    assert account.provider_subject == ""
    assert find_account(EMAIL) is None
    assert sign_ins.find_identity_of(token, 60, 60, 60) is None
    assert len(messages("agent_named", "noelle@herault.example")) == 1


def test_a_coordinator_names_and_changes_their_own_agents_only(
    app: Flask, edition: Edition
) -> None:
    village = make_village(edition)
    other_body_ids = (village.bodies["Hérault THD"].id,)
    other_agent = add(village)
    with pytest.raises(shift_rules.AgentOfAnotherBody):
        services.add_agent(
            act_in(edition, COORDINATOR),
            facts(village, email="a@b.example"),
            new_key(),
            other_body_ids,
        )
    with pytest.raises(shift_rules.AgentOfAnotherBody):
        change(
            other_agent,
            facts(village, body_id=other_body_ids[0]),
            COORDINATOR,
            body_ids=other_body_ids,
        )
    with pytest.raises(shift_rules.AgentOfAnotherBody):
        services.remove_agent(Act(COORDINATOR), other_agent, 1, False, other_body_ids)
    own = services.add_agent(
        act_in(edition, COORDINATOR),
        facts(village, email="a@b.example", body_id=other_body_ids[0]),
        new_key(),
        other_body_ids,
    )
    with pytest.raises(shift_rules.AgentOfAnotherBody):
        change(own, facts(village, email="a@b.example"), COORDINATOR, body_ids=other_body_ids)
    with pytest.raises(rules.OnlyOrganisersChooseCoordinators):
        changed_facts = replace(facts_of(own), is_coordinator=True)
        change(own, changed_facts, COORDINATOR, body_ids=other_body_ids)


def test_removing_an_agent_frees_the_draft_and_keeps_the_account(
    app: Flask, edition: Edition
) -> None:
    village = make_village(edition)
    agent = add(village)
    put(village, agent, village.wanted("Département", (9, 0), (11, 0)))
    services.remove_agent(Act(ORGANISER), agent, 1, False)
    assert shifts(agent) == []
    assert agents_of(edition) == []
    assert find_account(EMAIL) is not None


@pytest.mark.on_both
def test_published_shifts_to_come_are_withdrawn_only_when_confirmed(
    app: Flask, edition: Edition
) -> None:
    village = make_village(edition)
    agent = add(village)
    put(village, agent, village.wanted("Département", (9, 0), (11, 0)))
    publish(village)
    with pytest.raises(rules.ShiftsToCome):
        services.remove_agent(Act(ORGANISER), agent, 1, False)
    assert len(shifts(agent, ShiftStatus.PUBLISHED)) == 1
    services.remove_agent(Act(ORGANISER), agent, 1, True)
    assert shifts(agent, ShiftStatus.PUBLISHED) == []
    assert [shift.sequence for shift in shifts(agent, ShiftStatus.WITHDRAWN)] == [1]
    latest = find_publication(edition)
    assert latest is not None
    assert (latest.number, latest.changes) == (2, 1)
    assert len(messages("rota_changed", EMAIL)) == 2


def test_shifts_that_are_over_stay_published(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    agent = add(village)
    put(
        village,
        agent,
        village.wanted("Département", (9, 0), (11, 0)),
        village.wanted("Hérault THD", (12, 0), (14, 0)),
    )
    publish(village)
    services.remove_agent(Act(ORGANISER, village.at(11, 30)), agent, 1, True)
    (left,) = shifts(agent, ShiftStatus.PUBLISHED)
    assert left.ends_at == village.at(11)


@pytest.mark.on_both
def test_an_agent_says_wishes_and_nothing_else(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    agent = add(village)
    thd = village.bodies["Hérault THD"].stand_id
    sdis = village.bodies["SDIS 34"].stand_id
    changed_facts = facts(
        village,
        first_name="Pirate",
        email="pirate@b.example",
        stands={thd: True, sdis: True},
        languages=("occitan",),
        needs=(),
        needs_note="",
        periods=(Period(village.at(10), village.at(11)),),
        is_coordinator=True,
        leaves_at=None,
    )
    assert services.change_wishes(Act(COORDINATOR), again(agent), 1, changed_facts) == []
    expected = replace(
        facts(village),
        stands={village.bodies["Département"].stand_id: False, thd: True},
        languages=("occitan",),
        needs=(),
        needs_note="",
        periods=changed_facts.periods,
    )
    assert facts_of(again(agent)) == expected
    with pytest.raises(StaleVersion):
        services.change_wishes(Act(COORDINATOR), again(agent), 1, changed_facts)


def test_coordinators_are_told_of_a_published_shift_that_no_longer_fits(
    app: Flask, edition: Edition
) -> None:
    village = make_village(edition)
    agent = add(village, periods=())
    make_agent(village, is_coordinator=True, email="coordination@herault.example")
    put(village, agent, village.wanted("Département", (9, 0), (11, 0)))
    publish(village)
    away = facts(village, periods=(Period(village.at(10), village.at(12)),))
    (missed,) = services.change_wishes(Act(COORDINATOR), again(agent), 1, away)
    assert missed.starts_at == village.at(9)
    (message,) = messages("agent_wishes", "coordination@herault.example")
    with app.test_request_context():
        subject, text = words_of(message)
    assert subject == "Mme\u00a0Noëlle Saint-Aunès n’est plus disponible pour une vacation publiée"
    assert re.search(r"9\u00a0h – 11\u00a0h", text)
    assert len(shifts(agent, ShiftStatus.PUBLISHED)) == 1
    services.change_wishes(Act(COORDINATOR), again(agent), 2, away)
    assert len(messages("agent_wishes", "coordination@herault.example")) == 1
