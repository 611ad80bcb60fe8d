"""While the fair is postponed or cancelled, the pages that book say so instead."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from salon.appointments.access import find_badge_holder
from salon.appointments.queries.appointments import appointments_of_attendee
from salon.appointments.queries.visitors import entries_of_attendee
from salon.appointments.routes import blueprint
from salon.appointments.rules.booking import BookingSuspended, check_fair_has_a_date
from salon.fair.access import find_request_edition
from salon.fair.queries import themes_of
from salon.platform.settings.clock import now

BOOKING = frozenset(
    f"appointments.{view}"
    for view in (
        *("search", "topic", "theme", "hold_slot", "book_slot", "confirm_booking"),
        *("join_waiting", "move_appointment", "visit", "visit_pdf", "visit_ics", "book_all"),
    )
)
"""Public views that lead to a booking."""


@blueprint.before_request
def refuse_while_suspended() -> ResponseReturnValue | None:
    edition = find_request_edition() if request.endpoint in BOOKING else None
    if edition is None:
        return None
    try:
        check_fair_has_a_date(edition)
    except BookingSuspended as refusal:
        holder = find_badge_holder(edition)
        page = render_template(
            "appointments/suspended.html",
            message=refusal.message,
            badge_holder=holder,
            own=appointments_of_attendee(holder.id) if holder else [],
            waits=entries_of_attendee(holder.id) if holder else [],
            themes=themes_of(edition),
            moment=now(),
        )
        return page, 200 if request.method == "GET" else refusal.status
    return None
