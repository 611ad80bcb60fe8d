"""Lists of people read from a spreadsheet: bytes or pasted text to rows of the expected columns.

French headers in any order; `;`, `,` or tab; UTF-8, UTF-16 or Windows-1252.
"""

import re
from dataclasses import dataclass, field

from salon.badges.models.labels import FUNCTIONS, Civility, Function
from salon.badges.rules import LONGEST_GROUP, UnreadableRoster
from salon.platform.spreadsheets import CutLine, from_export, numbered_cells
from salon.platform.texts import folded

COLUMNS = {
    "civility": ("civilite", "titre", "genre"),
    "first_name": ("prenom", "prenoms"),
    "last_name": ("nom", "nom de famille", "nom d usage"),
    "function": ("fonction", "qualite", "mandat", "poste"),
    "email": ("adresse electronique", "email", "e mail", "mail", "courriel", "adresse mail"),
    "phone": ("telephone", "tel", "portable", "mobile", "numero de telephone"),
}
NEEDED = {"first_name": "Prénom", "last_name": "Nom"}
CIVILITIES = {
    **dict.fromkeys(("madame", "mme", "mlle", "mademoiselle", "f"), Civility.MADAME.value),
    **dict.fromkeys(("monsieur", "m", "mr", "h"), Civility.MONSIEUR.value),
}
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
    **{folded(words.masculine): function for function, words in FUNCTIONS.items()},
    **{folded(words.feminine): function for function, words in FUNCTIONS.items()},
    **SYNONYMS,
}
RANKED_DEPUTY = re.compile(r"\d+ ?(?:er|ere|e|eme|nd|nde)? (?:adjoint|adjointe)(?: au maire)?")


@dataclass(frozen=True)
class Row:
    """A line of the list, numbered as a spreadsheet does; `values` by field name."""

    number: int
    values: dict[str, str]


@dataclass(frozen=True)
class Roster:
    rows: list[Row]
    ignored: list[str] = field(default_factory=list)


CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def visible(text: str) -> str:
    """Return the text with « � » for each control character, so that the page shows and refuses
    it."""
    return CONTROLS.sub("\ufffd", text)


def decode(content: bytes) -> str:
    """Return the text of a file. Raises UnreadableRoster when it is not a text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableRoster("Ce fichier n’est pas un texte. Enregistrez-le au format CSV (UTF-8).")


def read_roster(text: str) -> Roster:
    """Return the rows of a list whose first line names the columns. Raises UnreadableRoster."""
    rows = _cells(text)
    if not rows or not any(rows[0][1]):
        raise UnreadableRoster("La liste est vide.")
    header = [folded(cell) for cell in rows[0][1]]
    places = {
        name: header.index(word)
        for name, words in COLUMNS.items()
        for word in words
        if word in header
    }
    missing = [label for name, label in NEEDED.items() if name not in places]
    if missing:
        raise UnreadableRoster(
            f"La première ligne doit nommer les colonnes. Il manque : {', '.join(missing)}."
        )
    columns = set(places.values())
    ignored = [cell for i, cell in enumerate(rows[0][1]) if i not in columns and cell.strip()]
    people = [
        Row(number, _values(cells, places))
        for number, cells in rows[1:]
        if any(cell.strip() for cell in cells)
    ]
    if not people:
        raise UnreadableRoster("La liste ne contient aucune personne.")
    if len(people) > LONGEST_GROUP:
        raise UnreadableRoster(
            f"La liste contient {len(people)} lignes ; on en inscrit au plus {LONGEST_GROUP} à la "
            "fois. Faites plusieurs envois."
        )
    return Roster(people, ignored)


def _cells(text: str) -> list[tuple[int, list[str]]]:
    try:
        return numbered_cells(text)
    except CutLine as cut:
        raise UnreadableRoster(cut.message) from None


def _values(cells: list[str], places: dict[str, int]) -> dict[str, str]:
    values = {
        name: from_export(cells[place].strip()) if place < len(cells) else ""
        for name, place in places.items()
    }
    values["civility"] = CIVILITIES.get(folded(values.get("civility", "")), "")
    code, words = function_in(values.get("function", ""))
    return {**values, "function": code, "function_other": words}


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
