"""The pages of agents."""

from typing import Any

from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.staffing.models import ShiftStatus
from salon.staffing.queries.agents import agents_of, get_agent
from tests.factories import sign_in
from tests.pages import PageClient
from tests.staffing.agents.pages import IMPORT, LIST, NEEDS, NEW, WISHES, as_agent, hidden, text
from tests.staffing.make import Village, find_agent_by_email, make_agent, publish, put, shifts
from tests.statements import statements
from tests.tables import each


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
    organiser.get(LIST)  # the time zone is read once
    counts = []
    for size in (2, 30):
        for _ in range(size):
            make_agent(village, stands=("Département", "SDIS 34"))
        with statements() as sent_statements:
            organiser.get(LIST)
        counts.append(len(sent_statements))
    assert counts[0] == counts[1]


def test_the_export_has_no_formula(organiser: PageClient, village: Village) -> None:
    make_agent(village, name="=cmd Vidal", function="+33")
    result = organiser.get(f"{LIST}.csv")
    assert result.mimetype == "text/csv"
    assert "'=cmd" in result.get_data(as_text=True)
    assert "'+33" in result.get_data(as_text=True)


def test_an_agent_is_named_changed_and_removed(
    organiser: PageClient, village: Village, edition: Edition
) -> None:
    answer = organiser.fill(NEW, **person(village))
    assert answer.status_code == 302
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
    current_session().rollback()
    stored_agent = get_agent(edition, agent.id)
    assert stored_agent.last_name == "D’Ornac"
    assert [period.note for period in stored_agent.periods] == ["Réunion"]
    assert "Réunion" in text(organiser, path)
    removal = organiser.post(f"{path}/retirer", data=hidden(text(organiser, f"{path}/retirer")))
    assert removal.status_code == 302
    assert organiser.get(path).status_code == 404


@each(
    ("overrides", "sentence"),
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
    organiser: PageClient, village: Village, overrides: dict[str, Any], sentence: str
) -> None:
    answer = organiser.fill(NEW, **{**person(village), "periods-0-kind": "unavailable"} | overrides)
    assert answer.status_code == 400
    assert sentence in answer.get_data(as_text=True)


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
    assert "Quelqu’un d’autre vient de modifier ces informations" in page
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
    response = organiser.post(path, data={**hidden(page), "confirmed": "y"})
    assert response.status_code == 302
    assert shifts(agent, ShiftStatus.PUBLISHED) == []


def test_a_coordinator_sees_and_names_their_own_agents(
    coordinator: PageClient, village: Village, edition: Edition
) -> None:
    other_agent = make_agent(village, name="Noëlle Saint-Aunès")
    page = text(coordinator, LIST)
    assert "Agents de mon organisme" in page
    assert "Saint-Aunès" not in page
    assert coordinator.get(f"{LIST}/{other_agent.id}").status_code == 404
    assert coordinator.get(f"{LIST}/{other_agent.id}/retirer").status_code == 404
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
    answer = client.post(
        WISHES,
        data={**hidden(page), "wished": [sdis], "languages": ["occitan"], "needs": ["seat"]},
    )
    assert answer.status_code == 302
    current_session().rollback()
    stored_agent = get_agent(edition, agent.id)
    assert {place.stand_id: place.is_wished for place in stored_agent.places}[int(sdis)] is True
    assert (stored_agent.languages, stored_agent.needs) == (["occitan"], ["seat"])
    second_answer = client.post(WISHES, data=hidden(page))
    assert second_answer.status_code == 409
    thd = str(village.bodies["Hérault THD"].stand_id)
    foreign = client.post(WISHES, data={**hidden(text(client, WISHES)), "wished": [thd]})
    assert foreign.status_code == 400


def test_the_public_and_exhibitors_open_none_of_these_pages(
    app: Flask, client: PageClient, village: Village
) -> None:
    exhibitor = sign_in(app, Role.EXHIBITOR, "e@e.example")
    for path in (LIST, NEW, IMPORT, NEEDS, WISHES):
        assert client.get(path).status_code == 302
        assert exhibitor.get(path).status_code == 403
