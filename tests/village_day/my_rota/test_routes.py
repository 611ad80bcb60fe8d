"""The agent's page: their own published shifts, and nobody else's."""

from flask import Flask
from sqlalchemy import select

from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from salon.staffing.models import (
    Agent,
)
from tests.factories import sign_in
from tests.pages import PageClient
from tests.staffing.make import Village, make_agent, publish
from tests.statements import statements
from tests.village_day.my_rota.pages import hours, published, words_of


def test_somebody_who_is_no_agent_of_this_edition_is_told_what_to_do(client: PageClient) -> None:
    page = words_of(client)
    assert "Vous n’êtes pas encore dans l’équipe du village" in page
    assert "Camille Vidal" in page


def test_before_any_publication_nothing_of_the_draft_shows(
    client: PageClient, village: Village, agnes: Agent
) -> None:
    hours(village, agnes, ("Département", 9, 11))
    page = words_of(client)
    assert "Le planning n’est pas encore publié" in page
    assert "9 h – 11 h" not in page


def test_an_agent_without_shift_in_a_published_rota_is_told_so(
    client: PageClient, village: Village, agnes: Agent
) -> None:
    hours(village, make_agent(village), ("Département", 9, 11))
    publish(village)
    assert "Aucune vacation pour vous" in words_of(client)


def test_the_page_says_where_with_whom_and_who_takes_over(
    client: PageClient, village: Village, agnes: Agent
) -> None:
    lou, hugo = make_agent(village, name="Lou Espinasse"), make_agent(village, name="Hugo Arnal")
    hours(village, agnes, ("Département", 9, 11), ("Hérault THD", 12, 14))
    hours(village, lou, ("Département", 10, 11))
    hours(village, hugo, ("Département", 11, 12))
    publish(village)
    page = words_of(client)
    assert "Demain" in page
    assert "Hall 3" in page
    assert "Lou Espinasse de" in page
    assert "Hugo Arnal prend la suite à" in page
    assert "Vous ouvrez le stand." in page
    assert "Libre de" in page
    assert "2 vacations, 4 h sur les stands" in page
    assert "Version 1 du planning" in page


def test_a_colleague_s_address_and_telephone_stay_theirs(
    client: PageClient, village: Village, agnes: Agent
) -> None:
    """Names of who shares the stand; the ways to reach of who coordinates, nobody else's."""
    lou = make_agent(
        village, name="Lou Espinasse", email="lou@herault.example", phone="06 00 00 00 01"
    )
    away = make_agent(village, body="SDIS 34", name="Rémi Loin")
    make_agent(
        village,
        name="Magali Estève",
        email="magali@herault.example",
        phone="06 00 00 00 02",
        is_coordinator=True,
    )
    make_agent(village, body="SDIS 34", name="Autre Chef", is_coordinator=True)
    hours(village, agnes, ("Département", 9, 11))
    hours(village, lou, ("Département", 9, 11))
    hours(village, away, ("SDIS 34", 9, 11))
    publish(village)
    page = words_of(client)
    assert "Lou Espinasse" in page
    assert "lou@herault.example" not in page
    assert "06 00 00 00 01" not in page
    assert "magali@herault.example" in page
    assert "tel:0600000002" in page
    assert "Rémi Loin" not in page
    assert "Autre Chef" not in page


def test_somebody_else_s_shift_is_not_there(
    client: PageClient, village: Village, agnes: Agent
) -> None:
    other_agent = make_agent(village)
    hours(village, other_agent, ("SDIS 34", 9, 11))
    publish(village)
    (shift,) = published(other_agent)
    token = client.token("/planning")
    answer = client.post(f"/planning/vacations/{shift.id}/arrivee", data={"csrf_token": token})
    assert answer.status_code == 404
    assert "SDIS 34" not in words_of(client).partition("Qui appeler")[0]


def test_the_other_roles_do_not_open_it(app: Flask, village: Village) -> None:
    assert sign_in(app, Role.EXHIBITOR).get("/planning").status_code == 403
    assert sign_in(app, Role.ORGANISER).get("/planning").status_code == 403
    assert app.test_client().get("/planning").headers["Location"] == "/connexion?next=/planning"


def test_what_a_publication_takes_away_is_there_for_the_phone_to_tell(
    client: PageClient, village: Village, agnes: Agent
) -> None:
    """Hidden until the browser knows that this version was not seen on this phone."""
    hours(village, agnes, ("Département", 9, 11), ("Hérault THD", 13, 14))
    publish(village)
    hours(village, agnes, ("Département", 9, 11))
    publish(village)
    page = words_of(client)
    assert 'data-withdrawn="2" hidden' in page
    assert 'data-number="1" data-from' in page


def test_a_long_day_asks_no_more_of_the_database(
    client: PageClient, village: Village, agnes: Agent
) -> None:
    def count() -> int:
        with statements() as sent_statements:
            assert client.get("/planning").status_code == 200
        return len(sent_statements)

    hours(village, agnes, ("Département", 9, 10))
    publish(village)
    few = count()
    hours(
        village,
        agnes,
        *(("Département", at, at + 1) for at in (9, 11, 13)),
        *(("Hérault THD", at, at + 1) for at in (10, 14, 16)),
    )
    for _ in range(6):
        hours(village, make_agent(village), ("Département", 9, 12))
    make_agent(village, is_coordinator=True)
    make_agent(village, body="Hérault THD", is_coordinator=True)
    publish(village)
    assert count() == few


def test_the_worker_is_anybody_s_and_reaches_the_page_alone(app: Flask) -> None:
    answer = app.test_client().get("/planning/service-worker.js")
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Service-Worker-Allowed"] == "/planning"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "connect-src 'self'" in answer.headers["Content-Security-Policy"]
    answer.close()


def test_the_page_itself_is_kept_by_no_cache_of_the_network(
    client: PageClient, agnes: Agent
) -> None:
    assert client.get("/planning").headers["Cache-Control"] == "no-store"


def test_the_feed_is_that_of_the_agent(client: PageClient, village: Village, agnes: Agent) -> None:
    hours(village, agnes, ("Département", 9, 11))
    publish(village)
    page = words_of(client)
    assert f"/planning/{agnes.calendar_token}.ics" in page
    others = current_session().scalars(select(Agent.calendar_token).where(Agent.id != agnes.id))
    assert not [item for item in others if item in page]
