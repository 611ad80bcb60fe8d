"""Two days of a fair, counted again from its raw rows: who came, who is inside, by name."""

import csv
import io
import random
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pypdfium2
import pytest
from flask import Flask
from sqlalchemy import text

from salon.accounts.models import Station
from salon.badges import queries
from salon.badges.models import Attendee
from salon.badges.queries import AttendeeFilter
from salon.entrance.models import Direction, KeptFigure
from salon.entrance.presenters.roll_call import roll_call
from salon.entrance.queries.came_places import count_by_commune
from salon.entrance.queries.inside import count_inside
from salon.entrance.rules.inside import Inside
from salon.entrance.services.scans import record_scans
from salon.entrance.services.stations import DeviceReport, save_report
from salon.fair.models import Door, Edition, EditionDay, Zone, ZoneKind
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.platform.settings.clock import local, real_now
from salon.staffing.models import ShiftStatus
from salon.staffing.queries.rota import shifts_of
from salon.village_day.services.day import note_absence, note_arrival
from tests.appointments.make import ORGANISER, Fair, make_fair
from tests.entrance.live.test_routes import WELL
from tests.entrance.people import item, make_badges, make_station
from tests.factories import make_station_token, set_time, sign_in

DAY = timedelta(days=1)
COMMUNES = ("34092", "34032", "34160")
RAW = """
    SELECT badges.attendee_id, scans.happened_at, scans.direction, scans.door
    FROM scans JOIN badges ON badges.id = scans.badge_id
    WHERE scans.is_counted ORDER BY scans.happened_at, scans.id
"""


@pytest.fixture
def fair(edition: Edition) -> Fair:
    """Two days, a room, and two agents at the stand of the Département."""
    with transaction() as session:
        first = session.get_one(EditionDay, edition.days[0].id)
        day = EditionDay(edition_id=edition.id, day_on=first.day_on + DAY, opens=first.opens)
        day.closes = first.closes
        room = Zone(edition_id=edition.id, kind=ZoneKind.CONFERENCE, label="Salle Riquet")
        session.add_all([day, room])
        session.flush()
        session.add(Door(edition_id=edition.id, code="R", label="Salle Riquet", zone_id=room.id))
    return make_fair(edition, agents={"Département": 2})


def live_two_days(fair: Fair, people: int) -> None:
    """Draw what 300 people do: some come twice, some leave by no door, some are read in the room
    alone; a station sends the scans of the first day on the second."""
    chance, edition = random.Random(34), fair.edition
    stations = [make_station(edition, name) for name in ("Nord", "Sud")]
    communes = [chance.choice(COMMUNES) for _ in range(people)]
    badges = make_badges(edition, [{"commune_code": code} for code in communes])
    sent: list[list[tuple[datetime, Any]]] = [[], []]
    for day in (0, 1):
        for badge in badges:
            if chance.random() < 0.45:
                continue
            at = fair.at(9) + day * DAY + timedelta(minutes=chance.randrange(200))
            passages = [("A", Direction.IN)] if chance.random() < 0.9 else []
            passages += [("R", Direction.IN)] * (chance.random() < 0.3 or not passages)
            passages += [("R", Direction.OUT)] * (passages[-1][0] == "R" and chance.random() < 0.3)
            passages += [("A", Direction.OUT)] * (chance.random() < 0.4)
            passages += [("A", Direction.IN)] * (
                passages[-1] == ("A", "out") and chance.random() < 0.2
            )
            for door, direction in passages:
                at += timedelta(minutes=chance.randrange(1, 60))
                scan = item(badge.code, scanned_at=at, door=door, direction=direction)
                sent[chance.randrange(2)].append((at, scan))
    for station, scans in zip(stations, sent, strict=True):
        scans.sort(key=lambda passage: passage[0])
        end = fair.at(18) + DAY
        for start in range(0, len(scans), 100):
            record_scans(station, edition.id, [scan for _, scan in scans[start : start + 100]], end)
    current_session().rollback()


def raw_days() -> dict[int, dict[date, list[tuple[Any, str, str]]]]:
    """Return the raw readings of each person on each day, in order."""
    people: dict[int, dict[date, list[tuple[Any, str, str]]]] = {}
    for attendee_id, at, direction, door in current_session().execute(text(RAW)):
        moment = datetime.fromisoformat(at) if isinstance(at, str) else at
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=real_now().tzinfo)
        of_day = people.setdefault(attendee_id, {}).setdefault(local(moment).date(), [])
        of_day.append((moment, direction, door))
    return people


def raw_places(day: date) -> dict[int, tuple[bool, str]]:
    """Return the people inside at the end of a day: whether a door says so, and the room where they
    are if their last reading is the entry of one."""
    places = {}
    for attendee_id, days in raw_days().items():
        readings = days.get(day, [])
        at_doors = [place for place, reading in enumerate(readings) if reading[2] == "A"]
        last = at_doors[-1] if at_doors else -1
        has_entered = last >= 0 and readings[last][1] == "in"
        if readings and (has_entered or last < len(readings) - 1):
            is_in_room = readings[-1][1:] == ("in", "R")
            places[attendee_id] = has_entered, "R" if is_in_room else ""
    return places


def ids(edition: Edition, presence: str) -> set[int]:
    people = queries.all_attendees(edition.id, AttendeeFilter(presence=presence))
    return {person.id for person in people}


@pytest.mark.on_both
def test_each_count_is_that_of_the_raw_rows(fair: Fair) -> None:
    edition = fair.edition
    live_two_days(fair, people=300)
    everybody = set(current_session().scalars(text("SELECT id FROM attendees")))
    days = [day.day_on for day in edition.days]
    raw = raw_days()
    came = [{person for person, by_day in raw.items() if day in by_day} for day in days]
    assert ids(edition, "came") == came[0] | came[1]
    assert ids(edition, "absent") == everybody - came[0] - came[1]
    for day, people in zip(days, came, strict=True):
        assert ids(edition, f"came:{day}") == people
        assert ids(edition, f"absent:{day}") == everybody - people
    for day, now in zip(days[1:], [fair.at(18) + DAY], strict=True):
        places = raw_places(day)
        count = count_inside(edition.id, now, real_now())
        entered = sum(has_entered for has_entered, _ in places.values())
        assert (count.entered, count.in_rooms) == (entered, len(places) - entered)
        assert ids(edition, f"inside:{now.isoformat()}") == set(places)
        called = roll_call(edition, now, real_now())
        by_place = {group.label: {line.key for line in group.lines} for group in called.groups}
        keys = Counter(key for group in by_place.values() for key in group)
        assert keys == Counter(f"p{person}" for person in places), "each name once"
        in_room = {f"p{person}" for person, (_, room) in places.items() if room}
        assert by_place["Salle Riquet"] == in_room
    rows = count_by_commune(edition, fair.at(18) + DAY)
    communes = dict(current_session().execute(text("SELECT id, commune_code FROM attendees")).all())
    expected = {
        code: (
            sum(communes[person] == code for person in came[0] | came[1]),
            tuple(sum(communes[person] == code for person in people) for people in came),
        )
        for code in COMMUNES
    }
    assert {row.code: (row.came, row.by_day) for row in rows if row.code} == expected


def test_the_file_says_when_each_person_came(app: Flask, fair: Fair) -> None:
    live_two_days(fair, people=40)
    organiser = sign_in(app, Role.ORGANISER)
    raw = raw_days()
    content = organiser.get("/organisation/participants.csv").data.decode("utf-8-sig")
    by_name = {row["Nom"]: row for row in csv.DictReader(io.StringIO(content), delimiter=";")}
    days = [day.day_on for day in fair.edition.days]
    people = current_session().query(Attendee).filter(Attendee.agent_id.is_(None)).all()
    assert len(people) == 40
    for person in people:
        row, read = by_name[person.last_name], raw.get(person.id, {})
        assert [row[f"Présence le {day:%d/%m/%Y}"] for day in days] == [
            "oui" if day in read else "non" for day in days
        ]
        passages = [passage for day in read.values() for passage in day]
        entries = [at for at, way, door in passages if (way, door) == ("in", "A")]
        exits = [day[-1][0] for day in read.values() if (day[-1][1], day[-1][2]) == ("out", "A")]
        for head, at in (
            ("Première entrée", min(entries, default=None)),
            ("Dernière sortie", max(exits, default=None)),
        ):
            assert row[head] == (f"{local(at):%d/%m/%Y %H:%M}" if at else ""), head


def test_the_list_the_sheet_to_sign_and_the_communes_say_who_came(app: Flask, fair: Fair) -> None:
    live_two_days(fair, people=12)
    organiser, raw = sign_in(app, Role.ORGANISER), raw_days()
    names = {
        person.id: person.last_name
        for person in current_session().query(Attendee).filter(Attendee.agent_id.is_(None))
    }
    came, absent = set(names) & set(raw), set(names) - set(raw)
    assert came
    assert absent
    page = organiser.get("/organisation/participants?presence=came").text
    sheet = organiser.get("/organisation/participants/emargement.pdf?presence=came").data
    document = pypdfium2.PdfDocument(sheet)
    printed = "".join(sheet.get_textpage().get_text_bounded() for sheet in document)
    for text_of_list in (page, printed):
        assert {person for person, name in names.items() if name in text_of_list} == came
    entered = min(came)
    assert "Entrée" in organiser.get(f"/organisation/participants/{entered}").text
    content = organiser.get("/organisation/entrees/communes.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content), delimiter=";"))
    assert sum(int(row["Venus"]) for row in rows) == len(came)
    assert "Communes venues" in organiser.get("/organisation/entrees/communes").text
    with transaction() as session:
        figure = KeptFigure(edition_id=fair.edition.id, kind="total", label="", value=9)
        session.add(figure)
    assert "Première entrée" not in organiser.get("/organisation/participants.csv").text
    assert "Pas venus" not in organiser.get("/organisation/participants?presence=absent").text
    assert "sont effacés" in organiser.get("/organisation/entrees/communes").text
    assert organiser.get("/organisation/entrees/communes.csv").status_code == 404


def test_an_agent_marked_at_the_stand_is_one_more_and_a_silent_station_is_said(
    app: Flask, fair: Fair, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition, now = fair.edition, fair.at(10)
    set_time(
        monkeypatch,
        now,
        *(
            f"salon.entrance.{module}"
            for module in ("routes.live", "routes.inside", "routes.zones", "api")
        ),
    )
    (badge,) = make_badges(edition, [{"last_name": "Roque"}])
    station = make_station(edition)
    record_scans(station, edition.id, [item(badge.code, scanned_at=fair.at(9))], fair.at(9))
    save_report(station, DeviceReport(**WELL), real_now())
    assert sentence(edition, now) == (
        "1\u00a0personne entrée, aucune sortie lue. Qui est déjà reparti est encore compté."
    )
    first, *_ = shifts_of(edition, ShiftStatus.PUBLISHED)
    note_arrival(Act(ORGANISER, fair.at(9)), first.id, "tap")
    save_report(station, DeviceReport(**{**WELL, "waiting": 3}), real_now() - timedelta(minutes=12))
    with transaction() as session:
        session.get_one(Station, station).enrolled_at = real_now() - timedelta(hours=1)
    words = (
        "1\u00a0personne entrée, aucune sortie lue, 1 de plus pointée à un stand, "
        "1\u00a0station muette depuis 12\u00a0min, 3\u00a0passages en attente d’envoi. "
        "Qui est déjà reparti est encore compté."
    )
    assert sentence(edition, now) == words
    organiser = sign_in(app, Role.ORGANISER)
    assert words in organiser.get("/organisation/entrees").text
    assert organiser.get("/organisation/entrees.json").json["figures"]["inside-words"] == words
    headers = {"Authorization": f"Bearer {make_station_token(edition, 'Ouest')}"}
    called = app.test_client().get("/api/v1/inside", headers=headers).json
    assert [group for group, _ in called["groups"]] == [
        "Hall 3, équipes des stands",
        "Entrés par la porte A – Entrée des visiteurs",
    ]
    assert [line[1] for _, lines in called["groups"] for line in lines][1] == "Roque Élodie"
    page = organiser.get("/organisation/entrees/appel").text
    assert words in page
    agent = fair.agents["Département"][0]
    assert "Hall 3, équipes des stands" in page
    assert f"{agent.last_name} {agent.first_name}" in page
    two = [
        item(badge.code, scanned_at=fair.at(9, 30), direction=Direction.OUT),
        item(badge.code, scanned_at=fair.at(9, 40)),
    ]
    record_scans(station, edition.id, two, now)
    assert sentence(edition, now).startswith("Au moins 1\u00a0personne à l’intérieur, 1 de plus")
    note_absence(Act(ORGANISER, now), first.id)
    assert "pointée" not in sentence(edition, now)


def test_without_an_entry_read_the_people_seen_elsewhere_are_told_alone() -> None:
    elsewhere = Inside(entered=0, in_rooms=1, at_stands=15, has_exits=False)
    assert elsewhere.words.replace("\u00a0", " ") == (
        "Aucune entrée lue à une porte, 1 personne lue dans une salle, "
        "15 personnes pointées à un stand."
    )


def sentence(edition: Edition, now: datetime) -> str:
    current_session().rollback()
    return count_inside(edition.id, now, real_now()).words
