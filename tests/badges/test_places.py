"""Which place a text means: the cases of `cases/places.csv`, and every commune of a département."""

import csv
from functools import lru_cache
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from salon.badges.engine.matching import Affiliation, place_key
from salon.badges.engine.places import KnownPlace, containing, known_from, match_place
from salon.platform.words.territory import CommuneRow, EpciRow, former_communes, places_of


@lru_cache
def known_of(departments: str) -> tuple[KnownPlace, ...]:
    communes: list[CommuneRow] = []
    epcis: dict[str, EpciRow] = {}
    for code in departments.split(","):
        places = places_of(code)
        communes += places.communes
        epcis |= {epci.siren: epci for epci in places.epcis}
    return known_from(communes, list(epcis.values()), former_communes())


def test_places_are_understood_offered_or_refused() -> None:
    """« lieu »: the place surely meant; « parmi »: one of those offered; neither: nothing is near.

    A wrong place is never the answer.
    """
    path = Path(__file__).parent / "cases" / "places.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert len(rows) >= 300
    faults = []
    for row in rows:
        answer = match_place(row["texte"], known_of(row["départements"]))
        if isinstance(answer, Affiliation):
            is_right = answer.name == row["lieu"]
        elif row["parmi"]:
            is_right = row["parmi"] in [place.name for place in answer]
        else:
            is_right = not row["lieu"] and not answer
        if not is_right:
            faults.append((row, answer))
    assert faults == []


def test_no_commune_is_taken_for_another_nor_for_its_epci() -> None:
    known = known_of("34")
    for commune in [place for place in known if not place.kind]:
        name, code = commune.names[0], commune.place.commune_code
        for text in (name, f"mairie de {name}", f"{code} {name}"):
            answer = match_place(text, known)
            assert isinstance(answer, list) or answer.commune_code == code, text
        for text in (f"Agglo {name}", f"CC de {name}", f"{name} (agglo)"):
            answer = match_place(text, known)
            assert isinstance(answer, list) or answer.epci_siren == commune.epci_siren, text


def test_words_may_be_begun_in_any_order() -> None:
    places = [known.place for known in known_of("34")]
    keys = [place_key(place.name) for place in places]
    assert [place.name for place in containing("fos jean", places, keys)] == ["Saint-Jean-de-Fos"]
    assert containing("", places, keys) == []


@given(st.text())
def test_any_text_finds_a_place_or_not_without_failing(text: str) -> None:
    match_place(text, known_of("974"))
