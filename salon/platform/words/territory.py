"""Départements of France with their communes and EPCI, read from the file built at set-up."""

import gzip
import json
import re
from functools import lru_cache
from typing import Any, NamedTuple

from salon.platform.settings.installation import ROOT

PATH = ROOT / "static" / "vendor" / "territory" / "france.json.gz"
CODE = re.compile(r"0[1-9]|2[AB]|[13-8]\d|2[1-9]|9[0-5]|97[1-8]|98[678]")
MAINLAND_ZONE = "Europe/Paris"
OVERSEAS_ZONES = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}
CLOCKS = {
    "America/Guadeloupe": "heure de la Guadeloupe",
    "America/Martinique": "heure de la Martinique",
    "America/Cayenne": "heure de la Guyane",
    "Indian/Reunion": "heure de La Réunion",
    "America/Miquelon": "heure de Saint-Pierre-et-Miquelon",
    "Indian/Mayotte": "heure de Mayotte",
    "America/St_Barthelemy": "heure de Saint-Barthélemy",
    "America/Marigot": "heure de Saint-Martin",
    "Pacific/Wallis": "heure de Wallis-et-Futuna",
    "Pacific/Tahiti": "heure de Tahiti",
    "Pacific/Noumea": "heure de Nouvelle-Calédonie",
}
"""Name of the hours of each zone overseas: a reader may be elsewhere."""


class Department(NamedTuple):
    code: str
    name: str

    @property
    def label(self) -> str:
        return f"{self.name} ({self.code})"


class EpciRow(NamedTuple):
    """An intercommunalité; `kind` is CC, CA, CU or Métropole."""

    siren: str
    name: str
    kind: str


class CommuneRow(NamedTuple):
    """A commune; `postal_codes` are separated by « | », `epci_siren` is "" on a few islands."""

    code: str
    name: str
    postal_codes: str
    siren: str
    population: int
    arrondissement: str
    epci_siren: str


class FormerCommune(NamedTuple):
    """A delegated or associated commune, or an arrondissement of Paris, Lyon or Marseille, by its
    own name and INSEE code."""

    name: str
    code: str


class Places(NamedTuple):
    communes: list[CommuneRow]
    epcis: list[EpciRow]


class NoSuchDepartment(LookupError):
    """No département of France has this code."""


@lru_cache(maxsize=1)
def departments() -> tuple[Department, ...]:
    """Return every département and collectivité that has communes, by code."""
    return tuple(sorted(Department(*row) for row in _read()["departments"]))


def get_department(code: str) -> Department:
    """Return the département of this code. Raises NoSuchDepartment."""
    for department in departments():
        if department.code == code:
            return department
    raise NoSuchDepartment(code)


def places_of(department_code: str) -> Places:
    """Return the communes of a département and their EPCI. Raises NoSuchDepartment."""
    get_department(department_code)
    content = _read()
    communes = [
        CommuneRow(*row) for row in content["communes"] if department_of(row[0]) == department_code
    ]
    sirens = {commune.epci_siren for commune in communes}
    return Places(communes, [EpciRow(*row) for row in content["epcis"] if row[0] in sirens])


@lru_cache(maxsize=1)
def former_communes() -> dict[str, list[FormerCommune]]:
    """Return the communes that became a part of another one, by the code of that one."""
    parts: dict[str, list[FormerCommune]] = {}
    for name, code, commune_code in _read().get("former", ()):
        parts.setdefault(commune_code, []).append(FormerCommune(name, code))
    return parts


def department_of(commune_code: str) -> str:
    """Return the département of a commune: three characters overseas, two elsewhere."""
    return commune_code[: 3 if commune_code.startswith(("97", "98")) else 2]


def is_department_code(text: str) -> bool:
    """Return whether a text is written as the code of a département or collectivité."""
    return CODE.fullmatch(text) is not None


def zone_of(department_code: str) -> str:
    """Return the time zone (IANA) of a département."""
    return OVERSEAS_ZONES.get(department_code, MAINLAND_ZONE)


def _read() -> Any:
    return json.loads(gzip.decompress(PATH.read_bytes()))
