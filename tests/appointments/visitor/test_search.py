"""From a need in plain words to the times of a theme."""

import pytest
from sqlalchemy import select

from salon.appointments.engine.needs import matching_themes, matching_topics
from salon.appointments.models import ThemeBooking, Topic, TopicTheme
from salon.fair.models import Edition, PartnerBody, Theme
from salon.platform.database.db import transaction
from tests.appointments.make import Fair, book, make_fair, make_visitor
from tests.appointments.visitor.browsing import choose, show_badge, slug_of
from tests.factories import make_edition
from tests.pages import PageClient
from tests.staffing.make import make_village


def make_topic(fair: Fair, *bodies: str, name: str, words: str = "") -> Topic:
    with transaction() as session:
        topic = Topic(edition_id=fair.edition.id, slug=name.lower(), name=name, words=words, rank=1)
        topic.links = [TopicTheme(theme_id=fair.theme_id(body)) for body in bodies]
        session.add(topic)
    return topic


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FUITE", ["L’eau"]),
        ("une fuite d’eau dans le réseau", ["L’eau"]),
        ("ecoles", ["L’école"]),
        ("Réfection de la toiture de l'école", ["L’école"]),
        ("réseau", ["L’eau", "La fibre"]),
        ("zzz", []),
        ("les", []),
        ("%_'\"<b>", []),
        ("", []),
    ],
)
def test_a_need_in_plain_words_finds_its_topics(text: str, expected: list[str]) -> None:
    topics = [
        Topic(name="L’eau", words="fuite réseau captage"),
        Topic(name="L’école", words="toiture cantine"),
        Topic(name="La fibre", words="débit réseau"),
    ]
    assert [matching_topic.name for matching_topic in matching_topics(topics, text)] == expected


def test_a_theme_is_found_by_its_body() -> None:
    caue = PartnerBody(short_name="CAUE 34")
    themes = [Theme(name="Conseil d’architecte", body=caue), Theme(name="Aides", body=caue)]
    assert matching_themes(themes, "architecte caue") == themes[:1]
    assert matching_themes(themes, "caue") == themes


def test_the_first_page_leads_to_topics_and_the_search_answers(
    client: PageClient, edition: Edition
) -> None:
    fair = make_fair(edition, agents={"Département": 1, "SDIS 34": 1})
    make_topic(fair, "Département", name="Eau", words="fuite")
    make_topic(fair, "Département", "SDIS 34", name="Feu", words="débroussaillement")
    page = client.get("/rendez-vous").text
    assert f'href="/rendez-vous/themes/{slug_of(fair)}"' in page
    assert 'href="/rendez-vous/besoins/feu"' in page
    text = client.get("/rendez-vous?q=Débroussaillement").text
    assert "1\u00a0réponse pour" in text
    empty_page = client.get("/rendez-vous?q=<script>zzz").text
    assert "Rien pour «&nbsp;&lt;script&gt;zzz&nbsp;»" in empty_page
    assert "Les stands du village" in empty_page


def test_without_topics_the_stands_of_the_village_come_next(
    client: PageClient, edition: Edition
) -> None:
    village = make_village(edition)
    with transaction() as session:
        for theme in village.themes.values():
            session.delete(theme)
    page = client.get("/rendez-vous").text
    assert "<h2>Les stands du village</h2>" in page
    assert "<h3" not in page[: page.index("<footer")]


def test_a_topic_of_several_themes_asks_which_and_one_of_one_theme_leads_on(
    client: PageClient, edition: Edition
) -> None:
    fair = make_fair(edition, agents={"Département": 1, "SDIS 34": 1})
    make_topic(fair, "Département", name="Eau")
    make_topic(fair, "Département", "SDIS 34", name="Feu")
    page = client.get("/rendez-vous/besoins/feu").text
    assert "2\u00a0services répondent" in page
    assert client.get("/rendez-vous/besoins/eau").location.endswith(slug_of(fair))
    assert client.get("/rendez-vous/besoins/rien").status_code == 404


def test_who_has_a_badge_sees_their_appointments_first(
    client: PageClient, edition: Edition
) -> None:
    fair, visitor = make_fair(edition), make_visitor(edition)
    appointment = book(fair, at=fair.at(9), visitor=visitor)
    assert appointment.private_token not in client.get("/rendez-vous").text
    show_badge(client, visitor)
    assert f"/rendez-vous/{appointment.private_token}" in client.get("/rendez-vous").text


def test_times_are_by_part_of_the_day_and_by_agent(client: PageClient, edition: Edition) -> None:
    fair = make_fair(edition)
    first, second = fair.agents["Département"]
    path = f"/rendez-vous/themes/{slug_of(fair)}"
    page = client.get(path).text
    assert "Matin" in page
    assert "Après-midi" in page
    assert f'value="{fair.at(9).isoformat()}"' in page
    only = client.get(f"{path}?agent={first.id}&partie=afternoon").text
    assert f'value="{fair.at(9).isoformat()}"' not in only
    assert f'name="agent" value="{first.id}"' in only
    book(fair, at=fair.at(9), agent=second)
    assert f'value="{fair.at(9).isoformat()}"' in client.get(path).text
    alone = client.get(f"{path}?agent={second.id}").text
    assert f'value="{fair.at(9).isoformat()}"' not in alone


def test_a_foreign_agent_and_an_unknown_theme_are_no_page(
    client: PageClient, edition: Edition
) -> None:
    fair = make_fair(edition, agents={"Département": 1, "SDIS 34": 1})
    path = f"/rendez-vous/themes/{slug_of(fair)}"
    foreign = fair.agents["SDIS 34"][0].id
    for address in (f"{path}?agent={foreign}", f"{path}?agent=99999999999", f"{path}-x"):
        assert client.get(address).status_code == 404, address
    assert choose(client, fair, fair.at(9), agent=str(foreign)).status_code == 404


def test_a_closed_theme_sends_to_the_stand_and_a_full_one_to_the_list(
    client: PageClient, edition: Edition
) -> None:
    fair = make_fair(edition, agents={"Département": 1}, kept_free=1)
    path = f"/rendez-vous/themes/{slug_of(fair)}"
    full = client.get(path).text
    assert "Toutes les heures sont prises" in full
    assert "M’inscrire sur la liste d’attente" in full
    with transaction() as session:
        statement = select(ThemeBooking).where(ThemeBooking.theme_id == fair.theme_id())
        session.scalars(statement).one().is_open = False
    closed = client.get(path).text
    assert "on vous reçoit sans rendez-vous" in closed
    assert "/file" in closed
    assert "retenir" not in closed


def test_before_any_edition_there_is_nothing_to_book(client: PageClient) -> None:
    assert client.get("/rendez-vous").status_code == 404
    make_edition()
    assert client.get("/rendez-vous").status_code == 200
