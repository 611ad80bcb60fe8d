"""Minutes on foot between halls."""

from salon.fair.engine.walking import walks_to
from salon.fair.models import Hall


def test_halls_are_told_from_the_nearest() -> None:
    def hall(number: int, x: float) -> Hall:
        return Hall(id=number, name=str(number), width=10, depth=10, x=x, y=0)

    halls = [hall(1, 0), hall(2, 60), hall(3, 130), hall(4, 65)]
    assert walks_to(halls[0], halls) == [(1, ["2", "4"]), (2, ["3"])]
    assert walks_to(halls[0], halls[:1]) == []
