"""Plain values printed on badges: a holder, a fair, a layout. Needs no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from salon.platform.words.labels import LabelledEnum

ProgrammeLine = tuple[str, str, str]
"""(hour, title, room)"""

AppointmentLine = tuple[str, str, str]
"""(hour, theme, agent and place)"""

HallShape = tuple[str, float, float, float, float]
"""(name, width, depth, x, y) in metres; x, y from the top left corner of the park."""

StandShape = tuple[str, str, float, float, float, float, str]
"""(number, hall, x, y, width, depth, label) in metres; x, y from the top left corner of its hall.

A stand with a label is drawn in colour and named under the plan.
"""


class Layout(LabelledEnum):
    """Paper sizes of badges."""

    A4 = "a4", "Feuilles A4 de dix badges"
    A6 = "a6", "Feuille A4 à plier en quatre"
    LABEL_62 = "62mm", "Étiquettes de 62 × 100 mm"
    LABEL_102 = "102x152", "Étiquettes de 102 × 152 mm"


@dataclass(frozen=True)
class BadgeCategoryFace:
    """A word and a colour (`#RRGGBB`)."""

    label: str
    colour: str


@dataclass(frozen=True)
class BadgeFace:
    """A holder as printed, "" for a line that is not. `payload` is in the QR, `short_code` is
    printed under it; `appointments` are on the folded sheet."""

    first_name: str
    last_name: str
    function: str
    organisation: str
    category: BadgeCategoryFace
    payload: str
    short_code: str
    stand: str = ""
    visit_days: str = ""
    appointments: Sequence[AppointmentLine] = ()


@dataclass(frozen=True)
class FairFace:
    """The fair as printed: the same on every badge of a file.

    `is_dated`: the badge itself says the day, the hours and the place. `visits`: the days and hours
    of people who do not come on every day, by their days as stored; `key`: those of this one.
    """

    name: str
    day: str
    hours: str
    place: str
    address: str
    programme: Sequence[ProgrammeLine] = field(default_factory=tuple)
    halls: Sequence[HallShape] = field(default_factory=tuple)
    stands: Sequence[StandShape] = field(default_factory=tuple)
    practical: Sequence[str] = field(default_factory=tuple)
    organiser: str = ""
    is_dated: bool = True
    landscape: str = "countryside.svg"
    visits: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    key: str = ""

    def for_visit(self, visit_days: str) -> "FairFace":
        """Return the fair as printed on the badge of somebody who comes on these days."""
        if visit_days not in self.visits:
            return self
        day, hours = self.visits[visit_days]
        return replace(self, day=day, hours=hours, key=visit_days.replace(" ", "-"))
