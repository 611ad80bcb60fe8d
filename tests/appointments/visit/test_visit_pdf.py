"""Mon parcours on paper: every step is printed, whatever their number."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from salon.appointments.documents.visit_pdf import MOST_STEPS, pages_of, visit_page
from salon.appointments.engine.visit import Kind, Stop, VisitPlace
from salon.appointments.queries.visit import Visit, Wish
from salon.fair.models import Edition
from tests.platform.documents.structure import structure_of

OPENING = datetime(2026, 10, 1, 7, tzinfo=UTC)
ROOM = VisitPlace("Salle de conférence")


def make_stop(rank: int) -> Stop:
    starts_at = OPENING + rank * timedelta(minutes=10)
    return Stop(Kind.TALK, f"t{rank}", f"Étape-{rank:02}", ROOM, starts_at, starts_at)


@pytest.mark.parametrize("count", [1, 9, 10, 13, 17, MOST_STEPS, MOST_STEPS + 1, 47])
def test_no_step_is_lost_on_paper(edition: Edition, count: int) -> None:
    stops = [make_stop(rank) for rank in range(count)]
    visit = Visit(Wish((), OPENING, OPENING + timedelta(hours=9)), stops)
    pages = PdfReader(BytesIO(visit_page(visit, edition, "", "https://example.org/p"))).pages
    texts = [page.extract_text().replace("\u00a0", " ") for page in pages]
    printed = [
        [stop.title for stop in stops if f"\n{stop.title}\n" in f"\n{text}\n"] for text in texts
    ]
    assert [title for page in printed for title in page] == [stop.title for stop in stops]
    for number, text in enumerate(texts[:-1], start=1):
        overleaf = len(printed[number])
        assert f"+ {overleaf} étape{'s' if overleaf > 1 else ''} au verso" in text
    assert "au verso" not in texts[-1]


def test_a_visit_is_read_step_by_step(edition: Edition) -> None:
    stops = [make_stop(rank) for rank in range(MOST_STEPS + 1)]
    visit = Visit(Wish((), OPENING, OPENING + timedelta(hours=9)), stops)
    lines = structure_of(visit_page(visit, edition, "Anne Roque", "https://example.org/p"))
    titles = [words for _, kind, words in lines if kind == "H1"]
    assert titles == 2 * ["Mon parcours – Anne Roque"]
    steps = " ".join(words for _, kind, words in lines if kind == "TD")
    assert [stop.title for stop in stops] == re.findall(r"Étape-\d\d", steps)


def test_pages_are_as_full_as_each_other() -> None:
    steps = [(make_stop(rank), 0) for rank in range(MOST_STEPS + 2)]
    sizes = [len(page) for page in pages_of(steps)]
    assert sum(sizes) == MOST_STEPS + 2
    assert max(sizes) - min(sizes) <= 1
    assert pages_of([]) == [[]]
