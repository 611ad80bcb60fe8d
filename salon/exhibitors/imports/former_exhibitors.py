"""Read a list of former exhibitors: the export's own columns, or a simple `nom;courriel;siret`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from salon.exhibitors.engine.list_columns import COLUMNS
from salon.exhibitors.models import Exhibitor, OrganisationKind, Sector
from salon.exhibitors.rules.application import LONGEST_PRESENTATION
from salon.platform.documents.spreadsheets.cells import YES_OR_NO
from salon.platform.documents.spreadsheets.reader import Heading, ReadList, read_list
from salon.platform.pages.forms import unprintable
from salon.platform.words.company_numbers import WrongSiret, check_siret
from salon.platform.words.countries import COUNTRIES
from salon.platform.words.email_addresses import checked_address
from salon.platform.words.people import bare_name, civility_of
from salon.platform.words.texts import clean_name, folded, holds_link

MOST_LINES = 500
PERSON_NAMES = ("first_name", "last_name")
ORGANISATION_NAMES = ("name", "legal_name")
LONGEST = {
    **{"name": 100, "legal_name": 200, "siret": 14, "address": 200, "postal_code": 12},
    **{"city": 100, "website": 200, "civility": 8, "first_name": 60},
    **{"last_name": 60, "function": 60, "email": 254, "phone": 30},
    "presentation": LONGEST_PRESENTATION,
}
SYNONYMS = {
    "name": ("exposant", "nom affiche", "enseigne", "societe", "organisme nom"),
    "siret": ("numero siret", "n siret"),
    "email": ("email", "e mail", "mail", "adresse electronique", "adresse mail"),
    "postal_code": ("cp",),
    "city": ("commune",),
    "phone": ("tel",),
    "first_name": ("prenom du contact",),
    "area": ("surface", "m2"),
    "website": ("site", "site web"),
}
DIGITS = {"siret": 14, "phone": 10}
HEADINGS = tuple(
    Heading(
        column.name,
        column.head,
        SYNONYMS.get(column.name, ()),
        is_required=column.name in ("name", "email"),
        digits=DIGITS.get(column.name, 0),
    )
    for column in COLUMNS
    if column.name
)
FIGURE = re.compile(r"([0-9]{1,3})(?:[.,]0+)?\s*(?:m²|m2|mètres carrés|kw)?", re.IGNORECASE)
READ = frozenset(("kind", "sector", "civility", "area", "power_kw", "wants_corner", "wants_water"))
"""Columns whose cells have a meaning, or none."""
KINDS = {folded(kind.label): kind.value for kind in OrganisationKind}
COUNTRY_CODES = {
    **{folded(name): code for code, name in COUNTRIES.items()},
    **{folded(code): code for code in COUNTRIES},
    "": "FR",
}
SECTORS = {folded(sector.label): sector.value for sector in Sector}


@dataclass(frozen=True)
class FormerRow:
    """One exhibitor to invite, numbered as in the spreadsheet; `wrong` lists its faults, `unread`
    the cells that are left out."""

    number: int
    values: dict[str, str] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.values.get("name", "")


def read_former(text: str) -> ReadList:
    """Return the lines of a list of exhibitors. Raises UnreadableList."""
    return read_list(text, HEADINGS, MOST_LINES, "aucun exposant")


def rows_of(file: ReadList) -> list[FormerRow]:
    return [read_row(line.number, line.cells) for line in file.lines]


def read_row(number: int, cells: Mapping[str, str]) -> FormerRow:
    """Return the usable values, and the faults of the others."""
    texts = {name: _text(name, cell) for name, cell in cells.items()}
    values = {name: texts.get(name, "")[:longest] for name, longest in LONGEST.items()}
    values["kind"] = KINDS.get(folded(texts.get("kind", "")), OrganisationKind.COMPANY.value)
    values["sector"] = SECTORS.get(folded(texts.get("sector", "")), "")
    values["civility"] = civility_of(texts.get("civility", ""))
    values["country"] = COUNTRY_CODES.get(folded(texts.get("country", "")), "FR")
    for name in ("area", "power_kw"):
        figure = FIGURE.fullmatch(texts.get(name, ""))
        values[name] = figure[1] if figure else ""
    for name in ("wants_corner", "wants_water"):
        values[name] = "oui" if YES_OR_NO.get(folded(texts.get(name, ""))) else ""
    siret = re.sub(r"[\s.]", "", texts.get("siret", ""))
    wrong = tuple(_wrong(values, siret, texts))
    return FormerRow(number, {**values, "siret": siret}, wrong, tuple(_unread(values, texts)))


def _unread(values: Mapping[str, str], texts: Mapping[str, str]) -> Iterator[str]:
    """Yield the cells that say something which no value keeps."""
    for heading in HEADINGS:
        text = texts.get(heading.name, "")
        is_kept = folded(text) in KINDS if heading.name == "kind" else values.get(heading.name)
        if heading.name in READ and not is_kept and YES_OR_NO.get(folded(text), True):
            yield f"{heading.head}\u00a0: «\u00a0{text[:60]}\u00a0»"


def _text(name: str, cell: str) -> str:
    """Return one line; a presentation keeps its lines."""
    lines = [clean_name(part) for part in cell.strip().splitlines()]
    text = ("\n" if name == "presentation" else " ").join(lines)
    return bare_name(text) if name in PERSON_NAMES else text


def _wrong(values: Mapping[str, str], siret: str, texts: Mapping[str, str]) -> list[str]:
    faults = []
    if not values["name"]:
        faults.append("Le nom manque.")
    if folded(texts.get("country", "")) not in COUNTRY_CODES:
        faults.append(
            "Le pays n’est pas reconnu\u00a0: écrivez son nom en français, ou «\u00a0BE\u00a0»."
        )
    if any(
        unprintable(text.replace("\n", "")) or "=?" in text or "\ufffd" in text
        for text in texts.values()
    ):
        faults.append("Un caractère ne s’imprime pas : retapez cette ligne.")
    if any(holds_link(values[name]) for name in (*PERSON_NAMES, *ORGANISATION_NAMES)):
        faults.append("Un nom ne contient pas d’adresse de site (« www. » ou « :// »).")
    if not values["email"]:
        faults.append("L’adresse électronique manque.")
    elif checked_address(values["email"]) is None:
        faults.append("L’adresse électronique ne paraît pas complète.")
    if siret:
        try:
            check_siret(siret)
        except WrongSiret:
            faults.append("Le SIRET n’est pas valable.")
    return faults


def row_of(number: int, exhibitor: Exhibitor) -> FormerRow:
    """Return an exhibitor of an earlier edition as a row to invite."""
    return read_row(
        number, {column.name: str(column.value(exhibitor)) for column in COLUMNS if column.name}
    )
