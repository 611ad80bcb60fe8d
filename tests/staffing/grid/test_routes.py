"""The grid's pages and answers: who sees and edits what, what is refused, two editors at once."""

import json
import re
from collections.abc import Sequence
from datetime import time, timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from salon.fair.models import Edition, EditionDay
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.platform.database.journal import entries
from salon.platform.settings.clock import now, paris
from salon.staffing.models import Agent, AgentPeriod, PeriodKind, ShiftStatus
from tests.factories import make_edition, sign_in
from tests.pages import PageClient
from tests.staffing.make import Village, make_agent, make_needs, make_village, publish, put, shifts
from tests.statements import statements
from tests.tables import each

PAGE = "/organisation/village/planning"
ROWS = f"{PAGE}/lignes"


def shift(
    village: Village,
    start: tuple[int, int] = (9, 0),
    end: tuple[int, int] = (11, 0),
    body: str = "Département",
    **more: Any,
) -> dict[str, Any]:
    return {
        "stand": village.bodies[body].stand_id,
        "starts_at": village.at(*start).isoformat(),
        "ends_at": village.at(*end).isoformat(),
        "locked": False,
        **more,
    }


def send(client: PageClient, body: Any, text: str | None = None) -> TestResponse:
    headers = {"X-CSRFToken": token_of(client)}
    data = text if text is not None else json.dumps(body)
    return client.post(ROWS, data=data, content_type="application/json", headers=headers)


def token_of(client: PageClient) -> str:
    match = re.search(r'data-token="([^"]+)"', client.get(PAGE).get_data(as_text=True))
    assert match
    return match[1]


def set_row(
    client: PageClient, agent: Agent, version: int, row: Sequence[dict[str, Any]]
) -> TestResponse:
    return send(client, {"rows": [{"agent": agent.id, "version": version, "shifts": list(row)}]})


def state_of(client: PageClient) -> dict[str, Any]:
    """Return the state that the page gives its editor."""
    page = client.get(PAGE).get_data(as_text=True)
    match = re.search(r'id="rota-state">(.*?)</script>', page, re.DOTALL)
    assert match
    return dict(json.loads(match[1]))


@pytest.fixture
def village(edition: Edition) -> Village:
    return make_village(edition)


@pytest.fixture
def organiser(app: Flask, village: Village) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def signed_in_agent(app: Flask, village: Village, **values: Any) -> tuple[PageClient, Agent]:
    client = sign_in(app, Role.AGENT, email="coline@herault.example")
    return client, make_agent(village, email="coline@herault.example", account=True, **values)


def test_a_gesture_past_a_limit_is_asked_with_its_article_and_made_once_accepted(
    village: Village, organiser: PageClient
) -> None:
    agent = make_agent(village)
    long_row = [shift(village, (9, 0), (15, 0))]
    question = set_row(organiser, agent, 1, long_row)
    (sentence,) = question.json["asks"]
    assert question.status_code == 409
    assert sentence == (
        f"{agent.polite_name} aurait 6\u00a0h de travail sans pause "
        "(décret n°\u00a02000-815, art.\u00a03)"
    )
    assert (shifts(agent), question.json["rows"][0]["version"]) == ([], 1)
    row = {"agent": agent.id, "version": 1, "shifts": long_row}
    assert send(organiser, {"rows": [row], "accepted": ["autre chose"]}).status_code == 409
    assert send(organiser, {"rows": [row], "accepted": [sentence]}).status_code == 200
    entry = current_session().scalars(entries("rota.limits_passed")).one()
    assert (entry.subject, entry.details["limits"][0] in sentence) == (f"agent:{agent.id}", True)
    as_long = [shift(village, (9, 30), (15, 30))]
    assert set_row(organiser, agent, 2, as_long).status_code == 200
    longer = [shift(village, (9, 30), (16, 0))]
    assert set_row(organiser, agent, 3, longer).status_code == 409


def test_a_move_answers_with_what_it_breaks_and_the_cover_it_touches(
    village: Village, organiser: PageClient
) -> None:
    away = AgentPeriod(
        starts_at=village.at(10), ends_at=village.at(12), kind=PeriodKind.UNAVAILABLE
    )
    agent = make_agent(village, periods=[away])
    make_needs(village, minimum=1, wished=2)
    answer = set_row(organiser, agent, 1, [shift(village, (9, 0), (11, 0), locked=True)])
    assert answer.status_code == 200
    (row,) = answer.json["rows"]
    assert (row["agent"], row["version"], row["load"]) == (agent.id, 2, "2\u00a0h")
    assert row["shifts"] == [shift(village, locked=True)]
    assert [(item["key"], item["severity"], item["words"]) for item in row["breaks"]] == [
        ("available", "danger", "Indisponible de 10\u00a0h à 11\u00a0h")
    ]
    touched = {(item["at"], item["state"], item["figures"]) for item in answer.json["cover"]}
    assert touched == {
        (village.at(hour, minute).isoformat(), "thin", "1/2")
        for hour, minute in ((9, 0), (9, 30), (10, 0), (10, 30))
    }
    assert answer.json["gaps_words"] == "2\u00a0créneaux sans assez d’agents"
    first, _ = answer.json["gaps"]
    assert first["words"] == (
        "Département, de 8\u00a0h\u00a030 à 9\u00a0h\u00a0: il manque 1\u00a0agent"
    )
    (saved_shift,) = shifts(agent)
    assert saved_shift.is_locked


def test_a_shift_given_to_another_agent_is_one_change(
    village: Village, organiser: PageClient
) -> None:
    anna, bruno = make_agent(village), make_agent(village)
    put(village, anna, village.wanted("Département", (9, 0), (11, 0)))
    rows = [
        {"agent": anna.id, "version": 2, "shifts": []},
        {"agent": bruno.id, "version": 1, "shifts": [shift(village)]},
    ]
    answer = send(organiser, {"rows": rows})
    assert [row["version"] for row in answer.json["rows"]] == [3, 2]
    assert (len(shifts(anna)), len(shifts(bruno))) == (0, 1)


BAD = [
    ("outside hours", {"start": (7, 0)}, 409, "Les stands sont tenus"),
    ("end before start", {"start": (11, 0), "end": (10, 0)}, 400, "finit avant"),
    ("quarter of an hour", {"start": (9, 15)}, 400, "à la demie"),
    ("unknown stand", {"stand": 99_999}, 404, "pas un stand du village"),
    ("no zone", {"starts_at": "2021-10-01T09:00"}, 400, "illisible"),
    ("not a time", {"ends_at": "midi"}, 400, "illisible"),
    ("year 1", {"starts_at": "0001-01-01T00:00:00+14:00"}, 400, "illisible"),
    ("stand as text", {"stand": "1"}, 400, "illisible"),
    ("locked as number", {"locked": 1}, 400, "illisible"),
    ("a stand no table holds", {"stand": 2**63}, 400, "illisible"),
]


@each(("action", "changes", "status", "words"), BAD, ids=[item[0] for item in BAD])
def test_a_bad_shift_is_refused_by_its_name_and_nothing_is_written(
    village: Village,
    organiser: PageClient,
    action: str,
    changes: dict[str, Any],
    status: int,
    words: str,
) -> None:
    agent, other_agent = make_agent(village), make_agent(village)
    rows = [
        {"agent": other_agent.id, "version": 1, "shifts": [shift(village)]},
        {"agent": agent.id, "version": 1, "shifts": [shift(village, **changes)]},
    ]
    answer = send(organiser, {"rows": rows})
    assert answer.status_code == status
    assert words in answer.json["message"]
    assert shifts(agent) == shifts(other_agent) == []


@each(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '{"rows": []}',
        '{"rows": 3}',
        '{"rows": [1]}',
        '{"rows": ' + "[" * 2_000 + "]" * 2_000 + "}",
        '{"rows": ' + "9" * 5_000 + "}",
        '{"rows": [{"agent": 1, "version": 1}]}',
        '{"rows": [{"agent": true, "version": 1, "shifts": []}]}',
        '{"rows": [{"agent": 1, "version": 1, "shifts": []},'
        ' {"agent": 1, "version": 1, "shifts": []}]}',
    ],
)
def test_json_that_is_no_row_is_a_400(organiser: PageClient, village: Village, body: str) -> None:
    make_agent(village)
    answer = send(organiser, None, text=body)
    assert (answer.status_code, "illisible" in answer.json["message"]) == (400, True)


def test_two_shifts_at_once_are_refused(village: Village, organiser: PageClient) -> None:
    agent = make_agent(village)
    row = [shift(village), shift(village, (10, 0), (12, 0), "SDIS 34")]
    answer = set_row(organiser, agent, 1, row)
    assert answer.status_code == 409
    assert "rows" not in answer.json
    assert shifts(agent) == []


def test_an_unknown_agent_is_a_404_and_one_of_another_edition_is_seen_in_it(
    village: Village, organiser: PageClient
) -> None:
    make_agent(village)
    removed = make_agent(village, name="Louise Aubert")
    with transaction(removed):
        removed.removed_at = now()
    other_edition = make_edition(is_current=False)
    former = make_agent(make_village(other_edition))
    for agent_id in (99_999, removed.id, former.id):
        answer = send(organiser, {"rows": [{"agent": agent_id, "version": 1, "shifts": []}]})
        assert answer.status_code == 404
        assert "Cet agent n’existe pas" in answer.json["message"]
    assert organiser.get(f"{PAGE}/agents/99999").status_code == 404
    page = organiser.get(f"{PAGE}/agents/{former.id}")
    assert page.status_code == 200
    assert f'"/e/{other_edition.slug}{PAGE}' in page.text


def test_a_stand_of_another_edition_is_a_404(village: Village, organiser: PageClient) -> None:
    agent = make_agent(village)
    former = make_village(make_edition(is_current=False))
    elsewhere = shift(village, stand=former.bodies["Département"].stand_id)
    assert set_row(organiser, agent, 1, [elsewhere]).status_code == 404


def test_a_coordinator_edits_their_own_agents_and_reads_the_others(
    app: Flask, village: Village
) -> None:
    own = make_agent(village, body="SDIS 34", name="Sami Castan")
    away = AgentPeriod(starts_at=village.at(9), ends_at=village.at(10), kind=PeriodKind.UNAVAILABLE)
    other_agent = make_agent(village, name="Olga Puech", periods=[away])
    put(village, other_agent, village.wanted("Département", (9, 0), (10, 0)))
    client, _ = signed_in_agent(app, village, body="SDIS 34", is_coordinator=True)
    page = client.get(PAGE).get_data(as_text=True)
    assert "Sami Castan" in page
    assert "Olga Puech" in page
    assert page.index("Sami Castan") < page.index("Olga Puech"), "their own body comes first"
    assert f"{PAGE}/agents/{own.id}" in page
    assert f"{PAGE}/agents/{other_agent.id}" not in page
    state = state_of(client)
    (seen,) = [agent for agent in state["agents"] if agent["id"] == other_agent.id]
    assert (seen["is_own"], seen["away"], seen["avoided"]) == (False, [], [])
    assert [row["breaks"] for row in state["rows"] if row["agent"] == other_agent.id] == [[]]
    assert "Indisponible" not in page, "why another body's agent is away is not theirs to read"
    assert set_row(client, own, 1, [shift(village, body="SDIS 34")]).status_code == 200
    refused = set_row(client, other_agent, 2, [])
    assert refused.status_code == 404
    assert "pas de votre organisme" in refused.json["message"]
    assert client.get(f"{PAGE}/agents/{other_agent.id}").status_code == 404
    assert len(shifts(other_agent)) == 1


def test_an_agent_who_coordinates_nothing_sees_no_grid(app: Flask, village: Village) -> None:
    client, agent = signed_in_agent(app, village)
    for address in (PAGE, f"{PAGE}/etat", ROWS, f"{PAGE}/agents/{agent.id}"):
        assert client.get(address).status_code == 403


def test_of_two_editors_the_second_is_shown_the_row_as_it_is(
    app: Flask, village: Village, organiser: PageClient
) -> None:
    """Nothing is overwritten; the second gesture, made again on the row, goes through."""
    agent = make_agent(village)
    other_client = sign_in(app, Role.ORGANISER)
    versions = {state_of(client)["rows"][0]["version"] for client in (organiser, other_client)}
    assert versions == {1}
    assert set_row(organiser, agent, 1, [shift(village)]).status_code == 200
    refused = set_row(other_client, agent, 1, [shift(village, (14, 0), (16, 0))])
    assert refused.status_code == 409
    assert agent.polite_name in refused.json["message"]
    (row,) = refused.json["rows"]
    assert (row["version"], len(row["shifts"])) == (2, 1)
    assert row["shifts"][0]["starts_at"] == village.at(9).isoformat()
    assert len(shifts(agent)) == 1
    later_shifts = [*row["shifts"], shift(village, (14, 0), (16, 0))]
    assert set_row(other_client, agent, 2, later_shifts).status_code == 200
    assert len(shifts(agent)) == 2


def test_what_others_changed_is_read_row_by_row(village: Village, organiser: PageClient) -> None:
    anna, bruno = make_agent(village), make_agent(village)
    make_needs(village)
    put(village, anna, village.wanted("Département", (9, 0), (11, 0)))
    versions = organiser.get(f"{PAGE}/etat").json["rows"]
    assert versions == {str(anna.id): 2, str(bruno.id): 1}
    answer = organiser.get(f"{ROWS}?agent={anna.id}&agent=99999&agent=-1&agent=x").json
    assert [row["agent"] for row in answer["rows"]] == [anna.id]
    assert len(answer["cover"]) == 3 * 19


def test_publishing_is_counted_in_shifts(village: Village, organiser: PageClient) -> None:
    agent = make_agent(village)
    put(village, agent, village.wanted("Département", (9, 0), (11, 0)))
    assert "Rien n’est encore publié\u00a0: 1\u00a0vacation" in organiser.get(PAGE).text
    publish(village)
    assert "Tout est publié" in organiser.get(PAGE).text
    row = set_row(organiser, agent, 2, []).json["rows"][0]
    assert row["changes"] == 1
    assert "1\u00a0changement à publier" in (organiser.get(PAGE).text)
    assert len(shifts(agent, ShiftStatus.PUBLISHED)) == 1


def test_the_page_reads_without_script(village: Village, organiser: PageClient) -> None:
    agent = make_agent(village, name="Agnès Roqueblave")
    make_needs(village, minimum=1)
    put(village, agent, village.wanted("Département", (9, 0), (11, 0)))
    page = organiser.get(PAGE).text
    assert "de 9\u00a0h à 11\u00a0h" in page
    assert "2\u00a0créneaux sans assez d’agents" in page
    assert "1\u00a0présent pour 2\u00a0souhaités, au moins 1" in page


def test_a_village_without_agents_says_what_comes_first(organiser: PageClient) -> None:
    assert "Nommez d’abord les agents" in organiser.get(PAGE).text


@pytest.mark.parametrize("query", ["", "?jour=2001-01-01", "?jour=demain"])
def test_a_day_that_is_none_opens_the_first(
    village: Village, organiser: PageClient, query: str
) -> None:
    make_agent(village)
    assert organiser.get(PAGE + query).status_code == 200


def test_each_day_has_its_page(village: Village, organiser: PageClient) -> None:
    agent = make_agent(village)
    put(village, agent, village.wanted("Département", (9, 0), (11, 0)))
    second = village.edition.days[0].day_on + timedelta(days=1)
    with transaction() as session:
        session.add(
            EditionDay(edition_id=village.edition.id, day_on=second, opens=time(9), closes=time(12))
        )
    page = organiser.get(f"{PAGE}?jour={second}").text
    assert f'jour={second}" aria-current="page"' in page
    assert "de 9\u00a0h à 11\u00a0h<" not in page, "a shift of the other day is not drawn"
    state = state_of(organiser)
    assert (state["shown"], len(state["starts"])) == ([0, 19], 19 + 8)
    assert len(state["rows"][0]["shifts"]) == 1
    answer = set_row(organiser, agent, 2, [shift(village, (17, 0), (18, 0))])
    assert answer.status_code == 200
    overnight = shift(village, (17, 0), (18, 0))
    overnight["ends_at"] = paris(second, time(9)).isoformat()
    assert set_row(organiser, agent, 3, [overnight]).status_code == 409


def test_more_agents_cost_no_more_statements(village: Village, organiser: PageClient) -> None:
    first = make_agent(village)
    make_needs(village)

    def cost(ask: Any) -> int:
        with statements() as sent_statements:
            assert ask().status_code == 200
        return len(sent_statements)

    def move(version: int) -> TestResponse:
        return set_row(organiser, first, version, [shift(village, (9, version % 2 * 30), (11, 0))])

    move(1)
    before = cost(lambda: organiser.get(PAGE)), cost(lambda: move(2))
    for body in ("SDIS 34", "Hérault THD", "Département") * 3:
        agent = make_agent(village, body=body)
        put(village, agent, village.wanted(body, (9, 0), (11, 0)))
    assert (cost(lambda: organiser.get(PAGE)), cost(lambda: move(3))) == before
