"""The stand of an offered time: the theme's own first, another one only when it is written."""

import re
from datetime import datetime

import pytest

from salon.fair.models import Edition
from tests.appointments.make import Fair, book, make_fair, make_visitor
from tests.pages import PageClient
from tests.staffing.make import make_agent, make_needs, publish, put

HOME, OTHER = "Département", "SDIS 34"


@pytest.fixture
def fair(edition: Edition) -> Fair:
    """One agent on the theme's stand from 9 to 12; a second one, who answers the theme too, on
    another stand from 9 to 14."""
    fair = make_fair(edition, agents={HOME: 1})
    elsewhere = make_agent(fair.village, stands=(OTHER,))
    make_needs(fair.village, body=OTHER, start=(9, 0), end=(14, 0), minimum=0)
    put(fair.village, elsewhere, fair.village.wanted(OTHER, (9, 0), (14, 0)))
    home = fair.agents[HOME][0]
    put(fair.village, home, fair.village.wanted(HOME, (9, 0), (12, 0)))
    publish(fair.village)
    return fair


def labels(page: str) -> dict[str, str]:
    """Return the stand written on each button, by its time."""
    buttons = re.findall(r'name="starts_at" value="([^"]+)">(.*?)</button>', page, re.DOTALL)
    return {
        starts_at: match[1] if (match := re.search(r"stand&nbsp;(\w+)", words)) else ""
        for starts_at, words in buttons
    }


def test_each_time_says_the_stand_that_will_receive(client: PageClient, fair: Fair) -> None:
    theme = fair.village.themes[HOME]
    page = client.get(f"/rendez-vous/themes/{theme.slug}").text
    written = labels(page)
    own = fair.village.bodies[HOME].stand.number
    other_number = fair.village.bodies[OTHER].stand.number
    assert {"", other_number} == set(written.values())
    for starts_at, label in written.items():
        appointment = book(fair, at=datetime.fromisoformat(starts_at))
        assert appointment.stand.number == (label or own), starts_at


def test_the_own_stand_is_first_even_when_its_agent_is_more_taken(fair: Fair) -> None:
    first = book(fair, at=fair.at(9))
    second = book(fair, at=fair.at(10))
    own = fair.village.bodies[HOME].stand_id
    assert [first.stand_id, second.stand_id] == [own, own]
    assert book(fair, at=fair.at(10)).stand_id == fair.village.bodies[OTHER].stand_id


def test_a_move_names_the_stand_before_it_is_confirmed(client: PageClient, fair: Fair) -> None:
    own = fair.village.bodies[HOME].stand
    other_stand = fair.village.bodies[OTHER].stand
    path = f"/rendez-vous/{book(fair, at=fair.at(9)).private_token}/deplacer"
    for hour, stand in ((10, own), (13, other_stand)):
        answer = client.fill(path, starts_at=fair.at(hour).isoformat(), agent="")
        assert (
            f"On vous reçoit alors au stand {stand.number}, hall {stand.hall.name}." in answer.text
        )


def test_the_hours_counted_are_those_that_can_be_chosen(client: PageClient, fair: Fair) -> None:
    visitor = make_visitor(fair.edition)
    path = f"/rendez-vous/{book(fair, visitor=visitor, at=fair.at(9)).private_token}/deplacer"
    book(fair, visitor=visitor, at=fair.at(11))
    page = client.get(path).text
    assert "times__present" in page
    assert "times__busy" in page
    counts = re.findall(r'part__count">(\d+)', page)
    assert sum(map(int, counts)) == len(labels(page))
