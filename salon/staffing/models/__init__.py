"""Tables of the rota."""

from salon.staffing.models.agents import (
    Agent,
    AgentNeed,
    AgentPeriod,
    AgentStand,
    Language,
    PeriodKind,
    agent_themes,
)
from salon.staffing.models.duplicates import DistinctAgents, MergedAgent
from salon.staffing.models.rota import (
    Need,
    Publication,
    Rota,
    RotaRun,
    Shift,
    ShiftClaim,
    ShiftOrigin,
    ShiftStatus,
    need_themes,
)
from salon.staffing.models.standins import (
    Exchange,
    ExchangeStatus,
    StandIn,
    StandInAsk,
    StandInStatus,
)
