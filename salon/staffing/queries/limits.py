"""Read the limits of working time of agents, from their record and the rules of their body."""

from salon.staffing.engine.solving.scoring import LUNCH
from salon.staffing.engine.working_time import WorkLimits, limits_from
from salon.staffing.models import Agent, Rota


def limits_of_agent(agent: Agent, rota: Rota) -> WorkLimits:
    """Return the limits of an agent; `rota`: of their edition."""
    lunch = LUNCH if rota.lunch_is_due else 0
    return limits_from(rota.limits.get(agent.body.slug, {}), agent.limits, lunch)
