"""Read a list of former exhibitors from a spreadsheet: bytes to rows of known columns.

The export's own columns or a simple `nom;courriel;siret`, in any order; `;`, `,` or tab; UTF-8 or
Windows-1252.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from email_validator import EmailNotValidError, validate_email

from salon.exhibitors.engine.list_columns import COLUMNS
from salon.exhibitors.models import Exhibitor, OrganisationKind, Sector
from salon.exhibitors.rules.application import LONGEST_PRESENTATION
from salon.platform.company_numbers import WrongSiret, check_siret
from salon.platform.errors import BadInput
from salon.platform.forms import unprintable
from salon.platform.spreadsheets import MARK, CutLine, csv_lines, from_export, numbered_cells
from salon.platform.texts import clean_name, folded, holds_link, person_name

MOST_LINES = 500
LONGEST_TEXT = 400_000
"""Bytes: what a form may carry (MAX_FORM_MEMORY_SIZE), with room for the rest."""
PERSON_NAMES = ("first_name", "last_name")
ORGANISATION_NAMES = ("name", "legal_name")
LONGEST = {
    **{"name": 100, "legal_name": 200, "siret": 14, "address": 200, "postal_code": 12},
    **{"city": 100, "country": 2, "website": 200, "civility": 8, "first_name": 60},
    **{"last_name": 60, "function": 60, "email": 254, "phone": 30},
    "presentation": LONGEST_PRESENTATION,
}
SYNONYMS = {
    "name": ("nom", "exposant", "nom affiche", "enseigne", "societe", "organisme nom"),
    "legal_name": ("raison sociale",),
    "siret": ("siret", "numero siret", "n siret"),
    "email": ("courriel", "email", "e mail", "mail", "adresse electronique", "adresse mail"),
    "postal_code": ("code postal", "cp"),
    "city": ("ville", "commune"),
    "phone": ("telephone", "tel"),
    "first_name": ("prenom", "prenom du contact"),
    "last_name": ("nom du contact",),
    "area": ("surface voulue m2", "surface", "m2"),
    "website": ("site internet", "site", "site web"),
}
KINDS = {folded(kind.label): kind.value for kind in OrganisationKind}
SECTORS = {folded(sector.label): sector.value for sector in Sector}
YES = ("oui", "1", "x", "vrai")
CIVILITIES = {
    **dict.fromkeys(("madame", "mme"), "madame"),
    **dict.fromkeys(("monsieur", "m", "mr"), "monsieur"),
}


class UnreadableList(BadInput):
    """The file is not a list of exhibitors; nothing was read."""


@dataclass(frozen=True)
class FormerRow:
    """One exhibitor to invite, numbered as in the spreadsheet; `wrong` lists its faults."""

    number: int
    values: dict[str, str] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.values.get("name", "")


def decode(content: bytes) -> str:
    """Return the text of a file. Raises UnreadableList when it is not text."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableList("Ce fichier n’est pas un texte. Enregistrez-le au format CSV (UTF-8).")


def read_former(text: str) -> list[FormerRow]:
    """Return the rows of a list whose first line names the columns. Raises UnreadableList."""
    lines = [*_cells(text)]
    if not lines:
        raise UnreadableList("La liste est vide.")
    places = _places(lines[0][1])
    for needed, label in (("name", "Nom"), ("email", "Courriel")):
        if needed not in places:
            raise UnreadableList(
                f"La première ligne doit nommer les colonnes. Il manque : {label}."
            )
    rows = [
        read_row(
            number, {name: from_export(cells[at]) for name, at in places.items() if at < len(cells)}
        )
        for number, cells in lines[1:]
        if any(cell.strip() for cell in cells)
    ]
    if not rows:
        raise UnreadableList("La liste ne contient aucun exposant.")
    if len(rows) > MOST_LINES:
        raise UnreadableList(
            f"La liste contient {len(rows)} lignes ; on en invite au plus {MOST_LINES} à la fois. "
            "Faites plusieurs envois."
        )
    return rows


def _cells(text: str) -> list[tuple[int, list[str]]]:
    try:
        return [line for line in numbered_cells(text) if line[1]]
    except CutLine as cut:
        raise UnreadableList(cut.message) from None


def _places(header: list[str]) -> dict[str, int]:
    keys = [folded(cell) for cell in header]
    heads = {folded(column.head): column.name for column in COLUMNS if column.name}
    words = {word: name for name, several in SYNONYMS.items() for word in several}
    places: dict[str, int] = {}
    for at, key in enumerate(keys):
        name = heads.get(key) or words.get(key)
        if name and name not in places:
            places[name] = at
    return places


def read_row(number: int, cells: Mapping[str, str]) -> FormerRow:
    """Return the usable values, and the faults of the others."""
    typed = {name: _text(name, cell) for name, cell in cells.items()}
    values = {name: typed.get(name, "")[:longest] for name, longest in LONGEST.items()}
    values["kind"] = KINDS.get(folded(typed.get("kind", "")), OrganisationKind.COMPANY.value)
    values["sector"] = SECTORS.get(folded(typed.get("sector", "")), "")
    values["civility"] = CIVILITIES.get(folded(typed.get("civility", "")), "")
    values["country"] = (typed.get("country") or "FR")[:2].upper()
    for name in ("area", "power_kw"):
        digits = typed.get(name, "")
        values[name] = digits if digits.isdecimal() and len(digits) < 4 else ""
    for name in ("wants_corner", "wants_water"):
        values[name] = "oui" if folded(typed.get(name, "")) in YES else ""
    siret = re.sub(r"[\s.]", "", typed.get("siret", ""))
    return FormerRow(number, {**values, "siret": siret}, tuple(_wrong(values, siret, typed)))


def _text(name: str, cell: str) -> str:
    """Return one line; a presentation keeps its lines."""
    lines = [clean_name(part) for part in cell.strip().splitlines()]
    text = ("\n" if name == "presentation" else " ").join(lines)
    return person_name(text) if name in PERSON_NAMES else text


def _wrong(values: Mapping[str, str], siret: str, typed: Mapping[str, str]) -> list[str]:
    faults = []
    if not values["name"]:
        faults.append("Le nom manque.")
    if any(unprintable(text.replace("\n", "")) or "=?" in text for text in typed.values()):
        faults.append("Un caractère ne s’imprime pas : retapez cette ligne.")
    if any(holds_link(values[name]) for name in (*PERSON_NAMES, *ORGANISATION_NAMES)):
        faults.append("Un nom ne contient pas d’adresse de site (« www. » ou « :// »).")
    if not values["email"]:
        faults.append("L’adresse électronique manque.")
    else:
        try:
            validate_email(values["email"], check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            faults.append("L’adresse électronique ne paraît pas complète.")
    if siret:
        try:
            check_siret(siret)
        except WrongSiret:
            faults.append("Le SIRET n’est pas valable.")
    return faults


READ_BACK = tuple(column for column in COLUMNS if column.name)


def row_of(number: int, exhibitor: Exhibitor) -> FormerRow:
    """Return an exhibitor of an earlier edition as a row to invite."""
    return read_row(number, {column.name: str(column.value(exhibitor)) for column in READ_BACK})


def as_text(rows: Iterable[FormerRow]) -> str:
    """Return the rows as a list that `read_former` reads, to be carried by a form.

    Raises UnreadableList beyond LONGEST_TEXT.
    """
    words = {
        "kind": {kind.value: kind.label for kind in OrganisationKind},
        "sector": {sector.value: sector.label for sector in Sector},
    }
    cells = (
        [
            words.get(column.name, {}).get(row.values[column.name], row.values[column.name])
            for column in READ_BACK
        ]
        for row in rows
    )
    text = "".join(csv_lines([column.head for column in READ_BACK], cells)).lstrip(MARK)
    if len(text.encode()) > LONGEST_TEXT:
        raise UnreadableList("Cette liste est trop longue pour un seul envoi. Coupez-la en deux.")
    return text
