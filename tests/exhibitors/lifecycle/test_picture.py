"""The picture of the documentation says what the table says."""

from salon.exhibitors.models import ApplicationStatus
from salon.exhibitors.rules.lifecycle import MOVES
from scripts.states_picture import BOX, CENTRES, PICTURE, picture


def test_the_picture_kept_is_the_one_that_the_table_draws() -> None:
    assert PICTURE.read_text() == picture(), "python scripts/states_picture.py"


def test_each_state_and_each_move_is_in_the_picture_once() -> None:
    text = picture()
    for status in ApplicationStatus:
        assert text.count(f'text-anchor="middle">{status.label}</text>') == 1
    for arrow in MOVES.values():
        assert text.count(f'<tspan font-weight="700">{arrow.label}</tspan>') == 1


def test_no_two_states_overlap() -> None:
    places = list(CENTRES.values())
    for rank, (x, y) in enumerate(places):
        for other_x, other_y in places[rank + 1 :]:
            assert abs(x - other_x) >= BOX[0] + 20 or abs(y - other_y) >= BOX[1] + 20
