"""Rules of recording a meeting. Times are the fair's."""

from collections.abc import Sequence
from datetime import date, datetime

from salon.appointments.models import Appointment, AppointmentStatus
from salon.platform.settings.clock import local
from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import hour

MOST_STEPS = 6
LONGEST_NOTE = 2_000
MOST_EUROS = 999_999_999


class NotHeld(RuleBroken):
    message = "Ce rendez-vous est annulé, ou attend une autre heure\u00a0: il n’y a rien à noter."


class NotTheDay(RuleBroken):
    message = "Ce rendez-vous n’est pas pour aujourd’hui\u00a0: rien ne se note encore."


class AlreadyClosed(RuleBroken):
    message = "Ce rendez-vous est déjà noté comme terminé."


class TooEarlyToMiss(RuleBroken):
    def __init__(self, starts_at: datetime) -> None:
        super().__init__(
            f"«\u00a0Pas là\u00a0» se note à partir de {hour(starts_at)}, l’heure du rendez-vous."
        )


class NothingNoted(RuleBroken):
    message = "Rien n’est noté sur ce rendez-vous\u00a0: il n’y a rien à annuler."


class AccountWritten(RuleBroken):
    message = "Le compte rendu est écrit\u00a0: corrigez-le plutôt que d’annuler, il serait perdu."


class TimeGivenAway(RuleBroken):
    message = (
        "Le temps qui restait a été donné à quelqu’un d’autre. Si la personne arrive, recevez-la "
        "dès que possible, puis touchez «\u00a0Reçu(e)\u00a0»."
    )


class StepTooEarly(RuleBroken):
    status = 400
    message = "Une suite se fait après le rendez-vous\u00a0: corrigez son échéance."


class BeyondTheCost(RuleBroken):
    status = 400
    message = (
        "L’aide demandée et les autres financements dépassent le coût du projet\u00a0: "
        "vérifiez les montants."
    )


def check_can_be_noted(appointment: Appointment, now: datetime) -> None:
    """The appointment takes place, and its day has come. Raises NotHeld, NotTheDay."""
    if appointment.status in (AppointmentStatus.CANCELLED, AppointmentStatus.TO_CHOOSE):
        raise NotHeld
    if local(now).date() < local(appointment.starts_at).date():
        raise NotTheDay


def check_is_not_closed(status: AppointmentStatus) -> None:
    """No end was recorded. Raises AlreadyClosed."""
    if status in (AppointmentStatus.MET, AppointmentStatus.MISSED):
        raise AlreadyClosed


def check_can_be_missed(starts_at: datetime, now: datetime) -> None:
    """A visitor is missing only from the start on. Raises TooEarlyToMiss."""
    if now < starts_at:
        raise TooEarlyToMiss(starts_at)


def check_can_undo(appointment: Appointment) -> None:
    """Something is recorded, and no account would be lost. Raises NothingNoted, AccountWritten."""
    if appointment.status == AppointmentStatus.BOOKED and appointment.arrived_at is None:
        raise NothingNoted
    if appointment.outcome is not None:
        raise AccountWritten


def check_steps(due_on: Sequence[date | None], starts_at: datetime) -> None:
    """Promises are due from the day of the meeting on. Raises StepTooEarly."""
    day = local(starts_at).date()
    if any(due is not None and due < day for due in due_on):
        raise StepTooEarly


def check_funding(cost: int | None, other_funding: int | None, aid: int | None) -> None:
    """Aid and other funding do not exceed the cost. Raises BeyondTheCost."""
    if cost is not None and (other_funding or 0) + (aid or 0) > cost:
        raise BeyondTheCost
