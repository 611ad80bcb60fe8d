"""Pages that each person of the demonstration sees: links lead somewhere, French is spelt."""

import re
from urllib.parse import urldefrag

from tests.demonstration.crawl.visits import Crawl, Visit
from tests.platform.words.typography.spelling import faults_of


def all_visits(everywhere: dict[str, Crawl]) -> dict[str, Visit]:
    """By address, whoever came."""
    return {
        address: visit for crawl in everywhere.values() for address, visit in crawl.visits.items()
    }


def test_every_link_that_a_person_sees_answers(everywhere: dict[str, Crawl]) -> None:
    for role, crawl in everywhere.items():
        dead = [
            f"{visit.status} {visit.address} on {visit.came_from}"
            for visit in crawl.visits.values()
            if visit.status >= 400
        ]
        assert dead == [], role


def test_every_fragment_is_in_its_page(everywhere: dict[str, Crawl]) -> None:
    for role, crawl in everywhere.items():
        visits = all_visits({"public": everywhere["nobody"], role: crawl})
        lost = set()
        for visit in crawl.visits.values():
            for link in visit.links:
                address, fragment = urldefrag(link)
                target = visits.get(address)
                # That of a PDF tells its reader how to open it (RFC 8118).
                is_page = target is not None and target.mimetype == "text/html"
                if fragment and is_page and fragment not in target.names:
                    lost.add(f"{link} on {visit.address}")
        assert lost == set(), role


def test_no_tag_shows_in_the_words_of_a_page(everywhere: dict[str, Crawl]) -> None:
    """An address in angle brackets, as a header holds it (RFC 8288), is no tag."""
    tags = {
        visit.address: shown
        for visit in all_visits(everywhere).values()
        if (shown := re.findall(r"</?[a-z]+(?!:)\b[^<>]*>", visit.words))
    }
    assert tags == {}


def test_french_is_spelt_on_every_page(everywhere: dict[str, Crawl]) -> None:
    faults = {
        visit.address: misspelt
        for visit in all_visits(everywhere).values()
        if (misspelt := faults_of(visit.words))
    }
    assert faults == {}
