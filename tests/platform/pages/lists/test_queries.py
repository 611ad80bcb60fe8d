"""The order of each declared list, on SQLite and on PostgreSQL."""

from flask import Flask

from salon.appointments.queries.board import BOARD
from salon.badges.queries.people import ATTENDEES
from salon.billing.queries.ledger import MONEY
from salon.dashboard.queries.messages import MESSAGES
from salon.dashboard.queries.overview import JOURNAL
from salon.entrance.queries.conflicts import CONFLICTS
from salon.exhibitor_space.queries import DOCUMENTS
from salon.exhibitors.queries.review import REVIEW
from salon.fair.models import Edition
from salon.placement.queries.placement import PLACED
from salon.platform.database.identity import Role
from salon.platform.pages.lists.listing import Listing
from salon.staffing.queries.agents_list import AGENTS
from tests.factories import sign_in
from tests.statements import statements
from tests.tables import each

LISTS = {
    "/organisation/participants": ATTENDEES,
    "/organisation/a-verifier": CONFLICTS,
    "/organisation/rendez-vous": BOARD,
    "/organisation/courriels": MESSAGES,
    "/organisation/journal": JOURNAL,
    "/organisation/exposants": REVIEW,
    "/organisation/facturation": MONEY,
    "/organisation/documents": DOCUMENTS,
    "/organisation/placement/places": PLACED,
    "/organisation/village/agents": AGENTS,
}
FILES = ("participants", "rendez-vous", "journal", "exposants", "village/agents")


@each("path", LISTS)
def test_each_column_sorts_its_list_in_both_directions(
    app: Flask, edition: Edition, path: str
) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    listing: Listing = LISTS[path]
    for sort in (*listing.columns, *(f"-{key}" for key in listing.columns)):
        with statements() as sent_statements:
            assert organiser.get(f"{path}?sort={sort}").status_code == 200
        assert any("NULLS LAST" in statement for statement in sent_statements), sort


@each("name", FILES)
def test_the_file_of_a_list_follows_its_order(app: Flask, edition: Edition, name: str) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    path = f"/organisation/{name}"
    for sort in LISTS[path].columns:
        with statements() as sent_statements:
            answer = organiser.get(f"{path}.csv?sort=-{sort}&page=7")
            assert answer.get_data().startswith("\ufeff".encode())
        assert any("NULLS LAST" in statement for statement in sent_statements), sort
