"""Minutes on foot between halls, and between stands."""

from salon.fair.engine.walking import metres_between, minutes_between, stand_spot, walks_to
from salon.fair.models import Hall, Stand


def test_halls_are_told_from_the_nearest() -> None:
    def hall(number: int, x: float) -> Hall:
        return Hall(id=number, name=str(number), width=10, depth=10, x=x, y=0)

    halls = [hall(1, 0), hall(2, 60), hall(3, 130), hall(4, 65)]
    assert walks_to(halls[0], halls) == [(1, ["2", "4"]), (2, ["3"])]
    assert walks_to(halls[0], halls[:1]) == []


def test_between_stands_one_walks_from_middle_to_middle() -> None:
    hall = Hall(id=1, name="1", width=200, depth=80, x=30, y=40)

    def stand(x: float, y: float, width: float, depth: float) -> Stand:
        return Stand(hall=hall, x=x, y=y, width=width, depth=depth)

    # 66 m between the middles are a minute on foot at 4 km/h, 68 m are two.
    small, large = stand(10, 10, 2, 2), stand(40, 5, 20, 12)
    assert minutes_between(stand_spot(small), stand_spot(small)) == 0
    assert metres_between(stand_spot(small), stand_spot(large)) == 39
    assert minutes_between(stand_spot(small), stand_spot(stand(67, 0, 20, 22))) == 1
    assert minutes_between(stand_spot(small), stand_spot(stand(69, 0, 20, 22))) == 2
