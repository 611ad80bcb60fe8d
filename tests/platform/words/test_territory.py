import csv
from zoneinfo import available_timezones

import pytest

from salon.platform.settings.installation import ROOT
from salon.platform.words.territory import (
    OVERSEAS_ZONES,
    NoSuchDepartment,
    departments,
    get_department,
    is_department_code,
    places_of,
    zone_of,
)


def _rows_of(name: str) -> list[list[str]]:
    with (ROOT / "seed_data" / name).open(encoding="utf-8") as stream:
        return list(csv.reader(stream, delimiter=";"))[1:]


def test_the_demonstration_has_the_communes_of_its_departement() -> None:
    communes, epcis = places_of("34")
    assert [[*map(str, commune)] for commune in communes] == _rows_of("communes.csv")
    assert sorted([*epci] for epci in epcis) == sorted(_rows_of("epcis.csv"))


def test_every_departement_has_a_name_communes_and_a_zone() -> None:
    codes = [department.code for department in departments()]
    assert len(codes) == 107
    assert all(is_department_code(code) for code in codes)
    assert {zone_of(code) for code in codes} <= available_timezones()
    assert set(OVERSEAS_ZONES) <= set(codes)
    assert get_department("2A").label == "Corse-du-Sud (2A)"


@pytest.mark.parametrize(
    ("code", "communes", "epcis", "zone"),
    [
        ("11", 433, 10, "Europe/Paris"),
        ("974", 24, 5, "Indian/Reunion"),
        ("975", 2, 0, "America/Miquelon"),
    ],
)
def test_the_places_of_a_departement(code: str, communes: int, epcis: int, zone: str) -> None:
    places = places_of(code)
    assert (len(places.communes), len(places.epcis), zone_of(code)) == (communes, epcis, zone)
    sirens = {epci.siren for epci in places.epcis}
    assert {commune.epci_siren for commune in places.communes if commune.epci_siren} == sirens


def test_an_unknown_departement_is_refused() -> None:
    assert not any(map(is_department_code, ("", "00", "20", "96", "979", "1", "34 ")))
    with pytest.raises(NoSuchDepartment):
        places_of("20")
