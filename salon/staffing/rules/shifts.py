"""Rules about the place and time of a shift."""

import itertools
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from salon.platform.settings.clock import Timed, overlaps
from salon.platform.words.errors import BadInput, RuleBroken
from salon.platform.words.formats import hour
from salon.platform.words.typography import of
from salon.staffing.engine.half_hours import DayFrame, is_whole
from salon.staffing.models import Agent


class EndsBeforeStart(BadInput):
    message = "La vacation finit avant d’avoir commencé\u00a0: corrigez l’heure de fin."


class NotOnHalfHour(BadInput):
    message = "Une vacation commence et finit à l’heure ou à la demie."


class OutsideHours(RuleBroken):
    """The shift leaves the hours at which stands are staffed."""

    def __init__(self, frames: Sequence[DayFrame]) -> None:
        hours = " ou ".join(
            f"de {hour(frame.starts_at)} à {hour(frame.ends_at)}" for frame in frames
        )
        super().__init__(f"Les stands sont tenus {hours}\u00a0: choisissez une heure de ce cadre.")


class AgentElsewhere(RuleBroken):
    """An agent is at one place at a time (also a constraint of `shift_claims`)."""

    message = (
        "À cette heure-là, cet agent est déjà sur un autre stand\u00a0: choisissez-en un autre."
    )


class NoSuchAgent(RuleBroken):
    status = 404
    message = "Cet agent n’existe pas, ou n’est plus de cette édition."


class AgentOfAnotherBody(RuleBroken):
    status = 404
    message = "Cet agent n’est pas de votre organisme."


class NoSuchStand(RuleBroken):
    status = 404
    message = "Ce stand n’est pas un stand du village."


class RowsChanged(RuleBroken):
    """These agents' rows changed after they were read; nothing was written."""

    def __init__(self, agent_ids: Iterable[int], names: Iterable[str]) -> None:
        self.agent_ids = sorted(agent_ids)
        agents = ", ".join(names)
        super().__init__(
            f"Quelqu’un d’autre vient de modifier la ligne {of(agents)}. "
            "La voici à jour\u00a0: refaites votre geste s’il tient toujours."
        )


def check_interval(starts_at: datetime, ends_at: datetime, frames: Sequence[DayFrame]) -> None:
    """Check that a shift is made of whole half hours of one day's frame.

    Raises EndsBeforeStart, NotOnHalfHour, OutsideHours.
    """
    if ends_at <= starts_at:
        raise EndsBeforeStart
    if not is_whole(starts_at) or not is_whole(ends_at):
        raise NotOnHalfHour
    if not any(frame.starts_at <= starts_at and ends_at <= frame.ends_at for frame in frames):
        raise OutsideHours(frames)


def check_apart(shifts: Sequence[Timed]) -> None:
    """Check that no two shifts of an agent overlap. Raises AgentElsewhere."""
    in_order = sorted(shifts, key=lambda shift: shift.starts_at)
    for before, after in itertools.pairwise(in_order):
        if overlaps(before.starts_at, before.ends_at, after.starts_at, after.ends_at):
            raise AgentElsewhere


def check_own_agent(agent: Agent, body_ids: Collection[int] | None) -> None:
    """Check that the agent is of one of these bodies; None: of any. Raises AgentOfAnotherBody."""
    if body_ids is not None and agent.body_id not in body_ids:
        raise AgentOfAnotherBody
