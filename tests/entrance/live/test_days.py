"""The live page of a fair of two days, and the search by name beside the scan."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from flask import Flask

from salon.entrance.models import Direction, KeptFigure
from salon.entrance.queries.attendance import attendance_of
from salon.entrance.queries.live import search_badges
from salon.entrance.services.scans import record_scans
from salon.fair.models import Edition, EditionDay
from salon.open_data.engine import count_moves
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from tests.entrance.people import NINE, item, make_badge, make_badges, make_station
from tests.entrance.zones.made import make_zone
from tests.factories import make_edition, make_places, set_time, sign_in
from tests.fair.test_practical import text_of
from tests.pages import PageClient

DAY = timedelta(days=1)
LIVE = "/organisation/entrees"


@pytest.fixture
def two_days(app: Flask) -> Edition:
    make_places()
    edition = make_edition(day=date(2021, 10, 1))
    with transaction() as session:
        day = {"day_on": date(2021, 10, 2), "opens": time(9), "closes": time(16)}
        session.add(EditionDay(edition_id=edition.id, **day))
    current_session().expire_all()
    return edition


@pytest.fixture
def organiser(app: Flask, two_days: Edition, monkeypatch: pytest.MonkeyPatch) -> PageClient:
    set_time(monkeypatch, NINE + DAY, "salon.entrance.routes.live")
    return sign_in(app, Role.ORGANISER)


def test_today_by_default_and_a_day_by_its_link(organiser: PageClient, two_days: Edition) -> None:
    station, badge = make_station(two_days), make_badge(two_days)
    record_scans(station, two_days.id, [item(badge.code)], NINE)
    today = text_of(organiser.get(LIVE))
    assert "Samedi 2 octobre 2021" in today
    assert "0 passage d’entrée pour 0 personne, dont 0 pour la première fois." in today
    assert "À l’intérieur en ce moment" in today
    yesterday = text_of(organiser.get(f"{LIVE}?jour=2021-10-01"))
    assert "1 passage d’entrée pour 1 personne." in yesterday
    assert "À l’intérieur" not in yesterday
    assert "État des stations" not in yesterday
    record_scans(station, two_days.id, [item(badge.code, scanned_at=NINE + DAY)], NINE + DAY)
    current_session().rollback()
    content: dict[str, Any] = organiser.get(f"{LIVE}.json").get_json()
    assert content["figures"]["entered"] == "1", "who returns counts on the second day"
    assert content["figures"]["returns"].endswith("dont 0 pour la première fois.")
    for day in ("2021-10-03", "demain", "%00"):
        assert organiser.get(f"{LIVE}?jour={day}").status_code == 404


def test_a_room_counts_who_is_in_it_today_and_who_entered_it_another_day(
    organiser: PageClient, two_days: Edition
) -> None:
    make_zone(two_days, "C", label="Salle Riquet", capacity=50)
    station, badges = make_station(two_days), [make_badge(two_days) for _ in range(3)]
    for opened_at in (NINE, NINE + DAY):
        scanned = [
            item(badge.code, door="C", scanned_at=opened_at - timedelta(minutes=9))
            for badge in badges
        ]
        left = item(badges[0].code, door="C", direction=Direction.OUT, scanned_at=opened_at)
        record_scans(station, two_days.id, [*scanned, left], opened_at)
    current_session().rollback()
    for query, words in (
        ("", "EspacePrésentesPlaces Salle Riquet250"),
        ("?jour=2021-10-01", "EspaceEntréesPlaces Salle Riquet350"),
    ):
        assert words in " ".join(text_of(organiser.get(f"{LIVE}{query}")).split())


def test_the_search_by_name_says_what_the_scan_says(app: Flask, two_days: Edition) -> None:
    station, badge = make_station(two_days), make_badge(two_days, last_name="Cazals")

    def searched(moment: Any) -> str:
        current_session().rollback()
        ((_, state),) = search_badges(two_days.id, "Cazals", moment)
        return str(state["state_label"])

    assert searched(NINE) == "Badge valable"
    record_scans(station, two_days.id, [item(badge.code)], NINE)
    assert searched(NINE) == "Déjà entré"
    assert searched(NINE + DAY) == "De retour", "as the door says of a second morning"
    (result,) = record_scans(
        station, two_days.id, [item(badge.code, scanned_at=NINE + DAY)], NINE + DAY
    )
    assert result.verdict.label == "De retour"
    with transaction(badge):
        badge.revoked_at = NINE + DAY
    assert searched(NINE + DAY) == "Badge annulé"


def test_a_day_is_published_where_no_few_can_be_told(app: Flask, two_days: Edition) -> None:
    station = make_station(two_days)
    badges = make_badges(two_days, [{}] * 20)

    def enter(people: int, first: int, moment: Any) -> None:
        scans = [item(b.code, scanned_at=moment) for b in badges[first : first + people]]
        record_scans(station, two_days.id, scans, moment)
        current_session().rollback()

    def by_day() -> list[int]:
        attendance = attendance_of(two_days, two_days.ends_at)
        assert attendance is not None
        return list(attendance.by_day.values())

    enter(12, 0, NINE)
    enter(10, 6, NINE + DAY)
    assert by_day() == [], "four came on the second day alone"
    enter(2, 16, NINE + DAY)
    assert by_day() == [12, 12], "six each day alone, six on both"
    with transaction() as session:
        label = NINE.isoformat()
        session.add(KeptFigure(edition_id=two_days.id, kind="quarter", label=label, value=9))
    assert by_day() == [], "1.0.0 saved first entries alone"


def test_a_later_table_of_days_tells_no_late_scan() -> None:
    days, quarters = b"jour;visiteurs\n2021-10-01;14\n2021-10-02;9\n", b"debut;fin;visiteurs\n"
    quarters += b"2021-10-01T09:00:00+02:00;2021-10-01T09:15:00+02:00;12\n"
    names = ("frequentation-quarts-d-heure.csv", "frequentation-jours.csv")
    assert count_moves(names[0], quarters, names[1], days) == [2]
    assert count_moves(names[1], days, names[1], days.replace(b";9", b";12")) == [0, 3, 0]
