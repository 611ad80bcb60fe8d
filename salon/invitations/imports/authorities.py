"""Lists of mayors and of town halls: the répertoire national des élus, the directory of public
services, or any spreadsheet; read into one list, that of the territory.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from salon.badges.engine.matching import Affiliation
from salon.badges.queries import find_place
from salon.invitations.imports.directory import COLUMNS as DIRECTORY_COLUMNS
from salon.invitations.imports.directory import read_directory
from salon.invitations.queries.territory import Territory
from salon.platform.documents.spreadsheets.reader import (
    ColumnsUnknown,
    Heading,
    ReadList,
    SheetLine,
    UnreadableList,
    read_list,
)
from salon.platform.pages.forms import unprintable
from salon.platform.words.email_addresses import checked_address
from salon.platform.words.people import bare_name, civility_of, without_title
from salon.platform.words.phones import readable_number
from salon.platform.words.texts import clean_name, folded, holds_link

MOST_LINES = 60_000
"""Those of the whole country."""
MOST_PLACES = 900
"""Places of a list that are read at once: a page carries a box for each."""
ELECTED_LIST = "Répertoire national des élus"
DIRECTORY = "Annuaire de l’administration"
HEADINGS = (
    Heading(
        "commune",
        "Commune ou EPCI",
        (
            *("libelle de la commune", "commune", "nom de la commune", "libelle de l epci"),
            *("nom de l epci", "epci", "collectivite", "mairie", "ville"),
        ),
    ),
    Heading(
        "code",
        "Code Insee",
        (
            *("code de la commune", "code insee de la commune", "code insee commune"),
            *("code commune", "insee", "code commune insee", "code geographique", "codgeo"),
        ),
        digits=5,
    ),
    Heading("siren", "SIREN", ("n siren", "numero siren", "siren epci", "code de l epci", "siret")),
    Heading("department", "Code du département", ("departement", "code departement"), digits=2),
    Heading(
        "role",
        "Fonction",
        ("libelle de la fonction", "mandat", "fonction de l elu", "qualite"),
    ),
    Heading(
        "head",
        "Maire ou président",
        (
            *("maire", "president", "nom et prenom du maire", "prenom et nom du maire"),
            *("nom du maire", "nom prenom du maire", "elu"),
        ),
    ),
    Heading("civility", "Civilité", ("code sexe", "sexe", "civ", "genre", "titre")),
    Heading("first_name", "Prénom", ("prenom de l elu", "prenom du maire", "prenom maire")),
    Heading("last_name", "Nom", ("nom de l elu", "nom de famille", "nom maire")),
    Heading(
        "since",
        "En fonction depuis",
        ("date de debut de la fonction", "date de debut de fonction", "depuis", "depuis le"),
    ),
    Heading(
        "street",
        "Adresse",
        ("adresse de la mairie", "adresse postale", "adresse mairie", "voie", "rue"),
    ),
    Heading("postal_code", "Code postal", ("cp",), digits=5),
    Heading(
        "city",
        "Bureau distributeur",
        ("ville", "localite", "ville de la mairie", "bureau de poste"),
    ),
    Heading("canton", "Canton", ("libelle du canton", "nom du canton", "libelle canton")),
    Heading(
        "phone",
        "Téléphone",
        ("tel", "telephone de la mairie", "numero de telephone", "telephone mairie"),
        digits=10,
    ),
    Heading(
        "email",
        "Adresse électronique",
        (
            *("adresse courriel", "courriel", "email", "e mail", "mail", "adresse mail"),
            *("courriel de la mairie", "email de la mairie", "mail de la mairie", "mail mairie"),
        ),
    ),
)
BY_NAME = {heading.name: heading for heading in HEADINGS}
TELLING = ("code", "siren", "commune")
"""Columns of which a list needs one: they say of which place a line is."""
LONGEST = {"canton": 60, "street": 200, "city": 100, "phone": 30, "email": 254, "postal_code": 5}
NAMES = ("head_first_name", "head_last_name")
DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ].*)?|(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: .*)?")
CODE = re.compile(r"(?:[0-9]{2}|2[AB])[0-9]{3}|[0-9]{1,4}")
HEADS = re.compile(r"(?:le |la |m(?:me)? )*(?:maire\b(?! (?:delegue|adjoint))|president)")
NOT_READ = "Non lu\u00a0: {}\u00a0«\u00a0{}\u00a0»."


@dataclass(frozen=True)
class AuthorityList:
    """The lines of a list about the territory, each numbered as in its file; how many lines are of
    places elsewhere, and of other people or services; the source that its columns tell."""

    file: ReadList
    elsewhere: int = 0
    others: int = 0
    source: str = ""


@dataclass(frozen=True)
class AuthorityLine:
    """What a line says of a place, by the columns of the book; a column that the list lacks has no
    value. `wrong`: why the line is left out; `notes`: what of it is not read."""

    number: int
    name: str
    place: Affiliation | None
    values: Mapping[str, str | date | None] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_authorities(text: str, territory: Territory) -> AuthorityList:
    """Return the lines about the territory. Raises UnreadableList."""
    directory = read_directory(text)
    if directory is not None:
        services, others = directory
        lines = [SheetLine(number, cells) for number, cells in services]
        names: Iterable[str] = DIRECTORY_COLUMNS
        return _of_territory(
            lines, names, [], territory, AuthorityList(_empty(), 0, others, DIRECTORY)
        )
    file = _read_table(text)
    names = {name for line in file.lines for name in line.cells}
    heads = [line for line in file.lines if _is_head(line.cells)]
    is_elected_list = {"last_name", "first_name", "since", "code"} <= set(names)
    source = ELECTED_LIST if is_elected_list and "libelle" in folded(text[:2000]) else ""
    so_far = AuthorityList(_empty(), 0, len(file.lines) - len(heads), source)
    return _of_territory(heads, names, file.ignored, territory, so_far)


def read_carried(text: str) -> ReadList:
    """Return the list that a page carries. Raises UnreadableList."""
    headings = [replace(heading, is_required=heading.name == "commune") for heading in HEADINGS]
    return read_list(text, headings, MOST_PLACES)


def _empty() -> ReadList:
    return ReadList("", HEADINGS, [], [])


def _read_table(text: str) -> ReadList:
    for telling in TELLING:
        headings = [replace(heading, is_required=heading.name == telling) for heading in HEADINGS]
        try:
            return read_list(text, headings, MOST_LINES, "aucune commune")
        except ColumnsUnknown:
            continue
    raise ColumnsUnknown(
        "La première ligne doit nommer les colonnes. Il manque celle qui dit de quelle commune est "
        "chaque ligne\u00a0: «\u00a0Code Insee\u00a0» ou «\u00a0Commune\u00a0»."
    )


def _is_head(cells: Mapping[str, str]) -> bool:
    """Return whether a line is of a mayor or a president, as far as it says."""
    role = folded(cells.get("role", ""))
    return not role or HEADS.match(role) is not None


def _of_territory(
    lines: Sequence[SheetLine],
    names: Iterable[str],
    ignored: list[str],
    territory: Territory,
    result: AuthorityList,
) -> AuthorityList:
    """Return the list of the lines of the territory, as a text whose lines keep their numbers."""
    present = set(names) - {"role", "department"} | {"commune"}
    columns = [heading for heading in HEADINGS if heading.name in present]
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\n")
    writer.writerow(heading.head for heading in columns)
    last, count = 1, 0
    for line in lines:
        cells = {**line.cells, "code": _insee_code(line.cells)}
        if not territory.holds(cells["code"], cells.get("siren", "")):
            continue
        stream.write("\n" * (line.number - last - 1))
        writer.writerow(clean_name(cells.get(heading.name, "")) for heading in columns)
        last, count = line.number, count + 1
    if count > MOST_PLACES:
        raise UnreadableList(
            f"Cette liste contient {count} lignes du territoire\u00a0; au plus {MOST_PLACES} à la "
            "fois. Faites plusieurs envois."
        )
    file = read_carried(stream.getvalue())
    file.ignored.extend(ignored)
    return replace(result, file=file, elsewhere=len(lines) - count)


def _insee_code(cells: Mapping[str, str]) -> str:
    """Return the code of a commune in five characters; an older list gives its last three.

    What cannot be a code is none: the line is read by its name, and not taken for one of another
    territory.
    """
    code = cells.get("code", "").strip().upper()
    department = cells.get("department", "").strip().upper()
    if code.isdecimal() and department and len(code) <= 3:
        return f"{department.zfill(2)}{code.zfill(3 if len(department) < 3 else 2)}"[:5]
    return code if CODE.fullmatch(code) else ""


def read_line(line: SheetLine, territory: Territory) -> AuthorityLine:
    """Return what a line says, and its faults."""
    cells, wrong = line.cells, []
    place = territory.find(cells.get("code", ""), cells.get("siren", ""))
    if place is None:
        match = find_place(cells.get("commune", ""))
        place = match if isinstance(match, Affiliation) and not match.organisation else None
    if place is None:
        wrong.append("La commune n’est pas reconnue\u00a0: écrivez son nom, ou son code Insee.")
    values: dict[str, str | date | None] = {}
    notes: list[str] = []
    _read_head(cells, values, notes)
    for name, longest in LONGEST.items():
        if name in cells:
            values[name] = clean_name(cells[name])[:longest]
    check_address(cells, values, wrong, notes)
    texts = [text for text in values.values() if isinstance(text, str)]
    if any(unprintable(text) or "\ufffd" in text for text in texts):
        wrong.append("Un caractère ne s’imprime pas : retapez cette ligne.")
    if any(holds_link(str(values.get(name, ""))) for name in NAMES):
        wrong.append("Un nom ne contient pas d’adresse de site (« www. » ou « :// »).")
    return AuthorityLine(
        line.number, cells.get("commune", ""), place, values, tuple(wrong), tuple(notes)
    )


def _read_head(
    cells: Mapping[str, str], values: dict[str, str | date | None], notes: list[str]
) -> None:
    """Read who heads the place; a list that names nobody says nothing of it."""
    first, last = cells.get("first_name", ""), cells.get("last_name", "")
    whole, title = without_title(clean_name(cells.get("head", "")))
    if whole and not last:
        first, last = _split(whole)
    if not last:
        return
    titles = (cells.get("civility", ""), title, without_title(clean_name(last))[1])
    values["head_first_name"], values["head_last_name"] = (
        bare_name(first)[:60],
        bare_name(last)[:60],
    )
    values["head_civility"] = next(filter(None, map(civility_of, titles)), "")
    if text := cells.get("since", "").strip():
        values["head_since"] = _day(text)
        if values["head_since"] is None:
            notes.append(NOT_READ.format(BY_NAME["since"].head, text[:40]))


def _split(name: str) -> tuple[str, str]:
    """Return first and last name: capitals are the last name, else all but the first word."""
    words = name.split()
    capitals = [word for word in words if word.isupper() and len(word) > 1]
    if capitals and len(capitals) < len(words):
        return " ".join(word for word in words if word not in capitals), " ".join(capitals)
    return " ".join(words[:1]) if len(words) > 1 else "", " ".join(words[1:]) or name


def _day(text: str) -> date | None:
    match = DAY.fullmatch(text)
    if match is None:
        return None
    year, month, day = match[1] or match[6], match[2] or match[5], match[3] or match[4]
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def check_address(
    cells: Mapping[str, str], values: dict[str, Any], wrong: list[str], notes: list[str]
) -> None:
    """Read an address electronic and postal, and a telephone, in place; note what is not read."""
    if text := str(values.get("email", "")):
        parts = [part.strip("<>") for part in re.split(r"[;,\s/]+", text) if part]
        valid = [address for part in parts if (address := checked_address(part))]
        values["email"] = valid[0] if valid else ""
        if not valid:
            wrong.append(
                f"L’adresse électronique «\u00a0{text[:60]}\u00a0» ne paraît pas complète."
            )
        elif len(valid) > 1:
            notes.append(NOT_READ.format("autre adresse électronique", valid[1]))
    if text := str(values.get("phone", "")):
        parts = re.split(r"[/;,]|\bou\b", text)
        values["phone"] = next(filter(None, map(readable_number, parts)), "")
        if not values["phone"]:
            notes.append(NOT_READ.format(BY_NAME["phone"].head, text[:40]))
    if (text := str(values.get("street", ""))).startswith(("[", "{")):
        # A cell of the directory whose JSON was cut.
        values["street"] = ""
        notes.append(NOT_READ.format(BY_NAME["street"].head, text[:40]))
    if (text := str(values.get("postal_code", ""))) and not re.fullmatch(r"\d{5}", text):
        del values["postal_code"]
        notes.append(NOT_READ.format(BY_NAME["postal_code"].head, text))
