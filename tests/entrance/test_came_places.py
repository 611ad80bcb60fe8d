"""Who came, by commune: also those from where nobody has come yet."""

from salon.badges.services import cancel_attendee
from salon.entrance.queries.came_places import count_by_commune
from salon.fair.models import Edition
from salon.platform.database.identity import SYSTEM
from tests.appointments.make import make_visitor
from tests.factories import act_in


def test_a_commune_is_listed_as_soon_as_somebody_is_registered(edition: Edition) -> None:
    make_visitor(edition, commune="34160")
    cancelled = make_visitor(edition, commune="34255")
    cancel_attendee(act_in(edition, SYSTEM), cancelled.id)
    rows = count_by_commune(edition, edition.starts_at)
    assert [(row.code, row.registered, row.came, row.inside) for row in rows] == [
        ("34160", 1, 0, 0)
    ]
