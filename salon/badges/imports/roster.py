"""Lists of people read from a spreadsheet, with the words that their columns accept."""

import re

from salon.badges.models.labels import Function
from salon.badges.rules import LONGEST_GROUP
from salon.platform.documents.spreadsheets.cells import CIVILITIES
from salon.platform.documents.spreadsheets.reader import Heading, ReadList, SheetLine, read_list
from salon.platform.words.texts import folded

HEADINGS = (
    Heading("civility", "Civilité", ("titre", "genre")),
    Heading("first_name", "Prénom", ("prenoms",), is_required=True),
    Heading("last_name", "Nom", ("nom de famille", "nom d usage"), is_required=True),
    Heading("function", "Fonction", ("qualite", "mandat", "poste")),
    Heading(
        "email",
        "Adresse électronique",
        ("email", "e mail", "mail", "courriel", "adresse mail"),
    ),
    Heading("phone", "Téléphone", ("tel", "portable", "mobile", "numero de telephone"), digits=10),
)
SYNONYMS = {
    "dgs": Function.CHIEF_EXECUTIVE,
    "dga": Function.DEPUTY_CHIEF_EXECUTIVE,
    "directeur general adjoint des services": Function.DEPUTY_CHIEF_EXECUTIVE,
    "directrice generale adjointe des services": Function.DEPUTY_CHIEF_EXECUTIVE,
    "dst": Function.TECHNICAL_DIRECTOR,
    "adjoint": Function.DEPUTY_MAYOR,
    "adjointe": Function.DEPUTY_MAYOR,
    "conseiller": Function.COUNCILLOR,
    "conseillere": Function.COUNCILLOR,
    "president": Function.EPCI_PRESIDENT,
    "presidente": Function.EPCI_PRESIDENT,
    "vice president": Function.EPCI_VICE_PRESIDENT,
    "vice presidente": Function.EPCI_VICE_PRESIDENT,
    "depute": Function.MEMBER_OF_PARLIAMENT,
    "deputee": Function.MEMBER_OF_PARLIAMENT,
    "senateur": Function.MEMBER_OF_PARLIAMENT,
    "senatrice": Function.MEMBER_OF_PARLIAMENT,
    "secretaire": Function.TOWN_CLERK,
    "secretaire generale de mairie": Function.TOWN_CLERK,
}
KNOWN_FUNCTIONS = {
    **{folded(function.masculine): function for function in Function},
    **{folded(function.feminine): function for function in Function},
    **SYNONYMS,
}
RANKED_DEPUTY = re.compile(r"\d+ ?(?:er|ere|e|eme|nd|nde)? (?:adjoint|adjointe)(?: au maire)?")


def read_roster(text: str) -> ReadList:
    """Return the lines of a list of people. Raises UnreadableList."""
    return read_list(text, HEADINGS, LONGEST_GROUP, "aucune personne")


def person_values(line: SheetLine) -> dict[str, str]:
    """Return the values of a line by the fields of the form of a person."""
    civility = CIVILITIES.get(folded(line.cells.get("civility", "")), "")
    function, words = function_in(line.cells.get("function", ""))
    return {**line.cells, "civility": civility, "function": function, "function_other": words}


def function_in(text: str) -> tuple[str, str]:
    """Return (function, free text). Words that are not in the list are saved as free text."""
    key = folded(text)
    if not key:
        return "", ""
    if RANKED_DEPUTY.fullmatch(key):
        return Function.DEPUTY_MAYOR.value, ""
    function = KNOWN_FUNCTIONS.get(key)
    if function is not None and not function.needs_words:
        return function.value, ""
    return Function.OTHER.value, text
