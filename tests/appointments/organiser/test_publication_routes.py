"""Before a change of the rota is made, the page shows its effects on appointments."""

import json
import re

import pytest
from flask import Flask

from salon.appointments.services.booking import cancel_appointment
from salon.fair.models import Edition
from salon.platform.database.act import Act
from tests.appointments.make import PUBLIC, Fair, book, make_fair
from tests.appointments.organiser.pages import coordinator_of, organiser_of, page_of, spaced
from tests.pages import PageClient
from tests.staffing.make import put
from tests.statements import statements

PUBLICATION = "/organisation/village/publication"
GRID = "/organisation/village/planning"
LOST = "rendez-vous perdrait son agent"


@pytest.fixture
def fair(app: Flask, edition: Edition) -> Fair:
    return make_fair(edition, agents={"Département": 2})


def shorten(fair: Fair, number: int = 0) -> None:
    """An agent's draft loses everything but the afternoon."""
    agent = fair.agents["Département"][number]
    put(fair.village, agent, fair.village.wanted("Département", (13, 0), (17, 0)))


def test_the_publication_names_the_appointments_that_it_would_orphan(
    app: Flask, fair: Fair
) -> None:
    first, _ = fair.agents["Département"]
    appointment = book(fair, at=fair.at(10), agent=first)
    book(fair, at=fair.at(14), agent=first)
    lost_appointment = book(fair, at=fair.at(11), agent=first)
    cancel_appointment(Act(PUBLIC, fair.before), lost_appointment)
    client = organiser_of(app)
    assert LOST not in page_of(client, PUBLICATION)
    shorten(fair)
    page = page_of(client, PUBLICATION)
    assert f"1 {LOST}" in page
    assert "10 h – 10 h 20" in page
    assert appointment.attendee.on_behalf_of in page
    assert page.index(LOST) < page.index("Publier la version")
    assert 'href="/organisation/rendez-vous/sauvetage"' in page


def test_shifts_that_follow_one_another_hold_an_appointment(app: Flask, fair: Fair) -> None:
    first, _ = fair.agents["Département"]
    book(fair, at=fair.at(9, 50), agent=first)
    shift = fair.village.wanted
    put(
        fair.village,
        first,
        shift("Département", (9, 0), (10, 0)),
        shift("Département", (10, 0), (11, 0)),
    )
    assert LOST not in page_of(organiser_of(app), PUBLICATION)
    put(fair.village, first, shift("Département", (9, 0), (10, 0)))
    assert f"1 {LOST}" in page_of(organiser_of(app), PUBLICATION)


def test_a_coordinator_reads_those_of_their_own_agents(app: Flask, fair: Fair) -> None:
    book(fair, at=fair.at(10), agent=fair.agents["Département"][0])
    shorten(fair)
    assert f"1 {LOST}" in page_of(coordinator_of(app, fair, "Département"), PUBLICATION)
    assert LOST not in page_of(coordinator_of(app, fair, "SDIS 34"), PUBLICATION)


def test_it_is_one_read_whatever_the_agents(app: Flask, fair: Fair) -> None:
    for agent in fair.agents["Département"]:
        book(fair, at=fair.at(10), agent=agent)
    client = organiser_of(app)

    def read() -> int:
        with statements() as sent_statements:
            page_of(client, PUBLICATION)
        return len(sent_statements)

    shorten(fair)
    number = read()
    shorten(fair, 1)
    assert read() == number


def breaks(client: PageClient) -> list[str]:
    """Return the appointments that the rows of the grid break, in words."""
    page = client.get(GRID).get_data(as_text=True)
    match = re.search(r'id="rota-state">(.*?)</script>', page, re.DOTALL)
    assert match
    rows = json.loads(match[1])["rows"]
    return [spaced(item["words"]) for row in rows for item in row["breaks"]]


def test_the_grid_says_at_once_which_appointment_a_move_loses(app: Flask, fair: Fair) -> None:
    book(fair, at=fair.at(10, 15), agent=fair.agents["Département"][0])
    words = "Un rendez-vous à 10 h 15 perd son agent"
    client = organiser_of(app)
    assert words not in breaks(client)
    shorten(fair)
    assert breaks(client).count(words) == 1
    assert words in page_of(client, GRID)
    assert words not in breaks(coordinator_of(app, fair, "SDIS 34"))
