"""The person on whose behalf a request is made: a badge holder, or an appointment's agent."""

from dataclasses import dataclass

from flask import session

from salon.appointments.models import Appointment
from salon.appointments.queries.meetings import get_visible_appointment
from salon.badges.models import Attendee, AttendeeStatus, Badge
from salon.badges.queries import find_badge_by_token
from salon.fair.access import get_request_edition
from salon.fair.models import Edition
from salon.platform.database.identity import Role
from salon.platform.web.access import actor
from salon.staffing.access import own_agent
from salon.staffing.models import Agent


@dataclass(frozen=True)
class AppointmentAccess:
    """The appointments that a signed-in person may open.

    `agent`: an agent opens those of their body; None: an organiser opens all.
    """

    edition: Edition
    agent: Agent | None

    def get(self, appointment_id: int) -> Appointment:
        """Return an appointment within this access. Raises NoResultFound."""
        return get_visible_appointment(self.edition, self.agent, appointment_id)


def own_appointment_access() -> AppointmentAccess:
    """Return the access of the signed-in organiser or agent.

    An account without an agent at this edition gets a 404.
    """
    if actor().role == Role.ORGANISER:
        return AppointmentAccess(get_request_edition(), None)
    agent = own_agent()
    return AppointmentAccess(agent.edition, agent)


BADGE = "visitor_badge"


def remember_badge(badge: Badge) -> None:
    """Take appointments in the name of this badge's holder from this browser, from now on."""
    session[BADGE] = badge.private_token


def forget_badge() -> None:
    """Forget the badge of this browser."""
    session.pop(BADGE, None)


def find_badge_holder(edition: Edition) -> Attendee | None:
    """Return the holder of this browser's badge, or None unless it is valid at this edition."""
    token = session.get(BADGE)
    badge = find_badge_by_token(token) if isinstance(token, str) else None
    if badge is None or not badge.is_valid or badge.edition_id != edition.id:
        return None
    return badge.attendee if badge.attendee.status == AttendeeStatus.REGISTERED else None
