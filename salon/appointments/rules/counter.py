"""Rules of booking at the stand."""

from collections.abc import Collection

from salon.appointments.rules.booking import Limit, NotThisAgent
from salon.platform.errors import RuleBroken


class LimitsToAccept(RuleBroken):
    """The booking passes public limits. `limits`: those to accept knowingly."""

    message = "Ce rendez-vous passe une limite. Cochez-la si vous le prenez quand même."

    def __init__(self, limits: Collection[Limit]) -> None:
        self.limits = tuple(limits)
        super().__init__()


def check_is_colleague(agent_id: int, agents: Collection[int]) -> None:
    """The agent is the author or a colleague who answers the theme. Raises NotThisAgent."""
    if agent_id not in agents:
        raise NotThisAgent


def limits_to_accept(
    passed: Collection[Limit], accepted: Collection[str], is_own: bool
) -> list[Limit]:
    """Return the passed limits that the author did not accept; their own notice is exempt."""
    allowed = {*accepted, *((Limit.NOTICE,) if is_own else ())}
    return [limit for limit in passed if limit not in allowed]
