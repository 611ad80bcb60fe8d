"""The page that takes in a station's queue: what it says, what it refuses."""

import re
from dataclasses import replace

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.identity import Role
from salon.platform.web.access import FORM_ROOM
from tests.entrance.conflicts.made import conflicts
from tests.entrance.imports.made import line, queue, upload
from tests.entrance.people import make_badge, make_station, scans
from tests.factories import sign_in
from tests.pages import PageClient
from tests.tables import each

PLACE = "/organisation/stations/importer"


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def spaced(text: str) -> str:
    return re.sub("[\u00a0\u202f]", " ", text)


def test_the_result_says_what_became_of_each_line(organiser: PageClient, edition: Edition) -> None:
    station, badge = make_station(edition), make_badge(edition)
    content = queue(station, line(badge.code), line("A" * 26, 2), '"><svg onload=alert(1)>')
    for new, numbers in ((2, 0), (0, 2)):
        answer = organiser.fill(PLACE, file=upload(content))
        assert answer.status_code == 200
        page = spaced(answer.get_data(as_text=True))
        figures = re.findall(r'figure__value">(\d+)', page)
        assert figures[:2] == [str(new), str(numbers)]
        assert "3 lignes lues, dont 1 mal formée, à vérifier" in page
    assert len(scans()) == 2


def test_a_station_may_be_chosen_when_the_file_names_none(
    organiser: PageClient, edition: Edition
) -> None:
    station, badge = make_station(edition), make_badge(edition)
    content = queue(None, line(badge.code))
    answer = organiser.fill(PLACE, file=upload(content))
    assert answer.status_code == 400
    assert "ne nomme aucune station" in spaced(answer.get_data(as_text=True))
    assert scans() == []
    assert organiser.fill(PLACE, file=upload(content), station=str(station)).status_code == 200
    assert [scan.station_id for scan in scans()] == [station]


@each(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"prenom;nom",
        b"[]",
        b'{"format": "autre", "station": 1, "scans": []}',
        b'{"format": "salon-scans-1", "station": 1, "scans": {"a": 1}}',
        b'{"format": "salon-scans-1", "station": 1, "oddities": "x"}',
        b'{"format": "salon-scans-1", "scans": ' + b"[" * 20_000,
    ],
)
def test_a_file_that_is_none_is_told_and_nothing_is_written(
    organiser: PageClient, edition: Edition, content: bytes
) -> None:
    make_station(edition)
    answer = organiser.fill(PLACE, file=upload(content))
    assert answer.status_code == 400
    assert "Rien n’a été enregistré" in answer.get_data(as_text=True)
    assert scans() == conflicts() == []


@each("station", [0, -1, 2**40, True, "1", {"id": None}, 9_999])
def test_a_station_that_is_not_ours_is_told(
    organiser: PageClient, edition: Edition, station: object
) -> None:
    make_station(edition)
    answer = organiser.fill(PLACE, file=upload(queue(station, line("x"))))
    assert answer.status_code == 400
    assert scans() == []


def test_without_file_it_asks_for_one(organiser: PageClient, edition: Edition) -> None:
    answer = organiser.fill(PLACE)
    assert answer.status_code == 400
    assert "Choisissez un fichier" in answer.get_data(as_text=True)


def test_a_file_beyond_twenty_megabytes_is_refused(
    app: Flask, organiser: PageClient, edition: Edition
) -> None:
    settings = app.config["SALON"]
    assert settings.scans_file_max_bytes == 20_000_000
    app.config["SALON"] = replace(settings, scans_file_max_bytes=1_000)
    answer = organiser.fill(PLACE, file=upload(b" " * 1_000 + b" " * FORM_ROOM))
    assert answer.status_code == 413


def test_only_organisers_take_files_in(app: Flask, edition: Edition) -> None:
    assert sign_in(app, Role.AGENT).get(PLACE).status_code == 403
