"""The pages of agents and needs."""

import io
import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import encode_multipart

from salon.db import session, transaction
from salon.fair.models import Edition
from salon.identity import Role
from salon.staffing.models import Agent, ShiftStatus
from salon.staffing.queries.agents import agents_of, get_agent
from salon.staffing.queries.rota import needs_of
from salon.staffing.routes.agents_import import SHOWN
from tests.factories import sign_in
from tests.pages import PageClient
from tests.staffing.make import (
    Village,
    find_agent_by_email,
    make_agent,
    make_needs,
    make_village,
    publish,
    put,
    shifts,
)
from tests.statements import statements

LIST = "/organisation/village/agents"
NEW = f"{LIST}/nouveau"
IMPORT = f"{LIST}/importer"
NEEDS = "/organisation/village/besoins"
WISHES = "/planning/souhaits"


@pytest.fixture
def village(app: Flask, edition: Edition) -> Village:
    return make_village(edition)


@pytest.fixture
def organiser(app: Flask, village: Village) -> PageClient:
    return sign_in(app, Role.ORGANISER, "organisation@herault.example")


def as_agent(app: Flask, village: Village, email: str, **more: Any) -> tuple[PageClient, Agent]:
    """Signed in as an agent of the village."""
    client = sign_in(app, Role.AGENT, email)
    return client, make_agent(village, email=email, account=True, **more)


@pytest.fixture
def coordinator(app: Flask, village: Village) -> PageClient:
    found, _ = as_agent(
        app, village, "chef@thd.example", body="Hérault THD", is_coordinator=True, name="Léa Chef"
    )
    return found


def text(client: PageClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


def hidden(page: str) -> dict[str, str]:
    return dict(
        re.findall(r'name="(csrf_token|submission_key|version|stamp)"[^>]*value="([^"]*)"', page)
    )


def person(village: Village, **overrides: Any) -> dict[str, Any]:
    return {
        "civility": "madame",
        "first_name": "Noëlle",
        "last_name": "Saint-Aunès",
        "email": "noelle@herault.example",
        "body": str(village.bodies["Département"].id),
        "themes": [str(village.themes["Département"].id)],
        "stands": [str(village.bodies["Département"].stand_id)],
        **overrides,
    }


def test_the_list_says_who_lacks_what_and_is_found_by_name(
    organiser: PageClient, village: Village
) -> None:
    assert "Aucun agent n’est encore nommé" in text(organiser, LIST)
    make_agent(village, name="Noëlle Saint-Aunès")
    bare = make_agent(village, name="Kévin Malafosse", body="SDIS 34")
    with transaction(bare):
        bare.themes, bare.places = [], []
    page = text(organiser, LIST)
    assert "2\u00a0agents" in page
    assert "Sans compétence" in page
    assert "Sans stand" in page
    assert "Malafosse" not in text(organiser, f"{LIST}?q=saint-aunes")
    assert "Saint-Aunès" not in text(organiser, f"{LIST}?lacks=stands")
    body = village.bodies["SDIS 34"].id
    assert "Saint-Aunès" not in text(organiser, f"{LIST}?body={body}")
    assert "Aucun agent ne correspond" in text(organiser, f"{LIST}?q=personne")
    assert organiser.get(f"{LIST}?body=abc&lacks=x&page=0").status_code == 200


def test_the_list_costs_a_constant_number_of_statements(
    organiser: PageClient, village: Village
) -> None:
    counts = []
    for size in (2, 30):
        for _ in range(size):
            make_agent(village, stands=("Département", "SDIS 34"))
        with statements() as sent:
            organiser.get(LIST)
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_the_export_has_no_formula(organiser: PageClient, village: Village) -> None:
    make_agent(village, name="=cmd Vidal", function="+33")
    found = organiser.get(f"{LIST}.csv")
    assert found.mimetype == "text/csv"
    assert "'=cmd" in found.get_data(as_text=True)
    assert "'+33" in found.get_data(as_text=True)


def test_an_agent_is_named_changed_and_removed(
    organiser: PageClient, village: Village, edition: Edition
) -> None:
    sent = organiser.fill(NEW, **person(village))
    assert sent.status_code == 302
    agent = find_agent_by_email(edition, "noelle@herault.example")
    assert agent is not None
    path = f"{LIST}/{agent.id}"
    page = text(organiser, path)
    at = village.at(11).isoformat()
    changed = organiser.post(
        path,
        data={
            **hidden(page),
            **person(village, last_name="D’Ornac"),
            "periods-0-kind": "unavailable",
            "periods-0-starts_at": at,
            "periods-0-ends_at": village.at(12).isoformat(),
            "periods-0-note": "Réunion",
        },
    )
    assert changed.status_code == 302
    session().rollback()
    found = get_agent(edition, agent.id)
    assert found.last_name == "D’Ornac"
    assert [one.note for one in found.periods] == ["Réunion"]
    assert "Réunion" in text(organiser, path)
    gone = organiser.post(f"{path}/retirer", data=hidden(text(organiser, f"{path}/retirer")))
    assert gone.status_code == 302
    assert organiser.get(path).status_code == 404


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"email": "pas une adresse"}, "ne paraît pas complète"),
        ({"first_name": ""}, "Indiquez le prénom."),
        ({"civility": ""}, "Choisissez la civilité."),
        ({"body": "999"}, "choi"),
        ({"themes": ["999"]}, "choi"),
        ({"phone": "douze"}, "Ce numéro ne paraît pas complet"),
        ({"first_name": "A" * 61}, "Au plus 60 caractères."),
        ({"periods-0-starts_at": "hier", "periods-0-ends_at": "demain"}, "choi"),
    ],
)
def test_what_is_typed_wrongly_is_said_at_its_field(
    organiser: PageClient, village: Village, overrides: dict[str, Any], said: str
) -> None:
    answer = organiser.fill(NEW, **{**person(village), "periods-0-kind": "unavailable"} | overrides)
    assert answer.status_code == 400
    assert said in answer.get_data(as_text=True)


def test_an_absence_without_its_end_is_said(organiser: PageClient, village: Village) -> None:
    answer = organiser.fill(
        NEW,
        **person(village),
        **{"periods-0-kind": "avoided", "periods-0-starts_at": village.at(9).isoformat()},
    )
    assert answer.status_code == 400
    assert "Dites quand elle finit." in answer.get_data(as_text=True)


def test_a_line_is_added_without_losing_what_was_typed(
    organiser: PageClient, village: Village
) -> None:
    answer = organiser.fill(NEW, **person(village), action="add")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Absence ou souhait 2" in page
    assert "Saint-Aunès" in page


def test_an_address_already_named_is_refused_in_the_page(
    organiser: PageClient, village: Village
) -> None:
    make_agent(village, email="noelle@herault.example")
    answer = organiser.fill(NEW, **person(village))
    assert answer.status_code == 409
    assert "Un agent est déjà nommé" in answer.get_data(as_text=True)


def test_who_read_an_older_agent_reads_the_new_one(
    organiser: PageClient, village: Village, edition: Edition
) -> None:
    agent = make_agent(village, email="noelle@herault.example")
    path = f"{LIST}/{agent.id}"
    before = hidden(text(organiser, path))
    organiser.post(path, data={**before, **person(village, function="Juriste")})
    answer = organiser.post(path, data={**before, **person(village, function="Maçonne")})
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "vient de modifier cet agent" in page
    assert "Juriste" in page
    assert "Maçonne" not in page


def test_removing_who_is_expected_asks_first(organiser: PageClient, village: Village) -> None:
    agent = make_agent(village)
    put(village, agent, village.wanted("Département", (9, 0), (11, 0)))
    publish(village)
    path = f"{LIST}/{agent.id}/retirer"
    page = text(organiser, path)
    assert "1\u00a0vacation publiée et à venir" in page
    answer = organiser.post(path, data=hidden(page))
    assert answer.status_code == 409
    assert "Confirmez pour les retirer" in answer.get_data(as_text=True)
    sent = organiser.post(path, data={**hidden(page), "confirmed": "y"})
    assert sent.status_code == 302
    assert shifts(agent, ShiftStatus.PUBLISHED) == []


def test_a_coordinator_sees_and_names_their_own_agents(
    coordinator: PageClient, village: Village, edition: Edition
) -> None:
    other = make_agent(village, name="Noëlle Saint-Aunès")
    page = text(coordinator, LIST)
    assert "Agents de mon organisme" in page
    assert "Saint-Aunès" not in page
    assert coordinator.get(f"{LIST}/{other.id}").status_code == 404
    assert coordinator.get(f"{LIST}/{other.id}/retirer").status_code == 404
    assert "Saint-Aunès" not in text(coordinator, f"{LIST}.csv")
    foreign = coordinator.fill(NEW, **person(village))
    assert foreign.status_code == 400
    own = str(village.bodies["Hérault THD"].id)
    chief = coordinator.fill(NEW, **person(village, body=own, is_coordinator="y"))
    assert chief.status_code == 403
    assert coordinator.fill(NEW, **person(village, body=own)).status_code == 302
    assert len(agents_of(edition, [int(own)])) == 2
    stand_id = village.bodies["Département"].stand_id
    assert coordinator.get(f"{NEEDS}/{stand_id}").status_code == 404
    assert coordinator.get(f"{NEEDS}/{village.bodies['Hérault THD'].stand_id}").status_code == 200
    assert "Hérault THD" in text(coordinator, NEEDS)


def test_an_agent_opens_none_of_these_pages_but_their_wishes(app: Flask, village: Village) -> None:
    client, _ = as_agent(app, village, "noelle@herault.example")
    for path in (LIST, NEW, IMPORT, NEEDS, f"{LIST}.csv"):
        assert client.get(path).status_code == 403, path
    assert client.get(WISHES).status_code == 200


def test_an_agent_says_wishes(app: Flask, village: Village, edition: Edition) -> None:
    client, agent = as_agent(
        app, village, "noelle@herault.example", stands=("Département", "SDIS 34")
    )
    page = text(client, WISHES)
    assert "Hérault THD" not in page.partition("<main")[2].partition("</main>")[0]
    sdis = str(village.bodies["SDIS 34"].stand_id)
    sent = client.post(
        WISHES,
        data={**hidden(page), "wished": [sdis], "languages": ["occitan"], "needs": ["seat"]},
    )
    assert sent.status_code == 302
    session().rollback()
    found = get_agent(edition, agent.id)
    assert {one.stand_id: one.is_wished for one in found.places}[int(sdis)] is True
    assert (found.languages, found.needs) == (["occitan"], ["seat"])
    again = client.post(WISHES, data=hidden(page))
    assert again.status_code == 409
    thd = str(village.bodies["Hérault THD"].stand_id)
    foreign = client.post(WISHES, data={**hidden(text(client, WISHES)), "wished": [thd]})
    assert foreign.status_code == 400


def upload(client: PageClient, content: str | bytes) -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post(
        IMPORT,
        data={"csrf_token": client.token(IMPORT), "file": (io.BytesIO(data), "agents.csv")},
    )


GOOD = "Organisme;Civilité;Prénom;Nom;Courriel\nDépartement;Mme;Noëlle;Saint-Aunès;n@h.example\n"


def test_a_list_is_read_again_then_taken(
    organiser: PageClient, village: Village, edition: Edition
) -> None:
    preview = upload(organiser, GOOD)
    page = preview.get_data(as_text=True)
    assert "1\u00a0agent à ajouter" in page
    assert agents_of(edition) == []
    found = re.search(r'<textarea name="rows"[^>]*>\n(.*?)</textarea>', page, re.S)
    assert found
    data = {**hidden(page), "rows": found[1]}
    assert organiser.post(f"{IMPORT}/confirmer", data=data).status_code == 302
    assert [one.last_name for one in agents_of(edition)] == ["Saint-Aunès"]


def test_a_list_longer_than_what_a_form_usually_carries_is_taken(
    organiser: PageClient, village: Village, edition: Edition
) -> None:
    head, line = GOOD.splitlines()
    size = SHOWN + 50
    long = "\n".join([head, *(line.replace("n@", f"agent{n}@") for n in range(size))])
    page = upload(organiser, long).get_data(as_text=True)
    assert "50\u00a0autres lignes ne sont pas montrées" in page
    data = {**hidden(page), "rows": long + "\n" * 1_000_000}
    boundary, body = encode_multipart(data)
    kind = f"multipart/form-data; boundary={boundary}"
    sent = organiser.post(f"{IMPORT}/confirmer", data=body, content_type=kind)
    assert sent.status_code == 302
    assert len(agents_of(edition)) == size


def test_lines_to_correct_are_named_and_nothing_is_taken(
    organiser: PageClient, village: Village, edition: Edition
) -> None:
    bad = GOOD + "Commune de Mons;Mme;A;B;a@b.example\n"
    page = upload(organiser, bad).get_data(as_text=True)
    assert "1\u00a0ligne à corriger" in page
    assert "L’organisme «\u00a0Commune de Mons\u00a0» n’est pas connu." in page
    assert 'name="rows"' not in page
    data = {**hidden(upload(organiser, GOOD).get_data(as_text=True)), "rows": bad}
    answer = organiser.post(f"{IMPORT}/confirmer", data=data)
    assert answer.status_code == 400
    assert "Rien n’a été enregistré" in answer.get_data(as_text=True)
    assert agents_of(edition) == []


@pytest.mark.parametrize("content", [b"", b"\x00\x01", "Prénom;Nom\nA;B\n".encode()])
def test_a_file_that_is_no_list_is_refused(organiser: PageClient, content: bytes) -> None:
    assert upload(organiser, content).status_code == 400


def test_the_template_can_be_imported(organiser: PageClient, village: Village) -> None:
    template = organiser.get(f"{LIST}/modele.csv")
    assert template.get_data(as_text=True).lstrip("\ufeff").startswith("Organisme;Civilité;Prénom")
    assert "À corriger" in upload(organiser, template.data).get_data(as_text=True)


def test_hostile_cells_are_shown_as_text(organiser: PageClient, village: Village) -> None:
    hostile = GOOD + '<script>alert(1)</script>;Mme;"""><img src=x>";{{7*7}};a@b.example\n'
    page = upload(organiser, hostile).get_data(as_text=True)
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_needs_are_said_line_by_line_by_range_and_copied(
    organiser: PageClient, village: Village, edition: Edition
) -> None:
    assert "Rien n’est dit" in text(organiser, NEEDS)
    stand_id = village.bodies["Département"].stand_id
    path = f"{NEEDS}/{stand_id}"
    theme = str(village.themes["Département"].id)
    asked = {
        "starts_at": village.at(9).isoformat(),
        "ends_at": village.at(10).isoformat(),
        **{"minimum": "1", "wished": "2", "maximum": "3", "themes": [theme]},
    }
    sent = organiser.post(f"{path}/plage", data={**hidden(text(organiser, path)), **asked})
    assert sent.status_code == 302
    session().rollback()
    rows = needs_of(edition)[stand_id]
    assert [(one.minimum, one.wished, one.maximum) for one in rows] == [(1, 2, 3)] * 2
    page = text(organiser, path)
    assert "Soutien aux communes" in page
    lines = dict(re.findall(r'name="(lines-\d+-\w+)"[^>]*value="([^"]*)"', page))
    assert len(lines) == 4 * 19
    lines["lines-1-minimum"] = "2"
    assert organiser.post(path, data={**hidden(page), **lines}).status_code == 302
    session().rollback()
    rows = needs_of(edition)[stand_id]
    assert rows[0].minimum == 2
    assert [one.name for one in rows[0].themes] == ["Soutien aux communes"]
    other = f"{NEEDS}/{village.bodies['SDIS 34'].stand_id}"
    data = {**hidden(text(organiser, other)), "source": f"stand:{stand_id}"}
    assert organiser.post(f"{other}/reprendre", data=data).status_code == 302
    session().rollback()
    assert len(needs_of(edition)[village.bodies["SDIS 34"].stand_id]) == 2
    assert "1&nbsp;à&nbsp;2" in text(organiser, NEEDS)


@pytest.mark.parametrize(
    ("place", "fields", "status"),
    [
        ("/plage", {"minimum": "3", "wished": "2", "maximum": "4"}, 400),
        ("/plage", {"minimum": "1", "wished": "2", "maximum": "100"}, 400),
        ("/plage", {"minimum": "x", "wished": "2", "maximum": "3"}, 400),
        ("/plage", {"minimum": "1", "wished": "2", "maximum": "9" * 400}, 400),
        ("/reprendre", {"source": "stand:999"}, 400),
        ("/reprendre", {"source": "edition:1"}, 400),
        ("", {"lines-0-starts_at": "hier", "lines-0-minimum": "1"}, 400),
        (
            "",
            {
                "lines-0-starts_at": "2021-10-01T07:00:00",
                **{"lines-0-minimum": "1", "lines-0-wished": "1", "lines-0-maximum": "1"},
            },
            400,
        ),
    ],
)
def test_needs_typed_wrongly_change_nothing(
    organiser: PageClient,
    village: Village,
    edition: Edition,
    place: str,
    fields: dict[str, str],
    status: int,
) -> None:
    stand_id = village.bodies["Département"].stand_id
    path = f"{NEEDS}/{stand_id}"
    hours = {"starts_at": village.at(9).isoformat(), "ends_at": village.at(10).isoformat()}
    data = {**hidden(text(organiser, path)), **hours, **fields}
    assert organiser.post(path + place, data=data).status_code == status
    session().rollback()
    assert needs_of(edition) == {}


def test_a_range_that_ends_before_it_begins_is_said(
    organiser: PageClient, village: Village
) -> None:
    path = f"{NEEDS}/{village.bodies['Département'].stand_id}"
    data = {
        **hidden(text(organiser, path)),
        "starts_at": village.at(10).isoformat(),
        "ends_at": village.at(9).isoformat(),
        **{"minimum": "1", "wished": "2", "maximum": "3"},
    }
    answer = organiser.post(f"{path}/plage", data=data)
    assert answer.status_code == 400
    assert "finit avant d’avoir commencé" in answer.get_data(as_text=True)


def test_needs_that_changed_since_are_shown_anew(
    organiser: PageClient, village: Village, edition: Edition
) -> None:
    path = f"{NEEDS}/{village.bodies['Département'].stand_id}"
    page = text(organiser, path)
    lines = dict(re.findall(r'name="(lines-\d+-\w+)"[^>]*value="([^"]*)"', page))
    make_needs(village, minimum=2)
    answer = organiser.post(path, data={**hidden(page), **lines})
    assert answer.status_code == 409
    assert "vient de changer les besoins" in answer.get_data(as_text=True)
    session().rollback()
    assert {one.minimum for rows in needs_of(edition).values() for one in rows} == {2}


def test_the_public_and_exhibitors_open_none_of_these_pages(
    app: Flask, client: PageClient, village: Village
) -> None:
    exhibitor = sign_in(app, Role.EXHIBITOR, "e@e.example")
    for path in (LIST, NEW, IMPORT, NEEDS, WISHES):
        assert client.get(path).status_code == 302
        assert exhibitor.get(path).status_code == 403
