"""A person to register, and the result of a registration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from salon.badges.engine.matching import Affiliation, email_key, name_key, place_key
from salon.badges.models import HalfDay
from salon.badges.models.labels import printed_function
from salon.platform.words.likeness import Identity


@dataclass(frozen=True)
class Person:
    """A person to register. `category` None: derived from the function.

    `exhibitor_id`: as staff of that stand; `agent_id`: as that agent of the village. `texts_read`:
    the versions of the accepted texts that the page showed, by subject.
    """

    first_name: str
    last_name: str
    function: str
    place: Affiliation
    email: str
    civility: str = ""
    function_other: str = ""
    phone: str = ""
    half_day: str = HalfDay.WHOLE_DAY
    visit_days: str = ""
    needs: Sequence[str] = ()
    needs_note: str = ""
    consents: Sequence[str] = ()
    texts_read: Mapping[str, str] = field(default_factory=dict)
    category: str | None = None
    is_vip: bool = False
    exhibitor_id: int | None = None
    agent_id: int | None = None

    @property
    def email_key(self) -> str:
        """Return the key of the address, or of the place without one: homonyms of two communes are
        two people."""
        return address_key(self.email, self.place)

    @property
    def name_key(self) -> str:
        return name_key(self.first_name, self.last_name)

    @property
    def identity(self) -> Identity:
        """Return the person as they are compared with registered people."""
        return Identity(
            self.first_name,
            self.last_name,
            self.civility,
            printed_function(self.function, self.function_other, self.civility),
            self.email,
            self.phone,
            self.place.commune_code or self.place.epci_siren,
            self.place.name,
        )


def address_key(email: str, place: Affiliation) -> str:
    """Return the key of an address, or that of the place of a person without one."""
    if email:
        return email_key(email)
    return f"place:{place.commune_code or place.epci_siren or place_key(place.name)}"


@dataclass(frozen=True)
class Registration:
    """Result of a registration: ids of the people added, and of those already registered.

    `uninvited`: how many of the added people had no room in the exhibitor's invitation.
    """

    group_id: int | None = None
    added: list[int] = field(default_factory=list)
    already_registered: list[int] = field(default_factory=list)
    uninvited: int = 0
