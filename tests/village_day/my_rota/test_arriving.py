"""« Je suis arrivé(e) », when it is time."""

from datetime import timedelta

import pytest

from salon.platform.database.db import transaction
from salon.platform.settings.clock import now
from salon.staffing.models import (
    Agent,
)
from tests.pages import PageClient
from tests.staffing.make import Village, publish
from tests.village_day.my_rota.pages import hold, hours, words_of


@pytest.mark.parametrize(
    ("before", "word", "offered"),
    [
        (timedelta(minutes=-5), "Maintenant", True),
        (timedelta(minutes=25), "Dans 25 min", True),
        (timedelta(minutes=-120), "C’est fini", False),
    ],
)
def test_the_button_is_there_when_it_is_time(
    client: PageClient,
    village: Village,
    agnes: Agent,
    before: timedelta,
    word: str,
    offered: bool,
) -> None:
    hours(village, agnes, ("Département", 9, 11))
    publish(village)
    hold(agnes, before, timedelta(hours=1))
    page = words_of(client)
    cards = page.partition('id="ma-liste"')[0].split('<div class="now ')[1:]
    (shown,) = [card for card in cards if not card.partition(">")[0].endswith(" hidden")]
    assert word in shown
    assert ("Je suis arrivée" in shown) is offered


def test_a_tap_notes_my_arrival_and_the_page_says_it(
    client: PageClient, village: Village, agnes: Agent
) -> None:
    hours(village, agnes, ("Département", 9, 11))
    publish(village)
    shift = hold(agnes, timedelta(minutes=-5), timedelta(hours=1))
    for _ in range(2):
        answer = client.fill("/planning", to=f"/planning/vacations/{shift.id}/arrivee")
        assert answer.headers["Location"] == "/planning"
    assert "Arrivée notée à" in words_of(client)


def test_who_was_noted_absent_may_say_that_she_came(
    client: PageClient, village: Village, agnes: Agent
) -> None:
    hours(village, agnes, ("Département", 9, 11))
    publish(village)
    shift = hold(agnes, timedelta(minutes=-15), timedelta(hours=1))
    with transaction(shift):
        shift.absent_at = now()
    assert "On vous a notée absente." in words_of(client)
    client.fill("/planning", to=f"/planning/vacations/{shift.id}/arrivee")
    assert "Arrivée notée à" in words_of(client)


def test_a_shift_noted_absent_was_not_held(
    client: PageClient, village: Village, agnes: Agent
) -> None:
    hours(village, agnes, ("Département", 9, 11))
    publish(village)
    shift = hold(agnes, timedelta(minutes=-120), timedelta(hours=1))
    assert "Vous avez tenu 1 vacation" in words_of(client)
    with transaction(shift):
        shift.absent_at = shift.starts_at
    page = words_of(client)
    assert "C’est fini" in page
    assert "Vous avez tenu" not in page
