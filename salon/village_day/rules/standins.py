"""Rules for giving up and taking over a shift, and the pace of the requests."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import span
from salon.staffing.models import ShiftStatus, StandIn, StandInStatus
from salon.village_day.rules.replacing import AnyObstacle, Candidate, Obstacle

WAVE = 3
"""Agents asked at once."""
CALM, QUICK = timedelta(minutes=30), timedelta(minutes=10)
"""From a wave to the next; QUICK once NEAR."""
NEAR = timedelta(hours=4)
LAST = timedelta(hours=1)
"""Before the shift: from then on all able agents are asked at once."""
ALARMS = (timedelta(minutes=60), timedelta(minutes=15))
"""Before the shift: when the coordinators are notified that nobody took it."""


class ShiftIsOver(RuleBroken):
    message = "Cette vacation est terminée\u00a0: il n’y a plus rien à remplacer."


class ShiftNotPublished(RuleBroken):
    message = "Cette vacation n’est plus au planning publié. Rechargez la page pour voir le vôtre."


class AlreadyLooking(RuleBroken):
    """A shift has at most one open request (also a unique index)."""

    message = "On cherche déjà quelqu’un pour cette vacation."


class AlreadyTaken(RuleBroken):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} a déjà pris cette vacation. Merci de votre réponse.")


class NoLongerLooking(RuleBroken):
    message = "On ne cherche plus personne pour cette vacation. Merci de votre réponse."


class CannotTake(RuleBroken):
    """A hard rule forbids it now; `obstacles` lists them."""

    def __init__(self, obstacles: Sequence[AnyObstacle], name: str = "") -> None:
        self.obstacles = obstacles
        words = [obstacle.label if name else obstacle.yours for obstacle in obstacles]
        subject = f"{name} ne peut pas" if name else "Vous ne pouvez pas"
        super().__init__(f"{subject} prendre cette vacation\u00a0: {', '.join(words)}.")


class BreaksMore(RuleBroken):
    """The obstacles of an assignment are no longer those that its author read."""

    message = "La situation vient de changer. Relisez ce que ce choix enfreint, puis confirmez."


def check_can_be_given_up(status: ShiftStatus, ends_at: datetime, now: datetime) -> None:
    """Check that the shift is published and has not ended. Raises ShiftNotPublished,
    ShiftIsOver.
    """
    if status != ShiftStatus.PUBLISHED:
        raise ShiftNotPublished
    if ends_at <= now:
        raise ShiftIsOver


def check_still_looking(stand_in: StandIn) -> None:
    """Check that the request is open. Raises AlreadyTaken, NoLongerLooking."""
    if stand_in.status == StandInStatus.TAKEN:
        assert stand_in.taken_by is not None
        raise AlreadyTaken(stand_in.taken_by.full_name)
    if stand_in.status != StandInStatus.OPEN:
        raise NoLongerLooking


def check_can_take(
    candidate: Candidate, accepted: Collection[str] | None = None, name: str = ""
) -> None:
    """Check that no hard rule forbids it; with `accepted`, none but these, which a coordinator
    read.

    An agent's earlier refusal does not count. Raises CannotTake, BreaksMore.
    """
    if accepted is None:
        obstacles = [obstacle for obstacle in candidate.obstacles if obstacle != Obstacle.REFUSED]
        if obstacles:
            raise CannotTake(obstacles)
    elif not candidate.may_be_assigned:
        raise CannotTake(
            [obstacle for obstacle in candidate.obstacles if obstacle != Obstacle.REFUSED], name
        )
    elif not {str(obstacle) for obstacle in candidate.obstacles} <= set(accepted):
        raise BreaksMore


def wave_size(now: datetime, starts_at: datetime) -> int | None:
    """Return how many agents are asked now; None for all."""
    return None if starts_at - now < LAST else WAVE


def next_wave_at(now: datetime, starts_at: datetime) -> datetime:
    """Return when the next wave leaves if nobody has accepted: each half hour, faster as the hour
    nears.
    """
    if starts_at - now < NEAR:
        after = now + QUICK
    else:
        after = min(now + CALM, max(starts_at - NEAR, now + QUICK))
    last = starts_at - LAST
    return min(after, last) if now < last else after


def is_alarm_due(now: datetime, starts_at: datetime, notified_at: datetime | None) -> bool:
    """Return whether one of ALARMS has passed without notifying the coordinators."""
    return any(
        starts_at - alarm <= now and (notified_at is None or notified_at < starts_at - alarm)
        for alarm in ALARMS
    )


def note_of_stand_in(taker: str, holder: str, starts_at: datetime, ends_at: datetime) -> str:
    """Return the note of the publication that the stand-in makes."""
    return f"{taker} remplace {holder}, {span(starts_at, ends_at)}"
