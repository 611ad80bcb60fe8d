"""What was promised at meetings: sent to each visitor, recalled to the agent, noted as done."""

from collections.abc import Collection, Sequence
from datetime import datetime

from salon.appointments.actions import AppointmentAction
from salon.appointments.models import Appointment, NextStep
from salon.appointments.queries.promises import appointments_to_send, steps_to_recall
from salon.appointments.services.messages import message_context, notify_agent, post_to_visitor
from salon.appointments.services.placing import lock_appointments
from salon.appointments.services.settings import get_or_create_settings
from salon.fair.models import Edition
from salon.fair.queries import live_editions
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.journal import write_entry
from salon.platform.words.formats import short_day


def send_promises(act: FairAct, body_ids: Collection[int] | None) -> Sequence[Appointment]:
    """Send each visitor what was promised at the meeting, once; return the appointments.

    `body_ids`: of agents of these bodies, None for all.
    """
    with act.transaction(get_or_create_settings(act.edition)) as session:
        appointments = appointments_to_send(act.edition, body_ids)
        lock_appointments(session, [appointment.id for appointment in appointments])
        for appointment in appointments:
            appointment.agreed_told_at = act.now
            steps = [_words_of(step) for step in appointment.steps]
            post_to_visitor(
                session,
                "appointment_agreed",
                appointment,
                about=f"appointment:{appointment.id}",
                appointment_id=appointment.id,
                appointment=message_context(appointment),
                steps=steps,
            )
            write_entry(
                session, act.actor, AppointmentAction.AGREED_SENT, f"appointment:{appointment.id}"
            )
    return appointments


def note_done(act: Act, step: NextStep, is_done: bool) -> None:
    """Note that a promise is done, or is not after all. Idempotent."""
    with act.transaction(step) as session:
        if (step.done_at is not None) == is_done:
            return
        step.done_at = act.now if is_done else None
        action = AppointmentAction.STEP_DONE if is_done else AppointmentAction.STEP_REOPENED
        write_entry(session, act.actor, action, f"appointment:{step.appointment_id}")


def recall_promises(now: datetime) -> int:
    """Recall to their agents the promises due by today, each once; return how many."""
    return sum(_recall_in(edition, now) for edition in live_editions())


def _recall_in(edition: Edition, now: datetime) -> int:
    due = steps_to_recall(edition, now)
    if not due:
        return 0
    with transaction(*due) as session:
        steps = [step for step in due if step.recalled_at is None and step.done_at is None]
        for step in steps:
            step.recalled_at = now
            promise = _words_of(step)
            notify_agent(session, "promise_due", step.appointment, promise=promise)
    return len(steps)


def _words_of(step: NextStep) -> dict[str, str]:
    what = f"{step.kind.label}, {step.words}" if step.words else step.kind.label
    due = short_day(step.due_on) if step.due_on else ""
    return {"what": what, "owner": step.owner, "due": due}
