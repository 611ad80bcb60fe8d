"""Rows on pages: nothing lost, nothing twice, no heading alone at a foot."""

from hypothesis import given
from hypothesis import strategies as st

from salon.paper.engine.paging import Group, Heading, paged

sizes = st.lists(st.integers(1, 40), max_size=20)


@given(sizes, st.integers(30, 200))
def test_rows_keep_their_order_and_fit(counts: list[int], room: int) -> None:
    groups = [
        Group(str(place), [(place, row) for row in range(n)]) for place, n in enumerate(counts)
    ]
    pages = paged(groups, room, 12, lambda row: 10)
    rows = [item for page in pages for item in page if not isinstance(item, Heading)]
    assert rows == [row for group in groups for row in group.rows]
    for page in pages:
        assert sum(12 if isinstance(item, Heading) else 10 for item in page) <= room
        assert isinstance(page[0], Heading)
        assert not isinstance(page[-1], Heading)


def test_a_group_that_goes_on_says_so() -> None:
    pages = paged([Group("A", [1, 2, 3])], 32, 12, lambda row: 10)
    assert pages == [[Heading("A"), 1, 2], [Heading("A", "", True), 3]]


def test_a_row_higher_than_a_page_has_its_own() -> None:
    pages = paged([Group("A", [50, 10])], 40, 12, float)
    assert [page[1:] for page in pages] == [[50], [10]]


def test_nothing_makes_no_page() -> None:
    assert paged([], 40, 12, float) == []
