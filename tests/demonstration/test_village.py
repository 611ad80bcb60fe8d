"""The village of the demonstration: agents, needs, a published rota that covers them."""

from collections import Counter

from flask import Flask

from salon.demonstration.services import COORDINATOR, PEOPLE, find_named_account
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.identity import Role
from salon.platform.settings.clock import now
from salon.staffing.engine.solving import scoring
from salon.staffing.models import Agent, ShiftStatus
from salon.staffing.queries.agents import agents_of, find_agent_of_account
from salon.staffing.queries.problem import problem_of
from salon.staffing.queries.rota import find_publication, needs_of, shifts_of, stands_of
from salon.staffing.services.publication import differences
from tests.demonstration.conftest import AGENTS
from tests.pages import PageClient
from tests.staffing.make import find_agent_by_email

FROM_FILE = 24


def named(edition: Edition) -> list[Agent]:
    """Return the agents of the file, without those made up."""
    return sorted(agents_of(edition), key=lambda item: item.id)[:FROM_FILE]


def test_twenty_four_agents_of_eight_bodies(app: Flask) -> None:
    edition = get_public_edition()
    counts = Counter(agent.body.short_name for agent in named(edition))
    assert counts.pop("Département") == 16
    assert set(counts) == {stand.short_name for stand in stands_of(edition).values()} - {
        "Département"
    }
    assert all(1 <= count <= 3 for count in counts.values())


def test_the_accounts_of_the_demonstration_are_agents(app: Flask) -> None:
    edition = get_public_edition()
    agent = find_agent_by_email(edition, next(e for r, e, _ in PEOPLE if r == Role.AGENT))
    assert agent is not None
    assert (agent.full_name, agent.is_coordinator) == ("Agnès Roqueblave", False)
    chief = find_agent_of_account(edition, find_named_account(COORDINATOR).id)
    assert chief is not None
    assert (chief.email, chief.is_coordinator) == (COORDINATOR, True)
    assert chief.body.short_name == "Département"


def test_the_published_rota_covers_every_need_within_the_rules(app: Flask) -> None:
    edition = get_public_edition()
    publication = find_publication(edition)
    assert publication is not None
    assert publication.number == 1
    assert differences(edition) == []
    assert set(needs_of(edition)) == set(stands_of(edition))
    rota_instance = problem_of(edition, edition.days[0].opens_at.replace(year=2020))
    assert scoring.missing_of(rota_instance.problem, rota_instance.draft) == 0
    assert scoring.over_maximum(rota_instance.problem, rota_instance.draft) == []
    for number, row in enumerate(rota_instance.draft):
        assert scoring.row_breaks(rota_instance.problem, number, row) == []


def test_cover_is_tight(app: Flask) -> None:
    """The published rota leaves some stands under what they wish for."""
    edition = get_public_edition()
    rota_instance = problem_of(edition, edition.days[0].opens_at.replace(year=2020))
    assert sum(scoring.unwished_by_post(rota_instance.problem, rota_instance.draft)) > 0


def test_made_up_agents_are_spread_and_free(app: Flask) -> None:
    edition = get_public_edition()
    generated = sorted(agents_of(edition), key=lambda item: item.id)[FROM_FILE:]
    assert len(generated) == AGENTS
    assert len({agent.email for agent in generated}) == AGENTS
    assert len({agent.body_id for agent in generated}) > 4
    assert all(agent.themes and agent.places for agent in generated)
    assert shifts_of(edition, ShiftStatus.DRAFT, [agent.id for agent in generated]) == []


def test_one_enters_as_the_coordinator_of_the_departement(app: Flask, client: PageClient) -> None:
    token = client.token("/demonstration")
    answer = client.post(
        "/demonstration/entrer", data={"csrf_token": token, "role": "coordination"}
    )
    assert answer.location == "/organisation/village/agents"
    page = client.get(answer.location).get_data(as_text=True)
    assert "Roqueblave" in page
    assert "Tarbouriech" not in page
    assert now() < get_public_edition().starts_at
