"""Retention of agents' data, and their rights; both databases."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from salon.accounts.models import Account
from salon.dashboard.documents import person_file
from salon.dashboard.queries.persons import person_of_agent
from salon.dashboard.rules import AlreadyErased, StillOnTheRota
from salon.dashboard.services import erasure, purge
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Identity, Role
from salon.platform.database.journal import action_named, note
from salon.platform.mail.delivery import words_of
from salon.platform.settings.clock import now, real_now
from salon.staffing.models import (
    Agent,
    AgentPeriod,
    Exchange,
    PeriodKind,
    Publication,
    RotaRun,
    Shift,
    ShiftStatus,
    StandIn,
)
from salon.staffing.services.agents import remove_agent
from tests.dashboard.people import a_person, everything, register
from tests.factories import make_edition
from tests.staffing.make import ORGANISER, Village, make_agent, make_village, publish, put, shifts

pytestmark = pytest.mark.on_both

EMAIL = "noelle.saint-aunes@herault.example"
TRACES = ("Noëlle", "Saint-Aunès", "saint-aunes", "04 67 00 00 34", "203.0.113.34", "mal de dos")
YEAR = timedelta(days=365)


def known_agent(village: Village) -> Agent:
    """Return an agent who signed in, has wishes and shifts, gave one up and asked for another."""
    agent = make_agent(
        village,
        name="Noëlle Saint-Aunès",
        email=EMAIL,
        phone="04 67 00 00 34",
        function="Responsable",
        needs=["seat"],
        needs_note="mal de dos",
        account=True,
    )
    other_agent = make_agent(village, email="autre@herault.example")
    with transaction(agent) as session:
        session.add(
            AgentPeriod(
                agent_id=agent.id,
                starts_at=village.at(15),
                ends_at=village.at(16),
                kind=PeriodKind.UNAVAILABLE,
                note="mal de dos",
            )
        )
    put(village, agent, village.wanted("Département", (9, 0), (11, 0)))
    put(village, other_agent, village.wanted("Département", (12, 0), (14, 0)))
    publish(village, "Remplacer Noëlle Saint-Aunès")
    given_shift, requested_shift = (
        shifts(single_agent, ShiftStatus.PUBLISHED)[0] for single_agent in (agent, other_agent)
    )
    with transaction() as session:
        session.add_all(
            [
                StandIn(
                    shift_id=given_shift.id,
                    agent_id=agent.id,
                    reason="Noëlle Saint-Aunès a mal de dos, 04 67 00 00 34",
                    opened_at=now(),
                ),
                Exchange(
                    offered_shift_id=given_shift.id,
                    requested_shift_id=requested_shift.id,
                    asked_by_id=agent.id,
                    asked_of_id=other_agent.id,
                    words="Merci, Noëlle Saint-Aunès",
                    asked_at=now(),
                ),
                RotaRun(
                    edition_id=village.edition.id,
                    asked_by="Noëlle Saint-Aunès",
                    asked_at=now(),
                    result={"why": ["Mme Noëlle Saint-Aunès manque"]},
                ),
            ]
        )
    acting = Identity(Role.AGENT, agent.account_id, "Noëlle Saint-Aunès", "203.0.113.34")
    note(acting, action_named("agent.wishes_said"), f"agent:{agent.id}")
    register(a_person(first_name="Noëlle", last_name="Saint-Aunès", email=EMAIL, phone=""))
    return agent


def again(agent_id: int) -> Agent:
    current_session().expire_all()
    return current_session().get_one(Agent, agent_id)


def count(model: Any, *conditions: Any) -> int:
    current_session().rollback()
    return current_session().scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def without_reason(village: Village) -> None:
    """The reason of a stand-in is in the person's own words: the mask finds names, not these."""
    (stand_in,) = current_session().scalars(select(StandIn)).all()
    with transaction(stand_in):
        stand_in.reason = stand_in.reason.replace("mal de dos", "")


def test_the_file_of_an_agent_says_what_is_known(app: Flask, edition: Edition) -> None:
    agent = known_agent(make_village(edition))
    with app.test_request_context():
        person = person_of_agent(agent.id)
        expected_facts = person_file.file_of_person(person, words_of)
    assert person.full_name == "Noëlle Saint-Aunès"
    (facts,) = expected_facts["Agent du village"]
    assert facts["Organisme"] == "Département"
    assert facts["Besoins"] == "Un siège sur le stand"
    assert facts["Thèmes"] == "Soutien aux communes"
    assert expected_facts["Absences et souhaits"][0]["Précision"] == "mal de dos"
    assert [facts["Stand"] for facts in expected_facts["Vacations"]] == ["V0"]
    assert len(expected_facts["Inscriptions"]) == 1
    assert expected_facts["Compte"][0]["Adresse électronique"] == EMAIL
    assert any(row.get("Auteur") for row in expected_facts["Journal"])
    assert agent.calendar_token not in str(expected_facts)


def test_an_agent_expected_on_a_stand_is_removed_before_being_erased(
    app: Flask, edition: Edition
) -> None:
    agent = known_agent(make_village(edition))
    with pytest.raises(StillOnTheRota):
        erasure.erase_agent(Act(SYSTEM), agent.id, app.config["SALON"].file_store, real_now())
    assert again(agent.id).email == EMAIL


def test_after_erasure_an_agent_is_found_nowhere(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    agent = known_agent(village)
    token, account_id = agent.calendar_token, agent.account_id
    without_reason(village)
    remove_agent(Act(ORGANISER), agent, 1, True)
    erasure.erase_agent(Act(SYSTEM), agent.id, app.config["SALON"].file_store, real_now())
    text = everything(app)
    assert [trace for trace in (*TRACES, token) if trace.casefold() in text.casefold()] == []
    left = again(agent.id)
    assert (left.full_name, left.email) == ("Personne effacée", "")
    assert count(Shift, Shift.agent_id == agent.id) == 1
    ended = current_session().get_one(Account, account_id)
    assert (ended.email, ended.disabled_at is not None) == ("", True)
    with pytest.raises(AlreadyErased):
        erasure.erase_agent(Act(SYSTEM), agent.id, app.config["SALON"].file_store, real_now())


def test_rotas_are_anonymous_after_a_year_and_counts_unchanged(
    app: Flask, edition: Edition
) -> None:
    village = make_village(edition)
    agent = known_agent(village)
    before = {model: count(model) for model in (Agent, Shift, StandIn, Exchange, Publication)}
    purge.purge(Act(SYSTEM, edition.ends_at + YEAR - timedelta(days=1)), real_now(), dry_run=False)
    assert again(agent.id).email == EMAIL
    purge.purge(Act(SYSTEM, edition.ends_at + YEAR), real_now(), dry_run=False)
    left = again(agent.id)
    assert (left.full_name, left.email, left.phone, left.needs_note) == (
        *("Personne effacée", "", ""),
        "",
    )
    assert {model: count(model) for model in before} == before
    assert (count(AgentPeriod), count(RotaRun)) == (0, 0)
    assert count(Publication, Publication.note != "") == 0
    assert count(StandIn, StandIn.reason != "") == 0
    assert count(Exchange, Exchange.words != "") == 0
    account = current_session().scalars(select(Account).where(Account.role == Role.AGENT)).first()
    assert account is not None
    assert (account.email, account.disabled_at is not None) == ("", True)


def test_the_account_of_an_agent_of_a_later_edition_stays(app: Flask, edition: Edition) -> None:
    earlier = make_village(make_edition(day=edition.days[0].day_on - 2 * YEAR, is_current=False))
    old = make_agent(earlier, email=EMAIL, account=True)
    new = make_agent(make_village(edition), email=EMAIL, account=True)
    assert old.account_id == new.account_id
    purge.purge(Act(SYSTEM), real_now(), dry_run=False)
    assert again(old.id).email == ""
    assert again(new.id).email == EMAIL
    assert current_session().get_one(Account, new.account_id).disabled_at is None
