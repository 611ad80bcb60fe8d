"""Import of the communes and the EPCI."""

import csv
from pathlib import Path

from salon.badges.engine.matching import place_key
from salon.badges.models import Commune, Epci
from salon.platform.db import transaction
from salon.platform.identity import Identity
from salon.platform.journal import write_entry


def load_places(folder: Path, actor: Identity) -> tuple[int, int]:
    """Load or refresh `communes.csv` and `epcis.csv`; return how many of each.

    A place that left the files stays: registrations point to it.
    """
    epcis = _rows(folder / "epcis.csv")
    communes = _rows(folder / "communes.csv")
    with transaction() as session:
        for row in epcis:
            session.merge(Epci(siren=row["siren"], name=row["nom"], kind=row["type"]))
        session.flush()
        for row in communes:
            session.merge(
                Commune(
                    code=row["code_insee"],
                    name=row["nom"],
                    search_key=place_key(row["nom"]),
                    postal_codes=row["codes_postaux"],
                    siren=row["siren"],
                    population=int(row["population"]),
                    arrondissement=row["arrondissement"],
                    epci_siren=row["epci_siren"],
                )
            )
        write_entry(session, actor, "places.loaded", communes=len(communes), epcis=len(epcis))
    return len(communes), len(epcis)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))
