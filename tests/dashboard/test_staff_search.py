"""People found by the search of the staff."""

from salon.badges.services import cancel_attendee
from salon.dashboard.queries.staff_search import Search, matching_attendees
from salon.fair.models import Edition
from salon.platform.database.identity import SYSTEM
from tests.appointments.make import make_visitor
from tests.factories import act_in


def test_who_is_cancelled_is_found_and_said_to_be(edition: Edition) -> None:
    registered = make_visitor(edition, last_name="Bastide")
    cancelled = make_visitor(edition, last_name="Bastidon")
    cancel_attendee(act_in(edition, SYSTEM), cancelled.id)
    matches = matching_attendees(Search(edition, "bastid", edition.starts_at))
    said = {match.title: match.detail.endswith(" (annulé)") for match in matches}
    assert said == {registered.full_name: False, cancelled.full_name: True}
