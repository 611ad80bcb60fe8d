"""Identity of an author: a role, and the person or the device behind it."""

from dataclasses import dataclass

from salon.platform.words.labels import LabelledEnum


class Role(LabelledEnum):
    ORGANISER = "organiser", "Organisation"
    AGENT = "agent", "Agent"
    EXHIBITOR = "exhibitor", "Exposant"
    STATION = "station", "Station d’accueil"
    READER = "reader", "Service qui lit les données"


class Domain(LabelledEnum):
    """A part of the organisers' work, which a right opens.

    ALL opens every part of every edition, and the accounts. READING opens the pages of every part
    but ALL's own, and changes nothing.
    """

    ALL = "all", "Organisateur"
    FAIR = "fair", "Salon et réglages"
    EXHIBITORS = "exhibitors", "Exposants"
    MONEY = "money", "Finances"
    REGISTRATIONS = "registrations", "Inscriptions"
    WELCOME = "welcome", "Accueil"
    VILLAGE = "village", "Village"
    APPOINTMENTS = "appointments", "Rendez-vous"
    MESSAGES = "messages", "Messages"
    READING = "reading", "Lecture seule"


@dataclass(frozen=True)
class Identity:
    """The author of an action. `role` is None for the public; `id`: of the account, the station or
    the read token.

    `kind`: of a station (`StationKind`); empty for people. `edition_id`: that a station or a read
    token is of; None for a station without, which serves the public edition. `rights`: an
    organiser's pairs (domain, edition); edition None: every edition.
    """

    role: Role | None
    id: int | None
    display_name: str
    address: str = ""
    kind: str = ""
    edition_id: int | None = None
    rights: frozenset[tuple[Domain, int | None]] = frozenset()

    @property
    def key(self) -> str:
        return f"{self.role}:{self.id}" if self.role else f"public:{self.address}"

    @property
    def has_all_rights(self) -> bool:
        return (Domain.ALL, None) in self.rights


SYSTEM = Identity(role=None, id=None, display_name="système")
