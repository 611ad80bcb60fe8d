"""Present a line of the board of the day: an agent, their presence and the marks possible."""

from dataclasses import dataclass
from datetime import datetime

from salon.platform.words.formats import hour
from salon.platform.words.people import agreed
from salon.staffing.models import Agent, Shift
from salon.village_day.rules.day import HERE, Presence


@dataclass(frozen=True)
class AgentLine:
    """An agent on the board.

    `until`: when they leave the stand, following shifts included; `is_own`: whether the reader may
    mark presences; `is_open`: whether an arrival can be marked by now; `is_sought`: whether a
    stand-in is looked for.
    """

    shift: Shift
    presence: Presence
    until: datetime
    is_own: bool
    is_open: bool
    is_sought: bool

    @property
    def agent(self) -> Agent:
        return self.shift.agent

    @property
    def word(self) -> str:
        """Return the state in the words of the glossary, one for each state everywhere."""
        ending = agreed(self.agent.civility)
        return {
            Presence.PRESENT: f"Là jusqu’à {hour(self.until)}",
            Presence.LEAVING: f"Part à {hour(self.until)}",
            Presence.DUE: f"Attendu{ending} à {hour(self.shift.starts_at)}",
            Presence.COMING: f"Arrive à {hour(self.shift.starts_at)}",
            Presence.LATE: f"En retard, attendu{ending} à {hour(self.shift.starts_at)}",
            Presence.SEEKING: SOUGHT,
            Presence.ABSENT: f"Absent{ending}",
            Presence.OVER: f"Parti{ending} à {hour(self.until)}",
        }[self.presence]

    @property
    def more(self) -> str:
        """Return what is said beside the state: that a stand-in is looked for, too."""
        is_said = self.presence == Presence.SEEKING or not self.is_sought
        return "" if is_said or self.presence == Presence.OVER else SOUGHT

    @property
    def is_to_fill(self) -> bool:
        """Return whether the shift needs somebody else: its agent is absent, or asked for one."""
        is_over = self.presence == Presence.OVER
        return not is_over and (self.presence == Presence.ABSENT or self.is_sought)

    @property
    def can_arrive(self) -> bool:
        return self.presence not in (*HERE, Presence.OVER) and self.is_open

    @property
    def can_be_absent(self) -> bool:
        return self.presence not in (Presence.ABSENT, Presence.OVER)

    @property
    def can_be_undone(self) -> bool:
        noted = self.shift.arrived_at is not None or self.shift.absent_at is not None
        return noted and self.presence != Presence.OVER

    @property
    def face(self) -> tuple[str, str]:
        """Return (kind of state, icon)."""
        return FACES[self.presence]


SOUGHT = "Remplacement demandé"
FACES = {
    Presence.PRESENT: ("ok", "check-circle-fill"),
    Presence.LEAVING: ("info", "box-arrow-right"),
    Presence.DUE: ("neutral", "hourglass-split"),
    Presence.COMING: ("neutral", "arrow-right"),
    Presence.LATE: ("warning", "clock-history"),
    Presence.SEEKING: ("warning", "arrow-left-right"),
    Presence.ABSENT: ("danger", "person-x"),
    Presence.OVER: ("neutral", "box-arrow-right"),
}
