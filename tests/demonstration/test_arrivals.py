"""The board of the day at the moments of the demonstration, as its clock jumps to and fro."""

import pytest
from flask import Flask

from salon.demonstration.services import jump_to
from salon.fair.queries import get_public_edition
from salon.platform.database.db import current_session
from salon.platform.settings.clock import now
from salon.village_day.presenters.day import Board, board_of
from salon.village_day.queries.day import read_day


def look(moment: str) -> Board:
    assert jump_to(moment) is not None
    current_session().rollback()
    return board_of(read_day(get_public_edition(), now()), None)


@pytest.mark.parametrize("moment", ["opening", "morning"])
def test_nearly_all_are_there_and_each_shortage_has_a_remedy(app: Flask, moment: str) -> None:
    board = look(moment)
    assert (len(board.late), len(board.to_fill)) == (1, 1)
    assert board.present == board.expected - 2 >= 8
    assert 1 <= len(board.shorts) <= 2
    assert all(shortage.offers for shortage in board.shorts)


def test_a_jump_back_takes_back_what_had_come_later(app: Flask) -> None:
    assert look("evening").expected == 0
    first = look("morning")
    eve = look("eve")
    assert not eve.day.is_today
    assert all(shift.arrived_at is None and shift.absent_at is None for shift in eve.day.shifts)
    second_counts = look("morning")
    assert (second_counts.present, second_counts.expected) == (first.present, first.expected)
    assert [item.agent.id for item in second_counts.late] == [item.agent.id for item in first.late]
