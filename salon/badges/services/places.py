"""The communes and EPCI that people may represent, by département."""

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from salon.badges import rules
from salon.badges.actions import BadgeAction
from salon.badges.engine.matching import place_key
from salon.badges.models import Commune, Epci
from salon.badges.queries.places import of_department
from salon.fair.imports.seed_tables import read_table
from salon.platform.database.act import Act
from salon.platform.database.journal import write_entry
from salon.platform.words.territory import CommuneRow, EpciRow, Places, places_of

COMMUNE_COLUMNS = (
    *("code_insee", "nom", "codes_postaux", "siren", "population"),
    *("arrondissement", "epci_siren"),
)


def load_places(act: Act, folder: Path) -> tuple[int, int]:
    """Load or refresh `communes.csv` and `epcis.csv`; return how many of each.

    A place that left the files stays: registrations point to it.
    """
    epcis = [
        EpciRow(*row.cells.values())
        for row in read_table(folder / "epcis.csv", "siren", "nom", "type")
    ]
    rows = (row.cells for row in read_table(folder / "communes.csv", *COMMUNE_COLUMNS))
    communes = [
        CommuneRow(
            row["code_insee"],
            row["nom"],
            row["codes_postaux"],
            row["siren"],
            int(row["population"]),
            row["arrondissement"],
            row["epci_siren"],
        )
        for row in rows
    ]
    with act.transaction() as session:
        _write_places(session, communes, epcis)
        write_entry(
            session, act.actor, BadgeAction.PLACES_LOADED, communes=len(communes), epcis=len(epcis)
        )
    return len(communes), len(epcis)


def load_department(act: Act, code: str) -> tuple[int, int]:
    """Load or refresh the places of a département; return how many communes and EPCI.

    A place that left the official list stays: registrations point to it. Raises NoSuchDepartment.
    """
    places = places_of(code)
    with act.transaction() as session:
        write_department(act, session, code, places)
    return len(places.communes), len(places.epcis)


def write_department(act: Act, session: Session, code: str, places: Places) -> None:
    """Write the places of a département within the transaction of a use case."""
    _write_places(session, places.communes, places.epcis)
    write_entry(
        session,
        act.actor,
        BadgeAction.PLACES_LOADED,
        department=code,
        communes=len(places.communes),
        epcis=len(places.epcis),
    )


def remove_department(act: Act, code: str) -> None:
    """Remove the places of a département. Raises DepartmentInUse once somebody represents one."""
    try:
        with act.transaction() as session:
            session.execute(delete(Commune).where(of_department(code)))
            used = select(Commune.epci_siren).where(Commune.epci_siren.is_not(None))
            session.execute(delete(Epci).where(Epci.siren.not_in(used)))
            write_entry(session, act.actor, BadgeAction.PLACES_REMOVED, department=code)
    except IntegrityError:
        raise rules.DepartmentInUse from None


def _write_places(
    session: Session, communes: Iterable[CommuneRow], epcis: Iterable[EpciRow]
) -> None:
    for epci in epcis:
        session.merge(Epci(siren=epci.siren, name=epci.name, kind=epci.kind))
    session.flush()
    for commune in communes:
        session.merge(
            Commune(
                code=commune.code,
                name=commune.name,
                search_key=place_key(commune.name),
                postal_codes=commune.postal_codes,
                siren=commune.siren,
                population=commune.population,
                arrondissement=commune.arrondissement,
                epci_siren=commune.epci_siren or None,
            )
        )
