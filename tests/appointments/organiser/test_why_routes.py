"""Why a time is offered or not, agent by agent."""

import pytest
from flask import Flask

from salon.fair.models import Edition
from tests.appointments.make import Fair, book, make_fair
from tests.appointments.organiser.pages import (
    BOARD,
    coordinator_of,
    fall_ill,
    go_to,
    organiser_of,
    page_of,
    spaced,
)
from tests.tables import each

WHY = f"{BOARD}/pourquoi"


@pytest.fixture
def fair(app: Flask, edition: Edition, monkeypatch: pytest.MonkeyPatch) -> Fair:
    fair = make_fair(edition, agents={"Département": 2, "SDIS 34": 1})
    go_to(monkeypatch, fair, 9, 30)
    return fair


def test_each_agent_has_their_reason(app: Flask, fair: Fair) -> None:
    ill, present_agent = fair.agents["Département"]
    book(fair, at=fair.at(10), agent=present_agent)
    fall_ill(ill, fair)
    client = organiser_of(app)
    page = page_of(client, f"{WHY}?theme={fair.theme_id()}&heure=10h10")
    assert "À 10 h 10, personne n’est offert" in page
    assert "n’est pas sur un stand pendant tout ce temps" in page
    assert "a déjà un rendez-vous, ou sort d’un autre" in page
    later = page_of(client, f"{WHY}?theme={fair.theme_id()}&heure=11h")
    assert "À 11 h, 1 agent offert" in later
    assert "dure 20 minutes" in later
    assert f"Les heures de {spaced(present_agent.polite_name)}" in later


def test_without_an_hour_the_day_alone_is_shown(app: Flask, fair: Fair) -> None:
    page = page_of(organiser_of(app), WHY)
    assert "La journée du thème" in page
    assert "l’heure est passée, ou trop proche" in page


@each("query", ["theme=999999", "theme=x", "jour=2001-01-01", "heure=25h", "heure=10h03"])
def test_what_does_not_exist_is_not_found(app: Flask, fair: Fair, query: str) -> None:
    assert organiser_of(app).get(f"{WHY}?{query}").status_code == 404


def test_a_coordinator_asks_about_their_own_themes(app: Flask, fair: Fair) -> None:
    client = coordinator_of(app, fair, "SDIS 34")
    assert client.get(f"{WHY}?theme={fair.theme_id('SDIS 34')}").status_code == 200
    assert client.get(f"{WHY}?theme={fair.theme_id()}").status_code == 404
