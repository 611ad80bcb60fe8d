"""The directory of public services (annuaire de l’administration): its JSON, or its CSV.

Its services become the lines of a list that `authorities.py` reads.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from salon.platform.documents.spreadsheets.reader import UnreadableList, numbered_cells
from salon.platform.words.texts import folded

ENVELOPES = ("service", "services", "results", "records", "features", "data")
INNER = ("fields", "properties", "record")
SEATS = ("mairie", "epci")
BRANCHES = re.compile(r"\b(deleguee?|annexe|associee?|quartier|arrondissement)\b")
TOWN = re.compile(r"(.*?)[,\s]*\b(\d{5})\s+(.+)", re.DOTALL)
COLUMNS = ("commune", "code", "siren", "street", "postal_code", "city", "phone", "email")
NOT_THE_DIRECTORY = (
    "Ce fichier JSON n’est pas l’annuaire de l’administration\u00a0: il lui faut une liste de "
    "services avec «\u00a0nom\u00a0» et «\u00a0code_insee_commune\u00a0»."
)

Service = Mapping[str, object]


def read_directory(text: str) -> tuple[list[tuple[int, dict[str, str]]], int] | None:
    """Return the seats of communes and EPCI, by line, and how many other services were left out.

    None for a text that is not of the directory. Raises UnreadableList.
    """
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        services = list(enumerate(_services(text), start=2))
    else:
        services = list(_table(text))
    if not services:
        return None
    seats = [(number, _cells(service)) for number, service in services if _is_seat(service)]
    return seats, len(services) - len(seats)


def _services(text: str) -> list[Service]:
    try:
        content = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        raise UnreadableList("Ce fichier JSON ne se lit pas jusqu’au bout.") from None
    if isinstance(content, dict):
        content = next((content[name] for name in ENVELOPES if name in content), None)
    if not isinstance(content, list):
        raise UnreadableList(NOT_THE_DIRECTORY)
    services = [_inner(item) for item in content if isinstance(item, dict)]
    if not any("nom" in service and "code_insee_commune" in service for service in services):
        raise UnreadableList(NOT_THE_DIRECTORY)
    return services


def _inner(item: dict[str, Any]) -> Service:
    return next((item[name] for name in INNER if isinstance(item.get(name), dict)), item)


def _table(text: str) -> Iterator[tuple[int, Service]]:
    """Yield the services of a CSV whose headings are the fields of the directory."""
    rows = [row for row in numbered_cells(text) if any(cell.strip() for cell in row[1])]
    heads = [folded(cell).replace(" ", "_") for cell in rows[0][1]] if rows else []
    if not {"code_insee_commune", "adresse_courriel"} <= set(heads):
        return
    for number, cells in rows[1:]:
        yield number, dict(zip(heads, cells, strict=False))


def _is_seat(service: Service) -> bool:
    """Return whether a service is a town hall or an EPCI, not a branch of one."""
    name = folded(_text(service.get("nom")))
    pivots = [pivot for pivot in _list(service.get("pivot")) if isinstance(pivot, dict)]
    kinds = [_text(pivot.get("type_service_local")) for pivot in pivots]
    kinds += [_text(service.get(field)) for field in ("type_service_local", "type")]
    kinds = [folded(kind) for kind in kinds if kind] or [name]
    return any(kind.startswith(SEATS) for kind in kinds) and not BRANCHES.search(name)


def _cells(service: Service) -> dict[str, str]:
    street, postal_code, city = _address(service.get("adresse"))
    name = _text(service.get("nom"))
    siren = _text(service.get("siren")) or _text(service.get("siret"))[:9]
    is_epci = not folded(name).startswith("mairie")
    cells = (
        re.sub(r"^mairie\s*(?:-|–|d[eu]s?\s|d['’])?\s*", "", name, flags=re.IGNORECASE),
        "" if is_epci else _text(service.get("code_insee_commune")),
        siren if is_epci else "",
        *(street, postal_code, city),
        *(_first(service.get(field), "valeur") for field in ("telephone", "adresse_courriel")),
    )
    return dict(zip(COLUMNS, cells, strict=True))


def _address(value: object) -> tuple[str, str, str]:
    """Return street, postal code and town; of several addresses, the one for letters."""
    addresses = [item for item in _list(value) if isinstance(item, dict)]
    if not addresses:
        text = _text(value)
        town = TOWN.fullmatch(text)
        return (town[1], town[2], town[3]) if town else (text, "", "")
    address = next(
        (item for item in addresses if "postale" in folded(_text(item.get("type_adresse")))),
        addresses[0],
    )
    parts = ("complement1", "complement2", "numero_voie", "service_distribution")
    street = ", ".join(filter(None, (_text(address.get(part)) for part in parts)))
    return street, _text(address.get("code_postal")), _text(address.get("nom_commune"))


def _first(value: object, field: str) -> str:
    """Return the first text of a value: a text, a list of texts, or of objects with a `field`."""
    for item in _list(value) or [value]:
        if text := _text(item.get(field) if isinstance(item, dict) else item):
            return text
    return ""


def _list(value: object) -> list[object]:
    """Return a list as such, one written as JSON in a cell too."""
    if isinstance(value, str) and value.lstrip()[:1] in ("[", "{"):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return []
    if isinstance(value, dict):
        return [value]
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
