"""Files of a release, read by the tools that portals use. On both databases."""

import csv
import io
import json
from pathlib import Path

import pytest
from flask import Flask
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS
from rdflib.plugins.parsers.jsonld import to_rdf

from salon.exhibitors.queries.open_data import LICENCE_URL
from salon.open_data.documents.catalogue import AUTHORITY
from salon.platform.documents.spreadsheets.cells import from_export
from tests.appointments.make import Fair, book, make_fair
from tests.factories import make_edition, make_places
from tests.open_data.make import (
    HOSTILE,
    PAGE,
    SITE,
    check_package,
    datasets_by_key,
    files_of,
    graph_of,
    past_fair,
    save_files,
)

KEYS = [
    *("exposants", "programme", "themes"),
    *("frequentation-quarts-d-heure", "frequentation-categories", "frequentation-epci"),
]
PREFIXES = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX spdx: <http://spdx.org/rdf/terms#>
PREFIX vcard: <http://www.w3.org/2006/vcard/ns#>
"""
REQUIRED = {
    "dcat:Catalog": [
        *("dct:title", "dct:description", "dct:publisher/foaf:name", "dct:license"),
        *("dct:language", "dct:issued", "dct:modified", "foaf:homepage", "dcat:dataset"),
    ],
    "dcat:Dataset": [
        *("dct:title", "dct:description", "dct:publisher/foaf:name", "dct:identifier"),
        *("dcat:contactPoint/vcard:fn", "dcat:keyword", "dcat:theme", "dct:accessRights"),
        *("dct:temporal/dcat:startDate", "dct:temporal/dcat:endDate", "dct:spatial"),
        *("dct:issued", "dct:modified", "dcat:landingPage", "dcat:distribution"),
    ],
    "dcat:Distribution": [
        *("dcat:accessURL", "dcat:downloadURL", "dct:format", "dcat:mediaType", "dct:license"),
        *("dcat:byteSize", "spdx:checksum/spdx:checksumValue", "dct:conformsTo", "dct:issued"),
    ],
}
"""The mandatory and recommended properties of DCAT-AP 3.0, by class."""


@pytest.mark.on_both
def test_each_table_is_valid_against_its_schema(app: Flask, tmp_path: Path) -> None:
    files = files_of(past_fair())
    save_files({name: file.content for name, file in files.items()}, tmp_path)
    assert check_package(tmp_path) == KEYS
    damaged = (tmp_path / "frequentation-epci.csv").read_bytes().replace(b";8", b";huit")
    (tmp_path / "frequentation-epci.csv").write_bytes(damaged)
    with pytest.raises(AssertionError, match="huit"):
        check_package(tmp_path)


def test_the_catalogue_holds_what_dcat_ap_asks_for(app: Flask) -> None:
    files = files_of(past_fair(contact_email="salon@organisateur.example"))
    graph = graph_of(files["catalogue.ttl"].content)
    for kind, properties in REQUIRED.items():
        subjects = list(graph.query(f"{PREFIXES} SELECT DISTINCT ?s {{ ?s a {kind} }}"))
        assert len(subjects) == (1 if kind == "dcat:Catalog" else len(KEYS))
        for path in properties:
            without = f"SELECT ?s {{ ?s a {kind} FILTER NOT EXISTS {{ ?s {path} ?value }} }}"
            assert list(graph.query(PREFIXES + without)) == [], (kind, path)
    page = SITE + PAGE
    catalogue = URIRef(f"{page}#catalogue")
    assert set(graph.objects(catalogue, DCAT.dataset)) == {URIRef(f"{page}#{key}") for key in KEYS}
    dataset = URIRef(f"{page}#frequentation-epci")
    assert graph.value(dataset, DCTERMS.spatial) == URIRef("http://id.insee.fr/geo/departement/34")
    assert graph.value(dataset, DCAT.theme) == URIRef(f"{AUTHORITY}/data-theme/GOVE")
    distribution = graph.value(dataset, DCAT.distribution)
    address = URIRef(f"{page}/1/frequentation-epci.csv")
    assert graph.value(distribution, DCAT.downloadURL) == address
    assert graph.value(distribution, DCTERMS.license) == URIRef(LICENCE_URL)
    schema = URIRef(f"{page}/1/frequentation-epci.schema.json")
    assert graph.value(distribution, DCTERMS.conformsTo) == schema
    size = graph.value(distribution, DCAT.byteSize)
    assert size is not None
    assert int(size) == len(files["frequentation-epci.csv"].content)
    assert (None, None, URIRef("mailto:salon@organisateur.example")) in graph


def test_both_forms_of_the_catalogue_say_the_same(app: Flask) -> None:
    files = files_of(past_fair())
    linked = to_rdf(json.loads(files["catalogue.jsonld"].content), Graph())
    graph = graph_of(files["catalogue.ttl"].content)
    assert isomorphic(linked, graph)
    contact = URIRef(f"{SITE}/mentions-legales")
    assert (None, URIRef("http://www.w3.org/2006/vcard/ns#hasURL"), contact) in graph


def test_the_files_tell_the_published_facts_and_no_small_count(app: Flask) -> None:
    datasets = datasets_by_key(past_fair())
    assert list(datasets) == KEYS
    assert [row[0] for row in datasets["exposants"].rows] == ["Éclairage", HOSTILE]
    assert datasets["exposants"].rows[0][9].startswith(f"{SITE}/e/2021/exposants/")
    assert datasets["programme"].rows == [
        (
            "2021-10-01T09:00:00+02:00",
            "2021-10-01T10:00:00+02:00",
            *("Ouverture", "Salle A", "Défense incendie", ""),
        )
    ]
    assert datasets["frequentation-quarts-d-heure"].rows == [
        ("2021-10-01T09:00:00+02:00", "2021-10-01T09:15:00+02:00", 5),
        ("2021-10-01T09:15:00+02:00", "2021-10-01T10:45:00+02:00", 9),
    ]
    assert datasets["frequentation-categories"].rows == [("Autres", 14)]
    assert datasets["frequentation-epci"].rows == [
        ("243400769", "CA de Béziers-Méditerranée", 8),
        ("200066348", "CC du Minervois au Caroux", 6),
    ]
    assert "1\u00a0ligne" in datasets["frequentation-quarts-d-heure"].masked
    assert "sous « Autres »" in datasets["frequentation-categories"].masked
    assert datasets["frequentation-epci"].masked.startswith("Aucune")


def test_no_cell_is_a_formula_and_no_speaker_is_named(app: Flask) -> None:
    files = files_of(past_fair())
    text = files["exposants.csv"].content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t")]
    assert from_export(rows[2][0]) == HOSTILE
    assert not [name for name, file in files.items() if b"Claire Roux" in file.content]


def fair_with_appointments() -> Fair:
    """Six people on a theme, two on the second, none on the third."""
    make_places()
    fair = make_fair(make_edition(), agents={"Département": 2, "Hérault THD": 1})
    for hour in (9, 10, 11):
        for _ in range(2):
            book(fair, at=fair.at(hour))
    for hour in (9, 10):
        book(fair, at=fair.at(hour), body="Hérault THD")
    return fair


def test_a_theme_of_few_people_hides_its_appointments_and_another_s(app: Flask) -> None:
    themes = datasets_by_key(fair_with_appointments().edition)["themes"]
    assert [(row[1], row[5]) for row in themes.rows] == [
        ("Soutien aux communes", ""),
        ("Fibre", ""),
        ("Défense incendie", 0),
    ]
    assert "2\u00a0thèmes" in themes.masked


def test_five_people_on_each_theme_are_shown(app: Flask) -> None:
    fair = fair_with_appointments()
    for hour in (11, 14, 15):
        book(fair, at=fair.at(hour), body="Hérault THD")
    themes = datasets_by_key(fair.edition)["themes"]
    assert [row[5] for row in themes.rows] == [6, 5, 0]


def test_before_its_end_a_fair_has_no_attendance(app: Flask) -> None:
    make_places()
    datasets = datasets_by_key(make_edition())
    assert {key for key, dataset in datasets.items() if dataset.is_empty} == set(KEYS)
