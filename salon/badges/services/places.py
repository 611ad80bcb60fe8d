"""Import of the communes and the EPCI."""

from pathlib import Path

from salon.badges.engine.matching import place_key
from salon.badges.models import Commune, Epci
from salon.fair.imports.seed_tables import read_table
from salon.platform.db import transaction
from salon.platform.identity import Identity
from salon.platform.journal import write_entry

COMMUNE_COLUMNS = (
    *("code_insee", "nom", "codes_postaux", "siren", "population"),
    *("arrondissement", "epci_siren"),
)


def load_places(folder: Path, actor: Identity) -> tuple[int, int]:
    """Load or refresh `communes.csv` and `epcis.csv`; return how many of each.

    A place that left the files stays: registrations point to it.
    """
    epcis = [row.cells for row in read_table(folder / "epcis.csv", "siren", "nom", "type")]
    communes = [row.cells for row in read_table(folder / "communes.csv", *COMMUNE_COLUMNS)]
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
