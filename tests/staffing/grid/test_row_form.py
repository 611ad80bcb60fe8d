"""An agent's row by plain forms, without the grid's script."""

import re
from typing import Any

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.identity import Role
from salon.staffing.models import Agent
from tests.factories import sign_in
from tests.pages import PageClient
from tests.staffing.make import Village, make_agent, make_village, put, shifts
from tests.tables import each

PAGE = "/organisation/village/planning/agents"


@pytest.fixture
def village(edition: Edition) -> Village:
    return make_village(edition)


@pytest.fixture
def client(app: Flask, village: Village) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def typed(
    village: Village,
    start: tuple[int, int] = (9, 0),
    end: tuple[int, int] = (11, 0),
    **fields: str,
) -> dict[str, str]:
    return {
        "stand": str(village.bodies["Département"].stand_id),
        "starts_at": village.at(*start).isoformat(),
        "ends_at": village.at(*end).isoformat(),
        "version": "1",
        "shift_start": "",
        **fields,
    }


def spans(agent: Agent) -> list[tuple[int, int]]:
    """(minutes, stand) of each shift, in time."""
    return [
        (round((shift.ends_at - shift.starts_at).total_seconds() / 60), shift.stand_id)
        for shift in shifts(agent)
    ]


def test_a_shift_is_added_changed_locked_and_removed(village: Village, client: PageClient) -> None:
    agent = make_agent(village)
    stand_id = village.bodies["Département"].stand_id
    page = f"{PAGE}/{agent.id}"
    assert client.fill(page, **typed(village)).status_code == 302
    assert "enregistrée dans le brouillon" in client.get(page).text
    assert spans(agent) == [(120, stand_id)]
    text = village.at(9).isoformat()
    fields = typed(village, (9, 0), (10, 0), version="2", shift_start=text, locked="y")
    assert client.fill(page, **fields).status_code == 302
    (shift,) = shifts(agent)
    assert (spans(agent), shift.is_locked) == ([(60, stand_id)], True)
    assert "verrouillée" in client.get(page).text
    answer = client.fill(page, to=f"{page}/retirer", version="3", shift_start=text)
    assert answer.status_code == 302
    assert shifts(agent) == []


@each(
    ("changes", "status", "words"),
    [
        ({"end": (9, 0), "start": (11, 0)}, 400, "finit avant d’avoir commencé"),
        ({"start": (7, 0)}, 400, "Choisissez une heure de la liste"),
        ({"stand": "99999"}, 400, "pas un stand du village"),
        ({"version": "7"}, 409, "Quelqu’un d’autre vient de modifier"),
        ({"version": "sept"}, 409, "Quelqu’un d’autre vient de modifier"),
        ({"start": (10, 0), "end": (14, 0)}, 409, "déjà sur un autre stand"),
        ({"shift_start": "2021"}, 409, "Quelqu’un d’autre vient de modifier"),
    ],
)
def test_a_refused_shift_is_said_in_the_page_and_what_was_typed_stays(
    village: Village, client: PageClient, changes: dict[str, Any], status: int, words: str
) -> None:
    agent = make_agent(village)
    put(village, agent, village.wanted("SDIS 34", (13, 0), (15, 0)))
    before = spans(agent)
    fields = typed(village, **{"version": "2", **changes})
    answer = client.fill(f"{PAGE}/{agent.id}", **fields)
    assert answer.status_code == status
    assert words in answer.text
    assert f'selected value="{fields["ends_at"]}"' in answer.text
    assert spans(agent) == before


def test_after_a_refusal_the_same_form_goes_through(village: Village, client: PageClient) -> None:
    """Without script: the row is shown as it is, and the gesture can be made again."""
    agent = make_agent(village)
    put(village, agent, village.wanted("SDIS 34", (13, 0), (15, 0)))
    page = f"{PAGE}/{agent.id}"
    refused = client.fill(page, **typed(village))
    assert refused.status_code == 409
    assert "13\u00a0h – 15\u00a0h, SDIS 34" in refused.text
    assert 'name="version" type="hidden" value="2"' in refused.text
    assert client.fill(page, **typed(village, version="2")).status_code == 302
    assert len(shifts(agent)) == 2


def test_a_shift_past_a_limit_is_asked_then_saved(village: Village, client: PageClient) -> None:
    agent = make_agent(village)
    page, fields = f"{PAGE}/{agent.id}", typed(village, (9, 0), (15, 0))
    question = client.fill(page, **fields)
    assert question.status_code == 409
    assert "aurait 6\u00a0h de travail sans pause (décret n°\u00a02000-815" in question.text
    assert "Enregistrer quand même" in question.text
    accepted = re.search(r'name="accepted"[^>]* value="([^"]+)"', question.text)
    assert accepted is not None
    assert client.fill(page, **fields, accepted=accepted[1]).status_code == 302
    assert spans(agent) == [(360, village.bodies["Département"].stand_id)]


def test_what_the_row_breaks_is_said(village: Village, client: PageClient) -> None:
    agent = make_agent(village)
    put(village, agent, village.wanted("SDIS 34", (9, 0), (15, 0)))
    page = client.get(f"{PAGE}/{agent.id}").text
    for words in ("Pas prévu sur\u00a0: SDIS 34", "6\u00a0h de travail sans pause", "déjeuner"):
        assert words in page
