"""What a calm board says, and which shifts an agent may exchange."""

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.staffing.models import ShiftStatus
from salon.village_day.presenters.day import board_of
from salon.village_day.queries.day import read_day
from salon.village_day.queries.my_rota import exchangeable_shifts
from salon.village_day.services.day import note_arrival
from tests.staffing.make import (
    ORGANISER,
    make_agent,
    make_needs,
    make_village,
    publish,
    put,
    shifts,
)


def test_a_calm_board_promises_cover_only_where_agents_are_expected(
    app: Flask, edition: Edition
) -> None:
    village = make_village(edition)
    make_needs(village)
    agent = make_agent(village)
    put(village, agent, village.wanted("Département", (9, 0), (11, 0)))
    publish(village)
    note_arrival(
        Act(ORGANISER, village.at(8, 50)), shifts(agent, ShiftStatus.PUBLISHED)[0].id, "tap"
    )
    words = {
        hour: board_of(read_day(edition, village.at(hour)), None).calm_words for hour in (8, 10, 19)
    }
    assert words == {
        8: "Aucun agent n’est attendu en ce moment.",
        10: "Tous les agents attendus sont là, et chaque stand est tenu pour les "
        "20\u00a0minutes qui viennent.",
        19: "Toutes les vacations du jour sont finies.",
    }


@pytest.mark.parametrize(
    ("stands", "start", "count"),
    [
        (("SDIS 34",), (9, 0), 0),  # may not hold the agent's own stand
        (("Département",), (9, 0), 0),  # the same hours on the same stand change nothing
        (("Département",), (14, 0), 1),
        (("Département", "SDIS 34"), (14, 0), 1),
    ],
)
def test_an_exchange_is_offered_where_each_may_hold_the_others_stand(
    app: Flask, edition: Edition, stands: tuple[str, ...], start: tuple[int, int], count: int
) -> None:
    village = make_village(edition)
    agent, colleague = make_agent(village), make_agent(village, stands=stands)
    put(village, agent, village.wanted("Département", (9, 0), (11, 0)))
    put(village, colleague, village.wanted(stands[0], start, (start[0] + 2, 0)))
    publish(village)
    assert len(exchangeable_shifts(agent, village.at(8))) == count
    assert exchangeable_shifts(agent, village.at(9)) == set()
