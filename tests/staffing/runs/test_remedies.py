"""Applying a remedy of a run: said first, then one act, then taken back."""

from typing import Any

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.platform.settings.clock import now
from salon.staffing import jobs as services
from salon.staffing.models import Agent, AgentPeriod, AgentStand
from salon.staffing.queries.agents import agents_of
from salon.staffing.queries.rota import get_run, needs_of
from salon.staffing.rules import runs as rules
from salon.staffing.services.agent_facts import facts_of
from salon.staffing.services.needs import as_new
from tests.factories import act_in, sign_in
from tests.jobs import run as run_jobs
from tests.staffing.make import (
    ORGANISER,
    Village,
    make_agent,
    make_needs,
    make_village,
    put,
    shifts,
)


@pytest.fixture
def village(app: Flask, edition: Edition) -> Village:
    """Return a village whose stand SDIS 34 lacks an agent from 11 h to 12 h, with every remedy."""
    village = make_village(edition)
    make_needs(village, body="SDIS 34", start=(10, 0), end=(12, 0), minimum=1, theme=True)
    make_needs(village, body="Département", start=(10, 0), end=(12, 0), minimum=1)
    away = [
        AgentPeriod(
            starts_at=village.at(11), ends_at=village.at(18), kind="unavailable", note="rendez-vous"
        )
    ]
    make_agent(village, body="SDIS 34", name="Anna Vidal", periods=away)
    make_agent(village, body="SDIS 34", name="Bruno Serres", leaves_at=village.at(11))
    make_agent(village, name="Chloé Mas")
    locked = make_agent(village, body="SDIS 34", name="Denis Roux", arrives_at=village.at(11))
    shift = village.wanted("Hérault THD", (11, 0), (12, 0))
    put(
        village, locked, type(shift)(shift.stand_id, shift.starts_at, shift.ends_at, is_locked=True)
    )
    return village


def done_run(village: Village) -> int:
    run_id = services.ask_run(act_in(village.edition, ORGANISER), False)
    run_jobs(services.ROTA_RUNS)
    current_session().expire_all()
    return run_id


def remedies_of(village: Village, run_id: int) -> list[tuple[str, dict[str, Any]]]:
    current_session().expire_all()
    result = get_run(village.edition, run_id).result
    return [
        (f"{number}-{rank}", remedy)
        for number, shortage in enumerate(result["shortages"])
        for rank, remedy in enumerate(shortage["remedies"])
    ]


def state_of(village: Village) -> tuple[object, ...]:
    """Return all that a remedy may change."""
    current_session().expire_all()
    edition = village.edition
    agents = [(agent.id, facts_of(agent)) for agent in agents_of(edition)]
    needs = {stand: as_new(rows) for stand, rows in needs_of(edition).items()}
    locks = [[shift.is_locked for shift in shifts(agent)] for agent in agents_of(edition)]
    return agents, needs, locks


@pytest.mark.on_both
def test_each_remedy_lowers_the_missing_and_is_taken_back_whole(village: Village) -> None:
    run_id, edition = done_run(village), village.edition
    run = get_run(edition, run_id)
    before, former = state_of(village), run.result
    assert former["missing"] > 0
    remedies = remedies_of(village, run_id)
    assert {remedy["kind"] for _, remedy in remedies} >= {"extend", "unlock", "lower", "waive"}
    for key, remedy in remedies:
        services.use_remedy(act_in(edition, ORGANISER), run_id, key)
        current_session().expire_all()
        applied = get_run(edition, run_id).result
        assert applied["missing"] < former["missing"], remedy["words"]
        assert state_of(village) != before
        assert "rendez-vous" not in str(applied)
        services.undo_remedy(act_in(edition, ORGANISER), run_id)
        assert state_of(village) == before, remedy["words"]
        assert {**get_run(edition, run_id).result, "applied": None} == {**former, "applied": None}
    with pytest.raises(rules.NoSuchRemedy):
        services.undo_remedy(act_in(edition, ORGANISER), run_id)


def extension(village: Village, run_id: int, name: str) -> str:
    return next(
        key
        for key, remedy in remedies_of(village, run_id)
        if remedy["kind"] == "extend" and name in remedy["words"] and remedy["amount"] == 60
    )


def test_a_remedy_is_said_then_applied_then_undone(app: Flask, village: Village) -> None:
    run_id = done_run(village)
    page = f"/organisation/village/calculs/{run_id}"
    key = extension(village, run_id, "Bruno Serres")
    organiser = sign_in(app, Role.ORGANISER)
    before = state_of(village)
    said = organiser.fill(page, to=f"{page}/remede", remedy=key).get_data(as_text=True)
    assert "Bruno Serres de 1\u00a0h, jusqu’à 12\u00a0h." in said
    assert "10\u00a0h de travail par jour au plus, décret" in said
    assert state_of(village) == before
    answer = organiser.fill(page, to=f"{page}/remede", remedy=key, confirmed="yes")
    assert answer.status_code == 302
    assert state_of(village) != before
    text = organiser.get(page).get_data(as_text=True)
    assert "Annuler ce remède" in text
    assert "Remèdes appliqués" in text
    assert organiser.confirm(organiser.fill(page, to=f"{page}/accepter")).status_code == 302


def test_what_changed_since_is_not_undone(village: Village) -> None:
    run_id = done_run(village)
    services.use_remedy(
        act_in(village.edition, ORGANISER), run_id, extension(village, run_id, "Bruno Serres")
    )
    with transaction() as session:
        agent = next(agent for agent in agents_of(village.edition) if agent.first_name == "Bruno")
        session.get_one(Agent, agent.id).leaves_at = village.at(13)
    with pytest.raises(rules.ChangedSinceApplied):
        services.undo_remedy(act_in(village.edition, ORGANISER), run_id)


def test_a_remedy_that_no_longer_helps_is_refused(village: Village) -> None:
    run_id = done_run(village)
    key = extension(village, run_id, "Bruno Serres")
    make_agent(village, body="SDIS 34", name="Éva Pons")
    with pytest.raises(rules.RunIsStale, match="Pons"):
        services.try_remedy(village.edition, run_id, key, now())


def test_a_remedy_of_an_agent_who_now_has_a_shorter_day_is_refused(village: Village) -> None:
    run_id = done_run(village)
    key = extension(village, run_id, "Bruno Serres")
    with transaction() as session:
        agent = next(agent for agent in agents_of(village.edition) if agent.first_name == "Bruno")
        session.get_one(Agent, agent.id).limits = {"day": 3}
    with pytest.raises(rules.RemedyNoLongerHelps):
        services.use_remedy(act_in(village.edition, ORGANISER), run_id, key)


def test_a_permission_is_not_kept_once_undone(village: Village) -> None:
    agent = make_agent(village, name="Fanny Gil")
    run_id = done_run(village)
    key = next(
        key
        for key, remedy in remedies_of(village, run_id)
        if remedy["kind"] == "allow" and "Fanny" in remedy["words"]
    )
    stand_id = village.bodies["SDIS 34"].stand_id
    services.use_remedy(act_in(village.edition, ORGANISER), run_id, key)
    current_session().expire_all()
    assert current_session().get(AgentStand, (agent.id, stand_id)) is not None
    services.undo_remedy(act_in(village.edition, ORGANISER), run_id)
    assert current_session().get(AgentStand, (agent.id, stand_id)) is None


def test_a_key_that_names_no_remedy_is_not_found(village: Village) -> None:
    run_id = done_run(village)
    for key in ("", "0", "0-99", "99-0", "-1-0", "0-x", "²-1", "0-" + "1" * 50):
        with pytest.raises(rules.NoSuchRemedy):
            services.try_remedy(village.edition, run_id, key, now())
