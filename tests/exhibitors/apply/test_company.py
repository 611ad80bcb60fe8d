"""The State's company search over real HTTP: what it says, how it fails, how slow it is."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salon.exhibitors.engine.company import Company, vat_number_of
from salon.exhibitors.imports.company_lookup import (
    find_company,
    read_answer,
)
from salon.exhibitors.models import OrganisationKind, Sector
from salon.platform.web.outgoing import BIGGEST_ANSWER
from tests.exhibitors.apply.company_server import (
    ASSOCIATION,
    CLOSED,
    HIDDEN,
    LIGHTING,
    POST_OFFICE,
    TOWN,
    UNITS,
    CompanyServer,
    company_server,
    documented_answer,
    establishment,
    unit,
)
from tests.processes import PATIENCE_S, wait_for
from tests.tables import each

SHORT = 0.3


@pytest.fixture
def server() -> Iterator[CompanyServer]:
    with company_server() as server:
        yield server


def test_a_company_is_read_from_the_documented_answer(server: CompanyServer) -> None:
    assert find_company(LIGHTING, server.url, PATIENCE_S) == Company(
        siret=LIGHTING,
        legal_name="ECLAIRAGE DU BITERROIS",
        trade_name="LUMIÈRE 34",
        address="12 RUE DES VIGNES",
        postal_code="34500",
        city="BEZIERS",
        activity="43.21A",
        kind=OrganisationKind.COMPANY,
        is_closed=False,
    )


def test_the_question_is_bounded_to_what_is_needed(server: CompanyServer) -> None:
    find_company(LIGHTING, f"{server.url}/", PATIENCE_S)
    assert server.asked == [
        f"/search?q={LIGHTING}&minimal=true"
        "&include=siege%2Ccomplements%2Cmatching_etablissements&page=1&per_page=1"
    ]


def test_an_establishment_that_is_not_the_seat_is_found(server: CompanyServer) -> None:
    company = find_company(POST_OFFICE, server.url, PATIENCE_S)
    assert company is not None
    assert (company.siret, company.address, company.activity) == (
        POST_OFFICE,
        "1 PL GAMBETTA",
        "53.10Z",
    )


@pytest.mark.parametrize(
    ("siret", "kind"),
    [
        (LIGHTING, OrganisationKind.COMPANY),
        (ASSOCIATION, OrganisationKind.ASSOCIATION),
        (TOWN, OrganisationKind.PUBLIC_BODY),
    ],
)
def test_the_kind_of_organisation_is_told(
    server: CompanyServer, siret: str, kind: OrganisationKind
) -> None:
    company = find_company(siret, server.url, PATIENCE_S)
    assert company is not None
    assert company.kind == kind


@pytest.mark.parametrize(
    ("legal_form", "more", "kind"),
    [
        ("7346", {}, "public_body"),
        ("4110", {}, "public_body"),
        ("4140", None, "public_body"),
        ("5710", {"est_service_public": True}, "public_body"),
        ("5710", {"collectivite_territoriale": {"code": "34"}}, "public_body"),
        ("9220", {"est_association": True}, "association"),
        ("9300", {}, "association"),
        ("5499", {"est_association": True}, "association"),
        ("1000", {}, "company"),
        ("5710", {"est_service_public": "oui"}, "company"),
    ],
)
def test_legal_forms(legal_form: str, more: Any, kind: str) -> None:
    unit_json = unit(LIGHTING, "X", nature_juridique=legal_form, complements=more)
    company = read_answer(LIGHTING, documented_answer(unit_json))
    assert company is not None
    assert company.kind == kind


def test_a_closed_establishment_is_told(server: CompanyServer) -> None:
    company = find_company(CLOSED, server.url, PATIENCE_S)
    assert company is not None
    assert company.is_closed


def test_an_establishment_of_a_ceased_company_is_closed() -> None:
    company = read_answer(LIGHTING, documented_answer(unit(LIGHTING, "X", etat_administratif="C")))
    assert company is not None
    assert company.is_closed


def test_an_unknown_siret_is_no_company(server: CompanyServer) -> None:
    assert find_company("55208131766522", server.url, PATIENCE_S) is None


def test_another_establishment_is_never_taken_for_this_one() -> None:
    assert read_answer(POST_OFFICE, documented_answer(UNITS[LIGHTING])) is None


@pytest.mark.parametrize("name", [None, "", 12])
def test_a_sole_trader_has_a_full_name_only(name: Any) -> None:
    unit_json = unit(LIGHTING, "JEANNE MARTIN", nom_raison_sociale=name, nature_juridique="1000")
    company = read_answer(LIGHTING, documented_answer(unit_json))
    assert company is not None
    assert company.legal_name == "JEANNE MARTIN"


@pytest.mark.parametrize("state", ["A", "F"])
def test_what_the_state_does_not_publish_stays_blank(server: CompanyServer, state: str) -> None:
    """Many sole traders ask INSEE for it; the town and the state are told all the same."""
    unit_json = {**UNITS[HIDDEN], "siege": {**UNITS[HIDDEN]["siege"], "etat_administratif": state}}
    server.will_say(200, json.dumps(documented_answer(unit_json)).encode())
    company = find_company(HIDDEN, server.url, PATIENCE_S)
    assert company is not None
    assert (company.legal_name, company.trade_name, company.address, company.postal_code) == (
        "",
    ) * 4
    assert (company.city, company.is_closed) == ("BEZIERS", state == "F")


def test_hostile_characters_do_not_pass() -> None:
    unit_json = unit(
        LIGHTING, "MAISON\u0000 \ud800<b>\nDUPONT\u202e", place={"adresse": "x" * 5_000}
    )
    company = read_answer(LIGHTING, documented_answer(unit_json))
    assert company is not None
    assert company.legal_name == "MAISON <b> DUPONT"
    assert len(company.address) == 200


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
def test_an_error_is_no_company(server: CompanyServer, status: int) -> None:
    server.will_say(status, json.dumps({"erreur": "Veuillez patienter."}).encode())
    assert find_company(LIGHTING, server.url, PATIENCE_S) is None


BROKEN = {
    "empty": b"",
    "not JSON": b"<html>Maintenance</html>",
    "cut": b'{"results": [{"siren": "443061841", ',
    "not UTF-8": b'{"results": "\xff\xfe"}',
    "null": b"null",
    "a list": b"[]",
    "a number": b"12",
    "no results": b"{}",
    "results of another type": b'{"results": {"siren": "443061841"}}',
    "texts for results": b'{"results": ["443061841"]}',
    "a text for the seat": b'{"results": [{"siege": "44306184100047"}]}',
    "numbers for texts": b'{"results": [{"siege": {"siret": 44306184100047}}]}',
    "nested without end": b"[" * 400_000,
    "establishments of another type": b'{"results": [{"matching_etablissements": 3}]}',
}


@each("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_answer_is_no_company(server: CompanyServer, content: bytes) -> None:
    server.will_say(200, content)
    assert find_company(LIGHTING, server.url, PATIENCE_S) is None


def test_wrong_types_beside_a_right_siret_are_left_out(server: CompanyServer) -> None:
    place = establishment(LIGHTING, adresse=3, code_postal=None, liste_enseignes=[5])
    unit_json = unit(LIGHTING, "X", complements=[], siege=place, activite_principale={})
    server.will_say(200, json.dumps(documented_answer(unit_json)).encode())
    company = find_company(LIGHTING, server.url, PATIENCE_S)
    assert company is not None
    assert (company.address, company.postal_code, company.trade_name) == ("", "", "X")


def test_an_answer_of_10_megabytes_is_left(server: CompanyServer) -> None:
    answer = documented_answer(unit(LIGHTING, "X", sigle="x" * 10_000_000))
    server.will_say(200, json.dumps(answer).encode())
    assert find_company(LIGHTING, server.url, PATIENCE_S) is None


def test_the_largest_answer_is_read(server: CompanyServer) -> None:
    content = json.dumps(documented_answer(UNITS[LIGHTING])).encode()
    server.will_say(200, content + b" " * (BIGGEST_ANSWER - len(content)))
    assert find_company(LIGHTING, server.url, PATIENCE_S) is not None
    server.will_say(200, server.content + b" ")
    assert find_company(LIGHTING, server.url, PATIENCE_S) is None


def test_no_redirect_is_followed(server: CompanyServer) -> None:
    with company_server() as other_server:
        server.mode, server.elsewhere = "redirect", other_server.url
        assert find_company(LIGHTING, server.url, PATIENCE_S) is None
        assert (len(server.asked), other_server.asked) == (1, [])


@pytest.mark.parametrize("mode", ["hang", "drip", "drip_head"])
def test_a_slow_server_is_left_at_the_time_out(server: CompanyServer, mode: str) -> None:
    """Each would answer in full after half a minute."""
    server.mode = mode
    assert find_company(LIGHTING, server.url, SHORT) is None
    assert len(server.asked) <= 1


def test_slow_questions_give_their_room_back(server: CompanyServer) -> None:
    server.mode = "drip"
    for _ in range(10):
        assert find_company(LIGHTING, server.url, 0.05) is None
    server.mode = "search"
    wait_for(lambda: find_company(LIGHTING, server.url, PATIENCE_S), "an answer")


def test_the_proxy_of_the_environment_is_used(
    server: CompanyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name that is asked for exists nowhere: only the proxy can answer."""
    monkeypatch.setenv("HTTP_PROXY", server.url)
    monkeypatch.setenv("NO_PROXY", "")
    assert find_company(LIGHTING, "http://recherche.invalid", PATIENCE_S) is not None
    assert server.asked[0].startswith("http://recherche.invalid/search?q=")
    monkeypatch.setenv("HTTP_PROXY", "coucou://nulle-part")
    assert find_company(LIGHTING, "http://recherche.invalid", PATIENCE_S) is None


def test_an_https_search_goes_through_the_proxy(
    server: CompanyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", server.url)
    assert find_company(LIGHTING, "https://recherche.invalid", PATIENCE_S) is None
    assert server.asked == ["CONNECT recherche.invalid:443"]


def test_nobody_listening_is_no_company() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        assert find_company(LIGHTING, f"http://127.0.0.1:{port}", PATIENCE_S) is None


@pytest.mark.parametrize("url", ["", "http://", "http://[", "nowhere", "http://127.0.0.1:99999"])
def test_a_wrong_address_in_the_configuration_is_no_company(url: str) -> None:
    assert find_company(LIGHTING, url, PATIENCE_S) is None


def test_a_record_is_read_back(server: CompanyServer) -> None:
    company = find_company(TOWN, server.url, PATIENCE_S)
    assert company is not None
    assert Company.from_record(json.loads(json.dumps(company.as_record()))) == company


@pytest.mark.parametrize(
    ("siret", "number"),
    [
        ("35600000000048", "FR39356000000"),
        ("73282932000074", "FR44732829320"),
        ("12345678900000", ""),
        ("", ""),
    ],
)
def test_the_vat_number_comes_from_the_siren(siret: str, number: str) -> None:
    assert vat_number_of(siret) == number


@pytest.mark.parametrize(
    ("activity", "sector"),
    [
        ("43.21A", Sector.ENERGY),
        ("43.12A", Sector.ROADS),
        ("43.99C", Sector.BUILDING),
        ("84.25Z", Sector.SAFETY),
        ("84.11Z", Sector.PUBLIC),
        ("56.10A", None),
        ("", None),
    ],
)
def test_the_activity_suggests_a_sector(activity: str, sector: Sector | None) -> None:
    place = {"activite_principale": activity}
    unit_json = unit(LIGHTING, "X", place=place, activite_principale=activity)
    company = read_answer(LIGHTING, documented_answer(unit_json))
    assert company is not None
    assert company.sector == sector


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inside: (
            st.lists(inside)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "results",
                        "siege",
                        "siret",
                        "complements",
                        "matching_etablissements",
                        "adresse",
                    ]
                ),
                inside,
            )
        ),
        max_leaves=20,
    )
)
def test_no_answer_whatever_breaks_the_reading(answer: Any) -> None:
    assert read_answer(LIGHTING, answer) is None
    unit_json = unit(
        LIGHTING, "X", complements=answer, siege=establishment(LIGHTING, adresse=answer)
    )
    assert read_answer(LIGHTING, documented_answer(unit_json)) is not None
