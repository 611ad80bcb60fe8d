"""Identity of an author: a role, and the person or the device behind it."""

from dataclasses import dataclass

from salon.platform.labels import LabelledEnum


class Role(LabelledEnum):
    ORGANISER = "organiser", "Organisation"
    AGENT = "agent", "Agent"
    EXHIBITOR = "exhibitor", "Exposant"
    STATION = "station", "Station d’accueil"


@dataclass(frozen=True)
class Identity:
    """The author of an action. `role` is None for the public; `id`: of the account or station.

    `kind`: of a station (`StationKind`); empty for people.
    """

    role: Role | None
    id: int | None
    display_name: str
    address: str = ""
    kind: str = ""

    @property
    def key(self) -> str:
        return f"{self.role}:{self.id}" if self.role else f"public:{self.address}"


SYSTEM = Identity(role=None, id=None, display_name="système")
