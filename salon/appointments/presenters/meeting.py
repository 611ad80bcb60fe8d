"""The sheet of an appointment, and its account between form and service."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from salon.appointments.models import Appointment, AppointmentStatus, Outcome, StepKind
from salon.appointments.queries import meetings as queries
from salon.appointments.queries.settings import booking_of
from salon.appointments.services.meeting import Account, Funding, MeetingPromise
from salon.badges.models import Attendee
from salon.badges.models.labels import Need, printed_function
from salon.platform.pages.forms import SalonForm
from salon.platform.settings.clock import local
from salon.staffing.models import Agent

RURAL_SHARE, USUAL_SHARE = 80, 40
"""Highest aid of a rural commune and average aid, in percent of a cost."""
AMOUNTS = ("cost", "others", "aid")


@dataclass(frozen=True)
class Sheet:
    """The sheet of a meeting, which its agent reads before it and completes after it.

    `hidden`: how many registered people of the same place are not named.
    """

    appointment: Appointment
    needs: list[str]
    people: list[tuple[Attendee, str]]
    hidden: int
    meetings: list[Appointment]
    is_funding: bool
    is_the_day: bool
    can_be_missed: bool

    @property
    def is_held(self) -> bool:
        """Return whether the appointment takes place: neither cancelled nor to choose again."""
        inactive = (AppointmentStatus.CANCELLED, AppointmentStatus.TO_CHOOSE)
        return self.appointment.status not in inactive

    @property
    def can_write(self) -> bool:
        """Return whether its account may be written."""
        appointment = self.appointment
        begun = self.can_be_missed or appointment.arrived_at is not None
        return self.is_held and self.is_the_day and (begun or appointment.closed_at is not None)


def sheet_of(appointment: Appointment, reader: Agent | None, now: datetime) -> Sheet:
    """Return the sheet of an appointment; `reader` None: an organiser."""
    attendee = appointment.attendee
    people, hidden = queries.people_of_same_place(attendee)
    return Sheet(
        appointment,
        visible_needs(appointment, reader),
        [(person, function_of(person)) for person in people],
        hidden,
        list(queries.meetings_of_same_place(appointment)),
        booking_of(appointment.theme_id).is_funding,
        local(now).date() >= local(appointment.starts_at).date(),
        now >= appointment.starts_at,
    )


def visible_needs(appointment: Appointment, reader: Agent | None) -> list[str]:
    """Return the visitor's needs, only to the receiving agent and the organisers.

    The registration form promises that nobody else reads them.
    """
    if reader is not None and reader.id != appointment.agent_id:
        return []
    attendee = appointment.attendee
    needs = [Need(need).label for need in attendee.needs if need != Need.OTHER]
    return [*needs, *([attendee.needs_note] if attendee.needs_note else [])]


def function_of(attendee: Attendee) -> str:
    """Return the printed function: « Adjointe au maire »."""
    return printed_function(attendee.function, attendee.function_other, attendee.civility)


def account_values(appointment: Appointment, agent: Agent | None) -> dict[str, object]:
    """Return the values of the account's form, with an empty step when there is none."""
    owner = (agent or appointment.agent).full_name
    steps = [
        {"kind": step.kind.value, "words": step.words, "owner": step.owner, "due_on": step.due_on}
        for step in appointment.steps
    ]
    return {
        "version": str(appointment.version),
        "outcome": appointment.outcome.value if appointment.outcome else None,
        "note": appointment.note,
        "steps": steps or [{"owner": owner}],
        **appointment.funding,
    }


def account_from_form(form: SalonForm, is_funding: bool) -> Account:
    """Return the account in a valid form."""
    steps = [
        MeetingPromise(
            StepKind(line.kind.data), line.words.data or "", line.owner.data or "", line.due_on.data
        )
        for line in form.filled
    ]
    funding = None
    if is_funding:
        amounts = {name: getattr(form, name).data for name in AMOUNTS}
        funding = Funding(**amounts, funders=form.funders.data or "")
    return Account(Outcome(form.outcome.data), form.note.data or "", steps, funding)


def shares_of(funding: Mapping[str, Any]) -> tuple[int, int] | None:
    """Return (aid in percent of the cost, euros left to the commune), or None if unknown."""
    cost, aid = funding.get("cost"), funding.get("aid")
    if not cost or aid is None:
        return None
    return round(100 * aid / cost), cost - aid - (funding.get("others") or 0)
