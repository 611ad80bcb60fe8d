"""Which appointments the signed-in person may read and note."""

from dataclasses import dataclass

from salon.appointments.models import Appointment
from salon.appointments.queries.meetings import get_visible_appointment
from salon.fair.models import Edition
from salon.fair.queries import get_current_edition
from salon.platform.access import actor
from salon.platform.identity import Role
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
        return AppointmentAccess(get_current_edition(), None)
    agent = own_agent()
    return AppointmentAccess(agent.edition, agent)
