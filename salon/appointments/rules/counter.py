"""What the stand may book for who is there."""

from collections.abc import Collection

from salon.appointments.rules.booking import Limit, NotThisAgent
from salon.platform.errors import RuleBroken


class LimitsToAccept(RuleBroken):
    """The public could not book this; `limits`: what has to be accepted knowingly."""

    message = "Ce rendez-vous passe une limite. Cochez-la si vous le prenez quand même."

    def __init__(self, limits: Collection[Limit]) -> None:
        self.limits = tuple(limits)
        super().__init__()


def check_is_colleague(agent_id: int, agents: Collection[int]) -> None:
    """One books with oneself, or with a colleague who answers the theme. Raises NotThisAgent."""
    if agent_id not in agents:
        raise NotThisAgent


def limits_to_accept(
    passed: Collection[Limit], accepted: Collection[str], is_own: bool
) -> list[Limit]:
    """What the author did not accept; who takes a visitor in person needs no notice."""
    allowed = {*accepted, *((Limit.NOTICE,) if is_own else ())}
    return [limit for limit in passed if limit not in allowed]
