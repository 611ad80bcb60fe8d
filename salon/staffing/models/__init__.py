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

__all__ = [
    "Agent",
    "AgentNeed",
    "AgentPeriod",
    "AgentStand",
    "Exchange",
    "ExchangeStatus",
    "Language",
    "Need",
    "PeriodKind",
    "Publication",
    "Rota",
    "RotaRun",
    "Shift",
    "ShiftClaim",
    "ShiftOrigin",
    "ShiftStatus",
    "StandIn",
    "StandInAsk",
    "StandInStatus",
    "agent_themes",
    "need_themes",
]
