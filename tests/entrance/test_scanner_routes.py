"""Parts that let the scanner open without network: files, service worker, manifest."""

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from salon.accounts.models import StationKind
from salon.accounts.services.stations import create_station, offer_enrolment
from salon.entrance.models import Verdict
from salon.entrance.presenters.device_pages import Shell, files_of_page
from salon.entrance.rules.scans import MESSAGES, REPLACED
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.identity import SYSTEM
from salon.platform.web.assets import STATIC
from salon.platform.web.saved_pages import worker_script
from tests.entrance.people import make_badge
from tests.pages import PageClient


def fetched(client: PageClient, address: str) -> TestResponse:
    """Return an answer read whole, its file closed."""
    answer = client.get(address)
    answer.get_data()
    answer.close()
    return answer


def script_and_files(client: PageClient) -> tuple[str, list[str]]:
    script = client.get("/scanner/sw.js").get_data(as_text=True)
    match = re.search(r"^const FILES = (.*);$", script, re.MULTILINE)
    assert match
    return script, json.loads(match[1])


def test_the_page_names_nobody_and_is_the_same_for_all(
    app: Flask, edition: Edition, client: PageClient
) -> None:
    make_badge(edition, last_name="Cazevieille")
    station = create_station(Act(SYSTEM), "Tablette", "A", edition.id)
    before = client.get("/scanner").get_data(as_text=True)
    client.fill(f"/scanner/enrolement/{offer_enrolment(Act(SYSTEM), station.id)}")
    page = client.get("/scanner").get_data(as_text=True)
    assert page == before
    assert "Cazevieille" not in page
    assert "Tablette" not in page
    assert "csrf" not in page


def test_the_page_holds_the_words_of_each_verdict(client: PageClient, edition: Edition) -> None:
    page = client.get("/scanner").get_data(as_text=True)
    words = json.loads(page.partition('id="verdict-words">')[2].partition("</script>")[0])
    own_words = {verdict: [verdict.label, MESSAGES[verdict]] for verdict in Verdict}
    assert words == {**own_words, "replaced": list(REPLACED)}


def test_the_service_worker_keeps_what_the_page_needs(client: PageClient, edition: Edition) -> None:
    answer = client.get("/scanner/sw.js")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Service-Worker-Allowed"] == "/scanner"
    assert answer.mimetype == "text/javascript"
    script, files = script_and_files(client)
    assert 'const PAGE = "/scanner";' in script
    for address in files:
        assert fetched(client, address).status_code == 200, address
    stored_values = {Path(address.partition("?")[0]).name for address in files}
    assert stored_values >= {"scanner.js", "queue.js", "idb.js", "zxing_reader.wasm", "theme.css"}
    assert {"atkinson-latin.woff2", "bootstrap-icons.svg", "entrance.css"} <= stored_values
    assert "worker.js" not in stored_values
    assert not [address for address in files if "/api/" in address]


def test_the_decoding_worker_is_in_the_scope_and_may_compile(
    client: PageClient, edition: Edition
) -> None:
    _, files = script_and_files(client)
    (worker,) = (address for address in files if address.endswith("scanner/decoder.js"))
    assert worker.startswith("/scanner/")
    answer = fetched(client, worker)
    assert "'wasm-unsafe-eval'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "name", ["js/plan/plan.js", "js/station/../../../app.py", "js/station/no.js"]
)
def test_no_other_file_is_served_there(client: PageClient, edition: Edition, name: str) -> None:
    _, files = script_and_files(client)
    version = files[0].split("/")[3]
    assert client.get(f"/scanner/fichiers/{version}/{name}").status_code == 404


def test_a_file_of_another_version_is_gone(client: PageClient, edition: Edition) -> None:
    assert client.get("/scanner/fichiers/abc/js/scanner/scanner.js").status_code == 404


def test_every_module_that_a_module_imports_is_kept(edition: Edition, client: PageClient) -> None:
    _, files = script_and_files(client)
    for address in (file for file in files if file.startswith("/scanner/") and "/js/" in file):
        text = fetched(client, address).get_data(as_text=True)
        for imported in re.findall(r'from "(\.[^"]+)"', text):
            path = (STATIC / address.split("/", 4)[4]).parent / imported
            name = path.resolve().relative_to(STATIC.resolve()).as_posix()
            assert any(file.endswith(f"/{name}") for file in files), (address, imported)


def test_the_version_follows_the_page_and_its_files(edition: Edition) -> None:
    shell = Shell("/scanner", ("js/scanner/scanner.js",))
    other_shell = Shell("/scanner", ("js/scanner/scanner.js", "js/scanner/decoder.js"))
    assert shell.version() != other_shell.version()
    assert worker_script(shell.saved("<p>a")) != worker_script(shell.saved("<p>b"))
    assert worker_script(shell.saved("<p>a")) == worker_script(shell.saved("<p>a"))


def test_the_files_of_a_page_are_those_of_its_styles_too() -> None:
    page = '<link href="/static/css/theme.css?v=1"><img src="/static/images/logo.svg">'
    files = files_of_page(page)
    assert files[:2] == ["/static/css/theme.css?v=1", "/static/images/logo.svg"]
    assert "/static/vendor/fonts/atkinson-latin.woff2" in files


def test_it_can_be_put_on_the_home_screen(client: PageClient, edition: Edition) -> None:
    answer = client.get("/scanner/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    manifest = answer.get_json(force=True)
    assert manifest["start_url"] == manifest["scope"] == "/scanner"
    for icon in manifest["icons"]:
        assert fetched(client, icon["src"]).status_code == 200
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    assert "/scanner/manifest.webmanifest" in client.get("/scanner").get_data(as_text=True)


@pytest.mark.parametrize(
    ("kind", "following"),
    [
        (StationKind.SCANNER, "/scanner"),
        (StationKind.DESK, "/scanner"),
        (StationKind.KIOSK, "/borne"),
        (StationKind.PRINTER, "/borne/impression"),
    ],
)
def test_each_kind_of_device_goes_to_its_page(
    client: PageClient, edition: Edition, kind: StationKind, following: str
) -> None:
    station = create_station(Act(SYSTEM), "Appareil", "A", edition.id, kind)
    page = client.fill(f"/scanner/enrolement/{offer_enrolment(Act(SYSTEM), station.id)}")
    text = page.get_data(as_text=True)
    assert f'data-next="{following}"' in text
    assert f'data-kind="{kind}"' in text


def test_a_device_given_back_can_close_its_session(client: PageClient, edition: Edition) -> None:
    assert "Fermer la connexion" not in client.get("/scanner/fin").get_data(as_text=True)
    station = create_station(Act(SYSTEM), "Appareil", "A", edition.id, StationKind.DESK)
    client.fill(f"/scanner/enrolement/{offer_enrolment(Act(SYSTEM), station.id)}")
    assert "Fermer la connexion" in client.get("/scanner/fin").get_data(as_text=True)
