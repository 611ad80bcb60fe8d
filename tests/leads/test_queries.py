"""A stand's contacts, filtered and sorted."""

from datetime import date, timedelta

import pytest

from salon.exhibitors.models import Exhibitor
from salon.fair.models import Edition
from salon.leads.models import Interest
from salon.leads.queries.leads import LeadFilter, leads_page, lines_of
from salon.platform.database.db import transaction
from salon.platform.pages.lists.listing import PageRequest
from tests.entrance.people import make_badge
from tests.leads.make import AT, give, read

DAY = date(2026, 10, 8)


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", ["Cazals", "Sicard", "Auriac"]),
        ("met", ["Auriac", "Sicard", "Cazals"]),
        ("name", ["Cazals", "Sicard", "Auriac"]),
        ("interest", ["Auriac", "Cazals", "Sicard"]),
        ("follow_up", ["Sicard", "Auriac", "Cazals"]),
    ],
)
def test_contacts_are_sorted_those_who_share_nothing_last(
    edition: Edition, exhibitor: Exhibitor, sort: str, order: list[str]
) -> None:
    """Of the three met one after the other, the first shares nothing."""
    interests = list(Interest)
    rows = (
        ("Auriac", interests[0], DAY),
        ("Sicard", interests[2], DAY - timedelta(days=1)),
        ("Cazals", interests[1], None),
    )
    names = {}
    for minutes, (name, interest, follow_up_on) in enumerate(rows):
        at = AT + timedelta(minutes=minutes)
        lead = read(exhibitor, make_badge(edition, last_name=name), at, read_at=at)
        names[lead.id] = name
        if name != "Auriac":
            give(lead)
        with transaction(lead):
            lead.interest, lead.follow_up_on = interest, follow_up_on
    page = leads_page(lines_of(exhibitor.id), LeadFilter(), DAY, PageRequest(sort=sort))
    assert [names[line.id] for line in page.items] == order
