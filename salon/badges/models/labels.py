"""Functions (fonctions), needs (besoins) and purposes of consent, with their French labels.

Labels agree with civility; without civility they are neutral.
"""

from typing import Self

from salon.platform.words import people
from salon.platform.words.labels import LabelledEnum
from salon.platform.words.people import Civility


class Function(LabelledEnum):
    """A person's function, from the list of the field: value, words for a man, words for a woman
    where they differ, words for both in a form, and on a badge where those are too long."""

    masculine: str
    feminine: str
    neutral: str

    def __new__(
        cls,
        value: str,
        masculine: str = "",
        feminine: str = "",
        label: str = "",
        neutral: str = "",
    ) -> Self:
        member = str.__new__(cls, value)
        member._value_, member.label = value, label or masculine
        member.masculine, member.feminine = masculine, feminine or masculine
        member.neutral = neutral or member.label
        return member

    MAYOR = ("mayor", "Maire")
    DELEGATE_MAYOR = ("delegate_mayor", "Maire délégué", "Maire déléguée", "Maire délégué(e)")
    DEPUTY_MAYOR = ("deputy_mayor", "Adjoint au maire", "Adjointe au maire", "Adjoint(e) au maire")
    COUNCILLOR = (
        "councillor",
        "Conseiller municipal",
        "Conseillère municipale",
        "Conseiller(ère) municipal(e)",
    )
    EPCI_PRESIDENT = (
        "epci_president",
        "Président d’EPCI",
        "Présidente d’EPCI",
        "Président(e) d’EPCI",
    )
    EPCI_VICE_PRESIDENT = (
        "epci_vice_president",
        "Vice-président d’EPCI",
        "Vice-présidente d’EPCI",
        "Vice-président(e) d’EPCI",
    )
    DEPARTMENTAL_COUNCILLOR = (
        "departmental_councillor",
        "Conseiller départemental",
        "Conseillère départementale",
        "Conseiller(ère) départemental(e)",
    )
    REGIONAL_COUNCILLOR = (
        "regional_councillor",
        "Conseiller régional",
        "Conseillère régionale",
        "Conseiller(ère) régional(e)",
    )
    MEMBER_OF_PARLIAMENT = ("member_of_parliament", "Parlementaire")
    OTHER_ELECTED = ("other_elected", "Élu", "Élue", "Autre mandat d’élu (précisez)", "Élu(e)")
    CHIEF_EXECUTIVE = (
        "chief_executive",
        "Directeur général des services",
        "Directrice générale des services",
        "Directeur(trice) général(e) des services (DGS)",
        "Direction générale des services",
    )
    DEPUTY_CHIEF_EXECUTIVE = (
        "deputy_chief_executive",
        "Directeur général adjoint",
        "Directrice générale adjointe",
        "Directeur(trice) général(e) adjoint(e) (DGA)",
        "Direction générale adjointe",
    )
    TECHNICAL_DIRECTOR = (
        "technical_director",
        "Directeur des services techniques",
        "Directrice des services techniques",
        "Directeur(trice) des services techniques (DST)",
        "Direction des services techniques",
    )
    DIRECTOR = ("director", "Directeur", "Directrice", "Directeur(trice)", "Direction")
    TOWN_CLERK = ("town_clerk", "Secrétaire de mairie")
    HEAD_OF_SERVICE = ("head_of_service", "Responsable de service")
    OFFICER = ("officer", "Agent", "Agente", "Agent(e)")
    TECHNICIAN = ("technician", "Technicien", "Technicienne", "Technicien(ne)")
    MUNICIPAL_POLICE = (
        "municipal_police",
        "Policier municipal",
        "Policière municipale",
        "Policier(ère) municipal(e)",
    )
    OTHER = ("other", "Autre fonction")

    @property
    def is_elected(self) -> bool:
        return self in ELECTED

    @property
    def needs_words(self) -> bool:
        """Return whether the person describes the function in their own words."""
        return self in (Function.OTHER, Function.OTHER_ELECTED)


class HalfDay(LabelledEnum):
    MORNING = "morning", "Matin"
    AFTERNOON = "afternoon", "Après-midi"
    WHOLE_DAY = "whole_day", "Toute la journée"


FUNCTIONS = frozenset(Function)
ELECTED = frozenset(list(Function)[: list(Function).index(Function.OTHER_ELECTED) + 1])

FUNCTION_GROUPS = (
    ("Élus", [function for function in Function if function.is_elected]),
    ("Services", [*Function][len(ELECTED) : -1]),
    ("Autre", [Function.OTHER]),
)
FUNCTION_CHOICES: dict[str, str | dict[str, str]] = {
    "": "Choisissez",
    **{
        group: {function.value: function.label for function in functions}
        for group, functions in FUNCTION_GROUPS
    },
}

TITLES = {
    Function.MAYOR: ("le Maire", "la Maire"),
    Function.DELEGATE_MAYOR: ("le Maire délégué", "la Maire déléguée"),
    Function.EPCI_PRESIDENT: ("le Président", "la Présidente"),
    Function.EPCI_VICE_PRESIDENT: ("le Vice-président", "la Vice-présidente"),
}


def printed_function(function: str, function_other: str = "", civility: str = "") -> str:
    """Return the function as printed on a badge: the person's own words, else « Adjointe au
    maire »."""
    if function_other or function not in FUNCTIONS:
        return function_other
    listed_function = Function(function)
    if civility == Civility.MADAME:
        return listed_function.feminine
    return listed_function.masculine if civility == Civility.MONSIEUR else listed_function.neutral


def salutation(civility: str, function: str) -> str:
    """Return the opening of a letter: « Madame la Maire », « Monsieur », « Bonjour »."""
    no_title = ("", "")
    titles = TITLES.get(Function(function), no_title) if function in FUNCTIONS else no_title
    return people.salutation(civility, titles[civility == Civility.MADAME])


class Need(LabelledEnum):
    """A facility that makes a visit possible or easier (accessibilité)."""

    PARKING = "parking", "Place de stationnement PMR"
    HEARING_LOOP = "hearing_loop", "Boucle magnétique"
    SIGN_LANGUAGE = "sign_language", "Interprète en langue des signes (LSF)"
    SEAT = "seat", "Place assise"
    OTHER = "other", "Autre besoin"


class Purpose(LabelledEnum):
    """A purpose of consent; each has its own box, never ticked beforehand."""

    NEWSLETTER = (
        "newsletter",
        "J’accepte de recevoir par courriel la lettre d’information de l’organisation.",
    )
    PHOTO = (
        "photo",
        "J’accepte que ma photographie, prise au salon, illustre les publications du salon.",
    )


class AcceptedText(LabelledEnum):
    """A text that people accept, or are told, when they register."""

    NEWSLETTER = "newsletter", "Lettre d’information"
    PHOTO = "photo", "Photographies"
    PRIVACY = "privacy", "Information sur les données"


ORIGINAL_TEXTS = {
    AcceptedText.NEWSLETTER: Purpose.NEWSLETTER.label,
    AcceptedText.PHOTO: Purpose.PHOTO.label,
    AcceptedText.PRIVACY: (
        "**Vos données** servent à vous inscrire, à établir votre badge et à vous accueillir au "
        "salon. Le QR code du badge n’en contient aucune."
    ),
}
ORIGINAL_VERSION = "2021-2"
"""Version of the original texts; it changes with any of them."""


EARLIER_BADGE = (
    "Quelqu’un m’a peut-être déjà inscrit(e), ma mairie par exemple\u00a0: renvoyer ce badge-là "
    "à l’adresse qu’il porte"
)
"""Question to who registers on the way: nobody is told whether there is such a badge."""
