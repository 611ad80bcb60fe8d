"""Functions (fonctions), needs (besoins) and purposes of consent, with their French labels.

Labels agree with civility; without civility they are in the generic form.
"""

from dataclasses import dataclass
from enum import StrEnum

from salon.platform.labels import LabelledEnum


class Civility(LabelledEnum):
    MADAME = "madame", "Madame"
    MONSIEUR = "monsieur", "Monsieur"


class Function(StrEnum):
    """A person's function, from the list of the field."""

    MAYOR = "mayor"
    DELEGATE_MAYOR = "delegate_mayor"
    DEPUTY_MAYOR = "deputy_mayor"
    COUNCILLOR = "councillor"
    EPCI_PRESIDENT = "epci_president"
    EPCI_VICE_PRESIDENT = "epci_vice_president"
    DEPARTMENTAL_COUNCILLOR = "departmental_councillor"
    REGIONAL_COUNCILLOR = "regional_councillor"
    MEMBER_OF_PARLIAMENT = "member_of_parliament"
    OTHER_ELECTED = "other_elected"
    CHIEF_EXECUTIVE = "chief_executive"
    DEPUTY_CHIEF_EXECUTIVE = "deputy_chief_executive"
    TECHNICAL_DIRECTOR = "technical_director"
    DIRECTOR = "director"
    TOWN_CLERK = "town_clerk"
    HEAD_OF_SERVICE = "head_of_service"
    OFFICER = "officer"
    TECHNICIAN = "technician"
    MUNICIPAL_POLICE = "municipal_police"
    OTHER = "other"

    @property
    def label(self) -> str:
        """Return the label in a form: both genders where they differ."""
        words = FUNCTIONS[self]
        return words.masculine if words.masculine == words.feminine else words.listed

    @property
    def is_elected(self) -> bool:
        return self in ELECTED

    @property
    def needs_words(self) -> bool:
        """Return whether the person describes the function in their own words."""
        return self in (Function.OTHER, Function.OTHER_ELECTED)


@dataclass(frozen=True)
class Words:
    masculine: str
    feminine: str
    listed: str = ""


FUNCTIONS = {
    Function.MAYOR: Words("Maire", "Maire"),
    Function.DELEGATE_MAYOR: Words("Maire délégué", "Maire déléguée", "Maire délégué(e)"),
    Function.DEPUTY_MAYOR: Words("Adjoint au maire", "Adjointe au maire", "Adjoint(e) au maire"),
    Function.COUNCILLOR: Words(
        "Conseiller municipal", "Conseillère municipale", "Conseiller(ère) municipal(e)"
    ),
    Function.EPCI_PRESIDENT: Words("Président d’EPCI", "Présidente d’EPCI", "Président(e) d’EPCI"),
    Function.EPCI_VICE_PRESIDENT: Words(
        "Vice-président d’EPCI", "Vice-présidente d’EPCI", "Vice-président(e) d’EPCI"
    ),
    Function.DEPARTMENTAL_COUNCILLOR: Words(
        "Conseiller départemental",
        "Conseillère départementale",
        "Conseiller(ère) départemental(e)",
    ),
    Function.REGIONAL_COUNCILLOR: Words(
        "Conseiller régional", "Conseillère régionale", "Conseiller(ère) régional(e)"
    ),
    Function.MEMBER_OF_PARLIAMENT: Words("Parlementaire", "Parlementaire"),
    Function.OTHER_ELECTED: Words("Élu", "Élue", "Autre mandat d’élu (précisez)"),
    Function.CHIEF_EXECUTIVE: Words(
        "Directeur général des services",
        "Directrice générale des services",
        "Directeur(trice) général(e) des services (DGS)",
    ),
    Function.DEPUTY_CHIEF_EXECUTIVE: Words(
        "Directeur général adjoint",
        "Directrice générale adjointe",
        "Directeur(trice) général(e) adjoint(e) (DGA)",
    ),
    Function.TECHNICAL_DIRECTOR: Words(
        "Directeur des services techniques",
        "Directrice des services techniques",
        "Directeur(trice) des services techniques (DST)",
    ),
    Function.DIRECTOR: Words("Directeur", "Directrice", "Directeur(trice)"),
    Function.TOWN_CLERK: Words("Secrétaire de mairie", "Secrétaire de mairie"),
    Function.HEAD_OF_SERVICE: Words("Responsable de service", "Responsable de service"),
    Function.OFFICER: Words("Agent", "Agente", "Agent(e)"),
    Function.TECHNICIAN: Words("Technicien", "Technicienne", "Technicien(ne)"),
    Function.MUNICIPAL_POLICE: Words(
        "Policier municipal", "Policière municipale", "Policier(ère) municipal(e)"
    ),
    Function.OTHER: Words("Autre fonction", "Autre fonction", "Autre (précisez)"),
}

ELECTED = frozenset(list(Function)[: list(Function).index(Function.OTHER_ELECTED) + 1])

FUNCTION_GROUPS = (
    ("Élus", [function for function in Function if function in ELECTED]),
    (
        "Services",
        [
            function
            for function in Function
            if function not in ELECTED and function is not Function.OTHER
        ],
    ),
    ("Autre", [Function.OTHER]),
)

TITLES = {
    Function.MAYOR: ("Monsieur le Maire", "Madame la Maire"),
    Function.DELEGATE_MAYOR: ("Monsieur le Maire délégué", "Madame la Maire déléguée"),
    Function.EPCI_PRESIDENT: ("Monsieur le Président", "Madame la Présidente"),
    Function.EPCI_VICE_PRESIDENT: ("Monsieur le Vice-président", "Madame la Vice-présidente"),
}


def printed_function(function: str, function_other: str = "", civility: str = "") -> str:
    """Return the function as printed on a badge: « Adjointe au maire », or the person's own
    words."""
    if function not in set(Function):
        return function_other
    listed_function = Function(function)
    if listed_function.needs_words and function_other:
        return function_other
    words = FUNCTIONS[listed_function]
    return words.feminine if civility == Civility.MADAME else words.masculine


def salutation(civility: str, function: str) -> str:
    """Return the opening of a letter: « Madame la Maire », « Monsieur », « Bonjour »."""
    if civility not in set(Civility):
        return "Bonjour"
    feminine = civility == Civility.MADAME
    if function in TITLES:
        return TITLES[Function(function)][feminine]
    return Civility(civility).label


class Need(StrEnum):
    """A facility that makes a visit possible or easier (accessibilité)."""

    PARKING = "parking"
    HEARING_LOOP = "hearing_loop"
    SIGN_LANGUAGE = "sign_language"
    SEAT = "seat"
    OTHER = "other"

    @property
    def label(self) -> str:
        return NEEDS[self]


NEEDS = {
    Need.PARKING: "Place de stationnement PMR",
    Need.HEARING_LOOP: "Boucle magnétique",
    Need.SIGN_LANGUAGE: "Interprète en langue des signes (LSF)",
    Need.SEAT: "Place assise",
    Need.OTHER: "Autre besoin",
}


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


CONSENT_VERSION = "2021-2"
"""Version of the sentences above; it changes with any of them."""


ACTIONS = {
    "attendee.registered": "Inscription",
    "attendee.registered_again": "Nouvelle demande de la même personne",
    "attendee.changed": "Modification",
    "attendee.cancelled": "Annulation",
    "attendee.replaced": "Remplacement",
    "attendee.category_set": "Changement de catégorie",
    "attendee.read": "Consultation de la fiche",
    "badge.asked_again": "Badge redemandé par courriel",
    "badge.issued": "Badge émis",
    "attendee.restored": "Inscription rétablie",
    "badge.restored": "Badge rétabli",
    "badge.revoked": "Badge révoqué",
    "badge.printed": "Badge imprimé",
    "consent.given": "Consentement donné",
    "consent.withdrawn": "Consentement retiré",
    "print_run.asked": "Impression en lot demandée",
    "print_run.done": "Impression en lot terminée",
    "print_run.failed": "Impression en lot interrompue",
    "attendees.exported": "Export des inscrits",
    "attendees.listed": "Noms des inscrits confiés à une station",
    "attendees.searched": "Recherche d’un inscrit",
    "edition.territory_changed": "Territoire du salon modifié",
    "places.loaded": "Communes et EPCI chargés",
    "places.removed": "Communes et EPCI retirés",
}
"""French label of each journal action of this feature."""
