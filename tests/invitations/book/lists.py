"""Lists with the headings of the public files, made for the communes of the Hérault."""

import csv
import io
import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from salon.platform.settings.installation import ROOT

ELECTED_HEADS = (
    *("Code du département", "Libellé du département"),
    *("Code de la collectivité à statut particulier",),
    *("Libellé de la collectivité à statut particulier",),
    *("Code de la commune", "Libellé de la commune", "Nom de l'élu", "Prénom de l'élu"),
    *("Code sexe", "Date de naissance", "Code de la catégorie socio-professionnelle"),
    *("Libellé de la catégorie socio-professionnelle", "Date de début du mandat"),
    *("Date de début de la fonction",),
)
WITHOUT_ADDRESS = 12
"""Town halls of the directory that give no address."""


@cache
def communes() -> Sequence[tuple[str, str, str]]:
    """Return code, name and postal code of the communes of the Hérault."""
    with (ROOT / "seed_data" / "communes.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter=";")
        return [(row["code_insee"], row["nom"], row["codes_postaux"][:5]) for row in rows]


def elected_list(changes: dict[str, tuple[str, str, str]] | None = None, sep: str = ";") -> bytes:
    """Return the mayors of the Hérault, two of another département, one deputy's line twice.

    `changes`: last name, first name and « M » or « F » of a commune, by its code.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=sep, lineterminator="\r\n")
    writer.writerow(ELECTED_HEADS)
    writer.writerow(_elected("48", "48095", "Mende", "PLANTIER", "Luce", "F"))
    for rank, (code, name, _) in enumerate(communes()):
        person = (changes or {}).get(code) or (
            f"MARTIN-{chr(65 + rank % 26)}OUST",
            "Claude",
            "MF"[rank % 2],
        )
        writer.writerow(_elected("34", code, name, *person))
    writer.writerow(_elected("48", "48061", "Florac Trois Rivières", "ROUX", "Jean", "M"))
    return stream.getvalue().encode()


def _elected(department: str, code: str, name: str, *person: str) -> tuple[str, ...]:
    last_name, first_name, sex = person
    return (
        *(department, "", "", "", code, name, last_name, first_name, sex, "01/02/1960", "31"),
        *("Profession libérale", "18/05/2020", "25/05/2020"),
    )


def directory(lost: Sequence[str] = ()) -> bytes:
    """Return the town halls of the Hérault as the State's JSON, one branch and one other service.

    The last WITHOUT_ADDRESS give no address, nor do those of the codes `lost`.
    """
    places = list(communes())
    silent = {code for code, _, _ in places[-WITHOUT_ADDRESS:]} | set(lost)
    services = [town_hall(code, name, town, code not in silent) for code, name, town in places]
    services.append({**services[0], "nom": "Mairie déléguée - Ailleurs"})
    services.append(
        {
            "nom": "Trésorerie",
            "code_insee_commune": "34032",
            "pivot": [{"type_service_local": "tresorerie"}],
        }
    )
    return json.dumps({"service": services}, ensure_ascii=False).encode()


def town_hall(code: str, name: str, postal_code: str, has_address: bool) -> dict[str, Any]:
    return {
        "nom": f"Mairie - {name}",
        "code_insee_commune": code,
        "pivot": [{"type_service_local": "mairie", "code_insee_commune": [code]}],
        "adresse": [
            {
                "type_adresse": "Adresse",
                "complement1": "",
                "numero_voie": "1 place de la Mairie",
                "service_distribution": "",
                "code_postal": postal_code,
                "nom_commune": name,
            }
        ],
        "telephone": [{"valeur": f"04 67 {code[1:3]} {code[3:]} 10", "description": ""}],
        "adresse_courriel": [f"mairie@c{code}.example"] if has_address else [],
    }
