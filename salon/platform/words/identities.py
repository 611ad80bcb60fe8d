"""What a list says of a person, in the words that are compared: name, mailbox, functions, place."""

import re
from dataclasses import dataclass
from functools import cached_property

from salon.platform.words.email_addresses import mailbox_of
from salon.platform.words.people import CIVILITY_WORDS, civility_of
from salon.platform.words.person_names import PersonName, read_name
from salon.platform.words.texts import folded

_SHARED_WORDS = (
    "mairie mairies commune communes ville villes contact contacts accueil secretariat secretaire "
    "secretaires info infos information courrier courriel mail direction dg dgs dga dst service "
    "services cabinet maire elu elus communication com urbanisme technique techniques compta "
    "comptabilite facturation finances administration admin adm bureau standard reception "
    "association president presidence collectivite communaute interco agglo epci cc ca commercial "
    "commerciale evenementiel salon salons stand rh achats marches hello bonjour office"
)
SHARED_WORDS = frozenset(_SHARED_WORDS.split())
"""Words of a mailbox that belongs to an office."""
OFFICE = re.compile(r"^(?:mairie|commune|ville|contact|accueil|secretariat|cc|agglo)(?=[a-z]{2})")
TITLES = re.compile(r"[,;/&+|()]|\s[-–]\s|\bet\b", re.IGNORECASE)
UNIQUE = re.compile(
    r"(?:(?:m|mr|mme|madame|monsieur) )?(?:le |la |l )?"
    r"(?:(maire(?:sse)?)|(president)e?(?: e)?"
    r"|(dgs|direct(?:eur|rice|ion) generale? des services))\b"
    r"(?! (?:adjoint|deleguee?|honoraire|sortante?|d honneur|de (?:groupe|quartier|commission)|du))"
)
"""Functions that one person has in a place: mayor, president, head of the services."""
_LITTLE_WORDS = "a au aux d de des du e ere en et l la le les m mme trice charge"
LITTLE_WORDS = frozenset(_LITTLE_WORDS.split())


INITIALS = re.compile(r"\b(\w) (?=\w\b)")
"""The letters of a name written « S.D.I.S. »: they make one word."""


@dataclass(frozen=True)
class Identity:
    """What a list says of a person; `place_code`: INSEE code of a commune or SIREN of an EPCI,
    `organisation`: its name or that of the body. `function`: its French words."""

    first_name: str
    last_name: str
    civility: str = ""
    function: str = ""
    email: str = ""
    telephone: str = ""
    place_code: str | None = None
    organisation: str = ""


@dataclass(frozen=True)
class Entry:
    """An identity in the words that are compared."""

    identity: Identity

    @cached_property
    def name(self) -> PersonName:
        return read_name(self.identity.first_name, self.identity.last_name)

    @cached_property
    def civility(self) -> str:
        typed = self.identity
        cells = (typed.civility, typed.first_name, typed.last_name)
        known = CIVILITY_WORDS.get(folded(typed.civility), "")
        return known or next(filter(None, map(civility_of, cells)), "")

    @cached_property
    def mailbox(self) -> str:
        return mailbox_of(self.identity.email) if self.identity.email else ""

    @cached_property
    def _local_part(self) -> str:
        return folded(re.sub(r"\d", "", self.mailbox.partition("@")[0]))

    @cached_property
    def bears_name(self) -> bool:
        """Whether the mailbox bears the name of the person, or one of them: « jean.dupuy@… »."""
        letters = self._local_part.replace(" ", "")
        names = (*self.name.first, *self.name.last)
        return any(len(name) > 2 and name in letters for name in names)

    @cached_property
    def is_office(self) -> bool:
        """Whether the mailbox is an office's by its words: « mairie.saint-pierre@… » is not that of
        a Pierre, « maire@… » may be that of a Mr Maire."""
        letters, domain = self._local_part.replace(" ", ""), self.mailbox.partition("@")[2]
        place = folded(self.identity.organisation).replace(" ", "")
        is_of_place = len(place) > 4 and place in letters
        words = {*self._local_part.split()} - {*self.name.last}
        if OFFICE.match(letters) or words & SHARED_WORDS or is_of_place:
            return True
        bears_place = any(len(word) > 4 and word in letters for word in self.organisation)
        bears_domain = bool(letters) and folded(domain).replace(" ", "").startswith(letters)
        return not self.bears_name and (bears_place or bears_domain)

    @cached_property
    def telephone(self) -> str:
        digits = re.sub(r"\D", "", self.identity.telephone)
        return digits[-9:] if len(digits) >= 9 else ""

    @cached_property
    def roles(self) -> frozenset[str]:
        """The functions that one person has in a place."""
        titles = map(folded, TITLES.split(self.identity.function))
        matches = filter(None, (UNIQUE.match(title) for title in titles))
        roles = {match.lastindex for match in matches}
        if self.identity.place_code:
            # Many mayors speak for one EPCI, and many presidents of clubs for one commune.
            roles.discard(1 if len(self.identity.place_code) > 5 else 2)
        return frozenset(str(role) for role in roles)

    @cached_property
    def function(self) -> frozenset[str]:
        return frozenset(
            re.sub(r"e?s?$", "", re.sub(r"trice$", "teur", re.sub(r"ere$", "er", word))) or word
            for word in folded(self.identity.function).split()
            if word not in LITTLE_WORDS
        )

    @cached_property
    def organisation(self) -> frozenset[str]:
        words = INITIALS.sub(r"\1", folded(self.identity.organisation)).split()
        return frozenset(word for word in words if word not in LITTLE_WORDS | SHARED_WORDS)
