"""An organiser reads what each file holds, publishes, withdraws; everybody reads what is online."""

import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from rdflib.namespace import DCAT

from salon.dashboard.presenters.journal import detail_lines
from salon.dashboard.queries.overview import JournalFilter, journal_entries
from salon.dashboard.services import purge
from salon.fair.models import Edition, EditionState
from salon.open_data.queries.releases import releases_of
from salon.open_data.rules import DataChanged
from salon.open_data.services import publish as publish_files
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.settings.clock import real_now
from tests.days import move_days
from tests.exhibitors.make import make_exhibitor
from tests.factories import act_in, make_edition, new_key, sign_in
from tests.fair.test_practical import text_of
from tests.open_data.make import (
    PAGE,
    SETTINGS_PAGE,
    check_package,
    datasets_by_key,
    files_of,
    graph_of,
    let_in_more,
    past_fair,
    save_files,
)
from tests.pages import PageClient

EPCI = "frequentation-epci"
ATTENDANCE = ("frequentation-quarts-d-heure", "frequentation-categories", EPCI)


@pytest.fixture
def fair(app: Flask) -> Edition:
    return past_fair()


@pytest.fixture
def organiser(app: Flask, fair: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def publish(organiser: PageClient, *keys: str, path: str = SETTINGS_PAGE) -> int:
    """Publish these files as the page shows them; return the status."""
    page = organiser.get(path).get_data(as_text=True)
    stamp = page.split('name="stamp" type="hidden" value="')[1].split('"')[0]
    return organiser.fill(path, stamp=stamp, datasets=list(keys)).status_code


def test_the_page_shows_what_each_file_would_hold(organiser: PageClient) -> None:
    words = text_of(organiser.get(SETTINGS_PAGE))
    assert "Rien n’est en ligne" in words
    assert "Ce que contiendrait la version 1" in words
    assert "CC du Minervois au Caroux" in words
    assert "Les noms des intervenants n’y sont pas." in words
    assert "Publier frequentation-epci.csv" in words


def test_published_files_are_at_their_addresses_with_their_licence(
    organiser: PageClient, client: PageClient
) -> None:
    assert "Rien n’est encore publié" in text_of(client.get(PAGE))
    assert client.get(f"{PAGE}/catalogue.ttl").status_code == 404
    assert publish(organiser, "exposants", EPCI) == 302
    assert "La version 1 est en ligne." in text_of(organiser.get(SETTINGS_PAGE))
    words = text_of(client.get(PAGE))
    assert "Fréquentation par intercommunalité" in words
    assert "Programme, " not in words
    answer = client.get(f"{PAGE}/1/{EPCI}.csv")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert 'rel="license"' in answer.headers["Link"]
    assert f'filename="{EPCI}.csv"' in answer.headers["Content-Disposition"]
    assert answer.get_data(as_text=True).splitlines()[1] == (
        "243400769;CA de Béziers-Méditerranée;8"
    )
    seen = {"If-None-Match": answer.headers["ETag"]}
    assert client.get(f"{PAGE}/1/{EPCI}.csv", headers=seen).status_code == 304
    for name, media_type in (
        ("catalogue.ttl", "text/turtle"),
        ("catalogue.jsonld", "application/ld+json"),
        ("datapackage.json", "application/json"),
        (f"{EPCI}.schema.json", "application/json"),
    ):
        for path in (f"{PAGE}/{name}", f"{PAGE}/1/{name}"):
            assert client.get(path).mimetype == media_type
    for path in (f"{PAGE}/1/programme.csv", f"{PAGE}/2/exposants.csv", "/editions/x" + PAGE[14:]):
        assert client.get(path).status_code == 404


def test_what_is_served_is_valid(organiser: PageClient, client: PageClient, tmp_path: Path) -> None:
    publish(organiser, "exposants", "themes", EPCI)
    package = client.get(f"{PAGE}/datapackage.json").get_json()
    names = [resource["path"] for resource in package["resources"]]
    names += [resource["schema"] for resource in package["resources"]]
    files = {name: client.get(f"{PAGE}/{name}").data for name in ("datapackage.json", *names)}
    save_files(files, tmp_path)
    assert check_package(tmp_path) == ["exposants", "themes", EPCI]


@pytest.mark.on_both
def test_a_version_never_changes_and_the_next_one_is_beside_it(
    organiser: PageClient, client: PageClient, fair: Edition
) -> None:
    publish(organiser, "exposants")
    path = f"{PAGE}/1/exposants.csv"
    before = client.get(path).data
    make_exhibitor(fair, name="Tardif")
    assert client.get(path).data == before
    publish(organiser, "exposants")
    assert client.get(path).data == before
    assert "Tardif" in client.get(f"{PAGE}/2/exposants.csv").get_data(as_text=True)
    assert client.get(f"{PAGE}/exposants.csv").data == client.get(f"{PAGE}/2/exposants.csv").data
    assert "Version 1, du" in text_of(client.get(PAGE))
    with transaction(fair):
        fair.is_current = None
    make_edition(slug="2022", is_current=True)
    assert client.get(path).data == before
    assert "Tardif" in client.get(f"{PAGE}/exposants.csv").get_data(as_text=True)


def test_the_files_and_the_counts_outlive_the_purge(
    organiser: PageClient, client: PageClient, fair: Edition
) -> None:
    publish(organiser, EPCI)
    before = client.get(f"{PAGE}/1/{EPCI}.csv").data
    counts = [datasets_by_key(fair)[key].rows for key in ATTENDANCE]
    end = fair.ends_at + timedelta(days=400)
    purge.purge(Act(SYSTEM, end), real_now(), dry_run=False)
    assert client.get(f"{PAGE}/1/{EPCI}.csv").data == before
    assert [datasets_by_key(fair)[key].rows for key in ATTENDANCE] == counts


def test_a_withdrawn_version_is_gone_until_it_is_put_back(
    organiser: PageClient, client: PageClient, fair: Edition
) -> None:
    publish(organiser, "exposants")
    publish(organiser, EPCI)
    first, second = reversed(releases_of(fair))
    organiser.fill(SETTINGS_PAGE, to=f"{SETTINGS_PAGE}/{second.id}/retirer")
    assert "Remettre la version 2 en ligne" in text_of(organiser.get(SETTINGS_PAGE))
    removal = client.get(f"{PAGE}/2/{EPCI}.csv")
    assert removal.status_code == 410
    assert "La version 2 n’est plus en ligne" in text_of(removal)
    assert client.get(f"{PAGE}/{EPCI}.csv").status_code == 404
    assert client.get(f"{PAGE}/exposants.csv").status_code == 200
    organiser.fill(SETTINGS_PAGE, to=f"{SETTINGS_PAGE}/{second.id}/retirer")
    assert "Cette version est déjà retirée." in text_of(organiser.get(SETTINGS_PAGE))
    organiser.fill(SETTINGS_PAGE, to=f"{SETTINGS_PAGE}/{second.id}/remettre")
    assert client.get(f"{PAGE}/2/{EPCI}.csv").status_code == 200
    organiser.fill(SETTINGS_PAGE, to=f"{SETTINGS_PAGE}/{first.id}/remettre")
    assert "Cette version est déjà en ligne." in text_of(organiser.get(SETTINGS_PAGE))
    lines = {entry.action: detail_lines(entry) for entry in journal_entries(JournalFilter())}
    assert lines["open_data.withdrawn"] == [("Version", "2")]
    assert lines["open_data.published"] == [("Version", "1"), ("Fichiers", "exposants.csv")]


@pytest.mark.on_both
def test_no_count_moves_by_one_to_four_between_versions_online(
    organiser: PageClient, client: PageClient, fair: Edition
) -> None:
    publish(organiser, *ATTENDANCE)
    let_in_more(fair, 1)
    for key in ATTENDANCE:
        assert publish(organiser, key) == 409
    assert publish(organiser, "exposants") == 302
    first = releases_of(fair)[-1]
    organiser.fill(SETTINGS_PAGE, to=f"{SETTINGS_PAGE}/{first.id}/retirer")
    assert publish(organiser, EPCI) == 302
    organiser.fill(SETTINGS_PAGE, to=f"{SETTINGS_PAGE}/{first.id}/remettre")
    refusal = text_of(organiser.get(SETTINGS_PAGE))
    assert "un nombre s’écarterait de moins de 5 de celui de la version 3" in refusal
    assert client.get(f"{PAGE}/1/{EPCI}.csv").status_code == 410
    let_in_more(fair, 5)
    assert publish(organiser, EPCI) == 302
    assert client.get(f"{PAGE}/{EPCI}.csv").data == client.get(f"{PAGE}/4/{EPCI}.csv").data
    assert [release.number for release in releases_of(fair)] == [4, 3, 2, 1]


def test_a_table_is_compared_with_the_total_of_the_others(
    organiser: PageClient, fair: Edition
) -> None:
    publish(organiser, "frequentation-categories")
    let_in_more(fair, 1)
    assert publish(organiser, EPCI) == 409
    let_in_more(fair, 4)
    assert publish(organiser, EPCI) == 302


def test_nothing_is_published_unread_unchosen_or_too_early(
    organiser: PageClient, fair: Edition
) -> None:
    assert publish(organiser) == 400
    assert publish(organiser, "inconnu") == 400
    stale = organiser.fill(SETTINGS_PAGE, stamp="0" * 16, datasets=["exposants"])
    assert stale.status_code == 409
    assert "Les données ont changé" in text_of(stale)
    with transaction(fair) as session:
        move_days(session, fair.id, timedelta(days=365 * 40))
    early = organiser.get(SETTINGS_PAGE)
    assert "Vous publierez après le salon" in text_of(early)
    assert publish(organiser, "exposants") == 409
    assert releases_of(fair) == []


def test_a_version_published_meanwhile_is_not_published_again(fair: Edition) -> None:
    files = list(files_of(fair).values())
    publish_files(act_in(fair, SYSTEM, real_now()), 1, files, new_key())
    with pytest.raises(DataChanged):
        publish_files(act_in(fair, SYSTEM, real_now()), 1, files, new_key())


def test_the_same_form_sent_twice_makes_one_version(organiser: PageClient, fair: Edition) -> None:
    page = organiser.get(SETTINGS_PAGE).get_data(as_text=True)
    hidden = {
        name: page.split(f'name="{name}" type="hidden" value="')[1].split('"')[0]
        for name in ("csrf_token", "submission_key", "stamp")
    }
    for _ in range(2):
        answer = organiser.post(SETTINGS_PAGE, data={**hidden, "datasets": ["exposants"]})
        assert answer.status_code == 302
    assert [release.number for release in releases_of(fair)] == [1]


def test_a_closed_edition_can_still_be_published_and_a_draft_is_not_shown(
    organiser: PageClient, client: PageClient, fair: Edition
) -> None:
    with transaction(fair):
        fair.state, fair.is_current = EditionState.CLOSED, None
    make_edition(slug="2022")
    assert publish(organiser, "exposants", path=f"/e/2021{SETTINGS_PAGE}") == 302
    assert "exposants.csv" in text_of(client.get(PAGE))
    assert f"http://127.0.0.1:5000{PAGE}/catalogue.ttl" in text_of(
        organiser.get(f"/e/2021{SETTINGS_PAGE}")
    )
    addresses = graph_of(client.get(f"{PAGE}/catalogue.ttl").data).objects(None, DCAT.downloadURL)
    assert [client.get(urlsplit(address).path).status_code for address in addresses] == [200]
    with transaction() as session:
        session.get_one(Edition, fair.id).state = EditionState.DRAFT
    assert client.get(PAGE).status_code == 404
    assert client.get(f"{PAGE}/exposants.csv").status_code == 404


def test_the_archive_the_legal_page_and_the_map_lead_to_the_data(
    organiser: PageClient, client: PageClient
) -> None:
    assert PAGE not in client.get("/sitemap.xml").get_data(as_text=True)
    publish(organiser, "exposants")
    assert PAGE in client.get("/sitemap.xml").get_data(as_text=True)
    assert f'href="{PAGE}"' in client.get("/mentions-legales").get_data(as_text=True)
    page = client.get(PAGE).get_data(as_text=True)
    assert f'href="{PAGE}/catalogue.ttl"' in page
    assert json.loads(client.get(f"{PAGE}/catalogue.jsonld").data)["@type"] == "dcat:Catalog"
    current_session().rollback()
