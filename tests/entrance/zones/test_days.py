"""Hours of zones on a fair of two days: at the door, on the pages, in the files, migrated."""

import re
from datetime import date, datetime, time, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask
from sqlalchemy import inspect, select

from salon.entrance.models import Verdict
from salon.entrance.rules.zones import Barred, DaysInDisorder, EarlyIncomplete, check_zone
from salon.entrance.services.loading import load_zones
from salon.entrance.services.scans import record_scans
from salon.fair.models import Edition, EditionDay, EditionState, Zone, ZoneHours, ZoneKind
from salon.platform.database.db import current_session, db, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.settings.clock import now, paris
from salon.platform.settings.installation import ROOT
from tests.entrance.people import item, make_badge, make_station
from tests.entrance.zones.made import make_zone, values
from tests.factories import act_in, make_edition, make_places, make_station_token, sign_in
from tests.fair.test_practical import fields_of, text_of
from tests.pages import PageClient
from tests.tables import each

PLACE = "/organisation/zones"
FIRST, SECOND = date(2021, 10, 1), date(2021, 10, 2)
HALF_PAST_EIGHT, SIX = time(8, 30), time(18)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LOUNGE = {"kind": ZoneKind.LOUNGE}


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return paris(day, time(hour, minute))


def hours(day: date) -> ZoneHours:
    return ZoneHours(paris(day, HALF_PAST_EIGHT), paris(day, SIX))


@pytest.fixture
def two_days(app: Flask) -> Edition:
    edition = make_edition(day=FIRST)
    make_places()
    with transaction() as session:
        day = EditionDay(edition_id=edition.id, day_on=SECOND, opens=time(9), closes=time(16))
        session.add(day)
    current_session().expire_all()
    return edition


@pytest.mark.on_both
@pytest.mark.parametrize(
    ("later_hours", "expected"),
    [
        ((hours(SECOND),), [None, Barred.CLOSED, Barred.TOO_EARLY, None, Barred.CLOSED]),
        ((), [None, *[Barred.CLOSED] * 4]),
    ],
    ids=["hours of each day", "the control: those of the first alone"],
)
def test_a_strict_zone_admits_on_each_of_its_days(
    two_days: Edition, later_hours: tuple[ZoneHours, ...], expected: list[Barred | None]
) -> None:
    make_zone(two_days, **hours(FIRST)._asdict(), later_hours=later_hours)
    station = make_station(two_days)
    moments = (at(FIRST, 9), at(FIRST, 23, 30), at(SECOND, 8), at(SECOND, 10), at(SECOND, 18))
    results = [
        record_scans(
            station,
            two_days.id,
            [item(make_badge(two_days).code, door="C", scanned_at=moment)],
            moment,
        )[0]
        for moment in moments
    ]
    assert [result.barred for result in results] == expected
    assert [result.verdict for result in results] == [
        Verdict.NOT_ALLOWED_HERE if barred else Verdict.ACCEPTED for barred in expected
    ]


@each(
    ("later_hours", "refusal"),
    [
        ([ZoneHours(None, paris(SECOND, SIX))], DaysInDisorder),
        ([ZoneHours(at(FIRST, 17), at(SECOND, 18))], DaysInDisorder),
        ([hours(SECOND + timedelta(days=1)), hours(SECOND)], DaysInDisorder),
        ([ZoneHours(at(FIRST, 19), at(FIRST, 20))], DaysInDisorder),
        ([ZoneHours(at(SECOND, 9), at(SECOND, 17), at(SECOND, 8))], EarlyIncomplete),
    ],
)
def test_days_in_disorder_are_refused(
    later_hours: list[ZoneHours], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        check_zone(values(**hours(FIRST)._asdict(), later_hours=later_hours))


def saved_zone() -> Zone:
    current_session().rollback()
    statement = select(Zone).execution_options(populate_existing=True)
    return current_session().scalars(statement).one()


def zone_fields(client: PageClient, path: str, **changes: Any) -> dict[str, Any]:
    """Return a conference room, with the hidden fields and the later days of the page."""
    sent = re.compile(r"csrf_token|version|submission_key|later_days")
    fields = fields_of(client.get(path).text).items()
    shown = {name: value for name, value in fields if sent.match(name)}
    return {**shown, "kind": "conference", "label": "Salle", "rule": "strict", **changes}


def test_the_same_hours_each_day_are_kept_until_each_day_has_its_own(
    app: Flask, two_days: Edition
) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    new = f"{PLACE}/nouvelle"
    page = text_of(organiser.get(new))
    assert "Les mêmes heures chaque jour" in page
    assert "Samedi 2 octobre 2021" in page
    first = {"opens_at": "2021-10-01T08:30", "closes_at": "2021-10-01T18:00"}
    same = first | {"has_same_hours": "y"}
    assert organiser.post(new, data=zone_fields(organiser, new, **same)).status_code == 302
    zone = saved_zone()
    assert zone.later_hours == (hours(SECOND),)
    listed = text_of(organiser.get(PLACE))
    assert "01/10/2021 à 8 h 30 – 18 h ; 02/10/2021 à 8 h 30 – 18 h" in listed
    path = f"{PLACE}/{zone.id}"
    page = organiser.get(path).text
    assert re.search(r'<input[^>]*checked[^>]*name="has_same_hours"', page)
    assert 'value="2021-10-02T08:30"' in page
    own = {**first, "later_days-0-opens_at": "2021-10-02T10:00"}
    overlap = {**own, "later_days-0-opens_at": "2021-10-01T17:00"}
    refused = organiser.post(path, data=zone_fields(organiser, path, **overlap))
    assert refused.status_code == 400
    assert "ouvre après la fermeture de la veille" in text_of(refused)
    assert "Samedi 2 octobre 2021" in text_of(refused)
    assert organiser.post(path, data=zone_fields(organiser, path, **own)).status_code == 302
    assert saved_zone().later_hours == (ZoneHours(at(SECOND, 10), at(SECOND, 18)),)
    assert not re.search(r'<input[^>]*checked[^>]*name="has_same_hours"', organiser.get(path).text)
    blank = {f"later_days-0-{name}": "" for name in ZoneHours._fields}
    assert (
        organiser.post(path, data=zone_fields(organiser, path, **first, **blank)).status_code == 302
    )
    assert saved_zone().later_hours == ()


def test_a_fair_of_one_day_asks_for_one_day(app: Flask, edition: Edition) -> None:
    page = text_of(sign_in(app, Role.ORGANISER).get(f"{PLACE}/nouvelle"))
    assert "Les mêmes heures" not in page


HEAD = (
    "zone;nature;portes;nouvelle_porte;libelle_porte;admet;honneur;places;ouvre;ferme;avant;"
    "des_le;des;refuse;stand\n"
)


def test_hours_of_a_file_without_a_date_are_those_of_each_day(
    two_days: Edition, tmp_path: Path
) -> None:
    rows = (
        "Salon;salon;A;;;;non;;08:30;18:00;exhibitor;30/09/2021;14:00;non;",
        "Daté;conference;;C;Salle;;non;;01/10/2021 08:30;01/10/2021 18:00;;;;oui;",
        "Le jour même;conference;;D;Salle;;non;;08:30;18:00;agent;;07:00;oui;",
        "Salle d'à côté;conference;;E;Salle;;non;;08:30;18:00;;;;oui;",
    )
    (tmp_path / "zones.csv").write_text(HEAD + "\n".join(rows))
    (tmp_path / "zone_hours.csv").write_text(
        "zone;ouvre;ferme;des\nSalle d'à côté;02/10/2021 10:00;;\n"
    )
    load_zones(act_in(two_days, SYSTEM), tmp_path)
    later = {zone.label: zone.later_hours for zone in current_session().scalars(select(Zone))}
    assert later == {
        "Salon": (hours(SECOND)._replace(early_from=at(SECOND, 0)),),
        "Daté": (),
        "Le jour même": (hours(SECOND)._replace(early_from=at(SECOND, 7)),),
        "Salle d’à côté": (ZoneHours(at(SECOND, 10)),),
    }


def test_a_device_is_told_the_hours_of_each_day(client: PageClient, edition: Edition) -> None:
    """And those that apply now, for one that is not up to date."""
    moment = now().replace(microsecond=0)
    past = ZoneHours(moment - 2 * DAY, moment - DAY)
    present = ZoneHours(moment - HOUR, moment + HOUR)
    make_zone(edition, **past._asdict(), later_hours=[present])
    token = make_station_token(edition)
    answer = client.get("/api/v1/station", headers={"Authorization": f"Bearer {token}"})
    (told,) = (door["zone"] for door in answer.json["doors"] if door["code"] == "C")
    days = [
        {name: at and at.isoformat() for name, at in hours._asdict().items()}
        for hours in (past, present)
    ]
    assert told["hours"] == days
    assert {name: told[name] for name in ZoneHours._fields} == days[1]


MIGRATION = ROOT / "migrations" / "versions" / "0018_zone_hours.py"
EVE = FIRST - DAY
BEFORE = {
    "each day": hours(FIRST)._replace(early_from=at(EVE, 14)),
    "both nights": ZoneHours(at(FIRST, 8, 30), at(SECOND, 18)),
    "the evening": ZoneHours(at(FIRST, 20), at(SECOND, 1)),
    "until": ZoneHours(None, at(FIRST, 18)),
    "always": ZoneHours(),
    "the second day": hours(SECOND),
    "the eve": ZoneHours(at(EVE, 14), at(EVE, 20)),
    "from the eve": ZoneHours(at(EVE, 14), at(FIRST, 18)),
}
AFTER = {
    **{label: (before,) for label, before in BEFORE.items()},
    "each day": (BEFORE["each day"], hours(SECOND)._replace(early_from=at(SECOND, 0))),
    "both nights": (hours(FIRST), hours(SECOND)),
    "the evening": (BEFORE["the evening"], ZoneHours(at(SECOND, 20), at(SECOND + DAY, 1))),
    "until": (BEFORE["until"], ZoneHours(at(SECOND, 0), at(SECOND, 18))),
    "from the eve": (BEFORE["from the eve"], ZoneHours(at(SECOND, 0), at(SECOND, 18))),
}


@pytest.mark.on_both
def test_zones_of_before_get_their_hours_on_each_later_day(two_days: Edition) -> None:
    """Down, up and down again on one connection; all is rolled back."""
    closed, one_day = (make_edition(day=FIRST, is_current=False) for _ in range(2))
    with transaction(closed) as session:
        session.add(EditionDay(edition_id=closed.id, day_on=SECOND, opens=SIX, closes=time(19)))
        for label, before in BEFORE.items():
            session.add(Zone(edition_id=two_days.id, label=label, **LOUNGE, **before._asdict()))
        for edition in (closed, one_day):
            session.add(Zone(edition_id=edition.id, label="", **LOUNGE, **hours(FIRST)._asdict()))
    with transaction(closed):
        closed.state = EditionState.CLOSED
    spec = spec_from_file_location("zone_hours", MIGRATION)
    assert spec is not None
    assert spec.loader is not None
    migration = module_from_spec(spec)
    spec.loader.exec_module(migration)
    with db.engine.connect() as connection:
        with Operations.context(MigrationContext.configure(connection)):
            migration.downgrade()
            columns = {column["name"] for column in inspect(connection).get_columns("zones")}
            assert "later_hours" not in columns
            migration.upgrade()
            rows = connection.execute(select(Zone.__table__)).all()
            migration.downgrade()
            closings = dict(connection.execute(select(Zone.label, Zone.closes_at)).all())
        connection.rollback()
    migrated = {
        row.label: (ZoneHours(row.opens_at, row.closes_at, row.early_from), *row.later_hours)
        for row in rows
        if row.edition_id == two_days.id
    }
    assert migrated == AFTER
    assert [row.later_hours for row in rows if row.edition_id != two_days.id] == [(), ()]
    assert closings["both nights"] == BEFORE["both nights"].closes_at
    assert closings["each day"] == at(SECOND, 18)
