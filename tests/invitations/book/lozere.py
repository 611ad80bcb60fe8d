"""The two public files of the Lozère, made by hand with their real headings and their faults."""

import csv
import io
import json
from collections.abc import Sequence

from salon.platform.words.territory import CommuneRow, places_of
from tests.invitations.book.lists import ELECTED_HEADS

DIRECTORY_HEADS = (
    *("plage_ouverture", "site_internet", "copyright", "siren", "ancien_code_pivot"),
    *("reseau_social", "texte_reference", "partenaire", "telecopie", "nom", "siret"),
    *("itm_identifiant", "sigle", "affectation_personne", "date_modification"),
    *("adresse_courriel", "service_disponible", "organigramme", "pivot"),
    *("partenaire_identifiant", "ancien_identifiant", "id", "ancien_nom"),
    *("commentaire_plage_ouverture", "annuaire", "tchat", "hierarchie", "categorie", "sve"),
    *("telephone_accessible", "application_mobile", "version_type", "type_repertoire"),
    *("telephone", "version_etat_modification", "date_creation"),
    *("partenaire_date_modification", "mission", "formulaire_contact", "version_source"),
    *("type_organisme", "code_insee_commune", "statut_de_diffusion", "adresse"),
    *("url_service_public", "information_complementaire", "date_diffusion"),
)
FIRST_NAMES = (("Agnès", "F"), ("Bruno", "M"), ("Cécile", "F"), ("Denis", "M"), ("Élise", "F"))
LAST_NAMES = ("AMARGER", "BOULET", "CHAPTAL", "DELMAS", "ESTEVENON", "FAGES", "GAILLARD")
INCOMPLETE, SILENT, TWO_ADDRESSES, TWO_PHONES, CUT_CELL = 4, 5, 6, 7, 8
"""Ranks of the communes whose lines have a fault: an address without its end, no address, two
addresses, two telephones, a cell cut in the middle of its JSON."""


def communes() -> Sequence[CommuneRow]:
    return places_of("48").communes


def mail_of(commune: CommuneRow) -> str:
    return f"mairie@c{commune.code}.example"


def mayor_of(rank: int) -> tuple[str, str, str]:
    """Return last name, first name and « M » or « F »."""
    return (LAST_NAMES[rank % 7], *FIRST_NAMES[rank % 5])


def elected_list() -> bytes:
    """Return the mayors; with two of elsewhere, a repeated line, a day that is none, spaces around
    a name, and a code without its first digits."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(ELECTED_HEADS)
    for rank, commune in enumerate(communes()):
        code = {2: "3"}.get(rank, commune.code)
        since = {3: "31/02/2026"}.get(rank, "28/03/2026")
        last, first, sex = mayor_of(rank)
        line = ("48", "Lozère", "", "", code, commune.name, f" {last} ", first, sex)
        birth = ("01/02/1960", "31", "Profession libérale", "22/03/2026", since)
        writer.writerow((*line, *birth))
        if rank == 5:
            writer.writerow((*line, *birth))
    for code, name in (("34032", "Béziers"), ("12145", "Millau")):
        elsewhere = (code[:2], "", "", "", code, name, "ROUX", "Jean", "M")
        writer.writerow((*elsewhere, "01/02/1960", "31", "Retraité", "22/03/2026", "28/03/2026"))
    return stream.getvalue().encode("utf-8-sig")


def directory(*more: dict[str, str], delimiter: str = ";") -> bytes:
    """Return the town halls as the CSV whose cells hold JSON, and what is no town hall: a branch, a
    tax office; with the faults of INCOMPLETE to CUT_CELL; then more lines."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, DIRECTORY_HEADS, delimiter=delimiter, restval="")
    writer.writeheader()
    writer.writerows(more)
    for rank, commune in enumerate(communes()):
        row = _town_hall(commune)
        mail = row["adresse_courriel"]
        row["adresse_courriel"] = {
            INCOMPLETE: mail.partition(".")[0],
            SILENT: "",
            TWO_ADDRESSES: f"{mail};secretariat@c{commune.code}.example",
        }.get(rank, mail)
        if rank == TWO_PHONES:
            row["telephone"] = _json({"valeur": "0466100001"}, {"valeur": "0466100002"})
        if rank == CUT_CELL:
            row["adresse"] = row["adresse"][:60]
        writer.writerow(row)
    branch = _town_hall(communes()[0])
    writer.writerow({**branch, "nom": "Mairie déléguée - Le Malzieu-Forain"})
    office = {"nom": "Trésorerie de Mende", "pivot": _json({"type_service_local": "tresorerie"})}
    writer.writerow({**branch, **office})
    return stream.getvalue().encode("utf-8-sig")


def seat_of_epci() -> dict[str, str]:
    """Return the line of an EPCI, at an address for letters."""
    first, (epci, *_) = _town_hall(communes()[0]), places_of("48").epcis
    seat = json.loads(first["adresse"])[0]
    letters = {**seat, "type_adresse": "Adresse postale", "numero_voie": "BP 3"}
    return {
        **first,
        "siren": epci.siren,
        "nom": f"Communauté de communes - {epci.name}",
        "adresse_courriel": "cc@epci.example",
        "pivot": _json({"type_service_local": "epci", "code_insee_commune": ["48001"]}),
        "adresse": _json(seat, letters),
    }


def _town_hall(commune: CommuneRow) -> dict[str, str]:
    hours = {"nom_jour_debut": "Lundi", "nom_jour_fin": "Vendredi", "commentaire": ""}
    address = {
        "type_adresse": "Adresse",
        "complement1": "",
        "complement2": "",
        "numero_voie": "1 place de la Mairie",
        "service_distribution": "",
        "code_postal": commune.postal_codes[:5],
        "nom_commune": commune.name,
        "pays": "France",
        "longitude": "3.5",
        "latitude": "44.5",
    }
    return {
        "plage_ouverture": _json(hours),
        "site_internet": _json({"libelle": "", "valeur": f"https://c{commune.code}.example"}),
        "siren": commune.siren,
        "nom": f"Mairie - {commune.name}",
        "adresse_courriel": mail_of(commune),
        "pivot": _json({"type_service_local": "mairie", "code_insee_commune": [commune.code]}),
        "telephone": _json({"valeur": f"04 66 {commune.code[1:3]} {commune.code[3:]} 10"}),
        "code_insee_commune": commune.code,
        "adresse": _json(address),
    }


def _json(*values: object) -> str:
    return json.dumps(values, ensure_ascii=False)
