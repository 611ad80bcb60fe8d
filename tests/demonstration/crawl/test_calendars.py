"""Every calendar that a person of the demonstration takes."""

from icalendar import Calendar

from tests.demonstration.crawl.visits import Crawl


def test_every_calendar_has_a_name_and_every_event_an_organiser(
    everywhere: dict[str, Crawl],
) -> None:
    count = 0
    for crawl in everywhere.values():
        for visit in crawl.visits.values():
            if visit.mimetype != "text/calendar":
                continue
            calendar = Calendar.from_ical(visit.content)
            assert calendar["name"] == calendar["x-wr-calname"], visit.address
            events = calendar.walk("VEVENT")
            assert events, visit.address
            for event in events:
                assert str(event["organizer"]).startswith("mailto:"), visit.address
                assert event["organizer"].params["cn"], visit.address
            count += 1
    assert count >= 6
