"""Rooms and the programme, as organisers set them."""

import threading
from datetime import time
from pathlib import Path

import pytest
from flask import Flask, current_app

from salon.fair.models import Edition, ProgrammeItem, Room
from salon.fair.queries import programme_of, rooms_of, themes_of
from salon.fair.rules.programme import RoomKnown, RoomTaken, is_room_free
from salon.fair.services import programme
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.versions import stamp_of
from salon.platform.settings.clock import paris
from salon.platform.storage.folder import FolderStore
from tests.appointments.make import Fair
from tests.factories import act_in, new_key
from tests.fair.test_practical import fields_of, text_of
from tests.fair.test_settings import fresh
from tests.fair.test_village_settings import PROGRAMME
from tests.pages import PageClient
from tests.races import race


def fair_data() -> Path:
    return current_app.config["SALON"].data  # type: ignore[no-any-return]


def add_room(edition: Edition, name: str = "Salle 1") -> Room:
    return programme.add_room(act_in(edition, SYSTEM), {"name": name, "seats": 150}, new_key())


def values_of(edition: Edition, room: Room, start: time, end: time) -> dict[str, object]:
    day = edition.days[0].day_on
    return {
        "title": f"Rencontre de {start:%H:%M}",
        "starts_at": paris(day, start),
        "ends_at": paris(day, end),
        "room_id": room.id,
        "theme_id": None,
        "summary": "",
        "speakers": [],
        "is_draft": False,
    }


def add_item(edition: Edition, room: Room, start: time, end: time) -> ProgrammeItem:
    return programme.add_item(
        act_in(edition, SYSTEM), values_of(edition, room, start, end), new_key()
    )


def test_a_room_holds_one_event_at_a_time(fair: Fair) -> None:
    edition = fair.edition
    room, other_room = add_room(edition), add_room(edition, "Salle 2")
    add_item(edition, room, time(10), time(11))
    add_item(edition, room, time(11), time(12))
    moved = add_item(edition, other_room, time(10, 30), time(11, 30))
    with pytest.raises(RoomTaken, match="Rencontre de 10:00"):
        add_item(edition, room, time(10, 59), time(11))
    changes = programme.item_values(moved) | {"room_id": room.id}
    stamp = stamp_of(programme.item_values(moved))
    with pytest.raises(RoomTaken):
        programme.change_item(act_in(edition, SYSTEM), moved, changes, stamp)
    current_session().expire_all()
    assert moved.room_id == other_room.id
    changes = programme.item_values(moved) | {"ends_at": moved.ends_at.replace(minute=45)}
    programme.change_item(act_in(edition, SYSTEM), moved, changes, stamp)
    assert len(programme_of(edition)) == 3


@pytest.mark.race
def test_of_two_events_put_in_a_room_at_once_one_is_refused(app: Flask, edition: Edition) -> None:
    room_id, edition_id = add_room(edition).id, edition.id

    def add(hour: int) -> str:
        session = current_session()
        room, own_edition = session.get_one(Room, room_id), session.get_one(Edition, edition_id)
        try:
            add_item(own_edition, room, time(hour, 30), time(hour + 1, 30))
        except RoomTaken:
            return "refused"
        return "added"

    for hour in range(9, 16, 2):
        outcomes = race(app, [lambda hour=hour: add(hour), lambda hour=hour: add(hour)])
        assert sorted(outcomes) == ["added", "refused"]
    assert len(programme_of(edition)) == 4


@pytest.mark.race
def test_control_without_the_lock_both_events_are_in_the_room(app: Flask, edition: Edition) -> None:
    room_id, edition_id = add_room(edition).id, edition.id
    both_have_read = threading.Barrier(2)

    def add() -> bool:
        session = current_session()
        room, own_edition = session.get_one(Room, room_id), session.get_one(Edition, edition_id)
        values = values_of(own_edition, room, time(10), time(11))
        is_free = is_room_free(ProgrammeItem(**values), programme_of(own_edition))
        session.rollback()
        both_have_read.wait()
        with transaction() as session:
            session.add(ProgrammeItem(edition_id=edition_id, **values))
        return is_free

    assert race(app, [add, add]) == [True, True]
    assert len(programme_of(edition)) == 2


def test_the_programme_is_typed_and_read(
    organiser: PageClient, client: PageClient, fair: Fair
) -> None:
    path = f"{PROGRAMME}/salles/nouvelle"
    room = fields_of(organiser.get(path).text) | {"name": "Auditorium", "seats": "200"}
    assert organiser.post(path, data=room).status_code == 302
    room["submission_key"] = new_key()
    assert RoomKnown.message in organiser.post(path, data=room).text
    path = f"{PROGRAMME}/nouveau"
    fields = fields_of(organiser.get(path).text) | {
        "title": "Financer un projet",
        "day": str(fair.edition.days[0].day_on),
        "starts": "10:00",
        "ends": "09:00",
        "room_id": str(rooms_of(fair.edition)[0].id),
        "theme_id": str(themes_of(fair.edition)[0].id),
        "summary": "De l’idée au **dossier**.",
        "speakers-0-name": "jeanne martin",
        "speakers-0-role": "maire de Lagrasse",
    }
    del fields["is_draft"]  # the box is there, and not ticked
    answer = organiser.post(path, data=fields)
    assert answer.status_code == 400
    assert "finit avant de commencer" in answer.text
    late = organiser.post(path, data=fields | {"ends": "23:00"})
    assert late.status_code == 400
    assert organiser.post(path, data=fields | {"ends": "10:45"}).location == PROGRAMME
    page = client.get("/programme")
    for words in (
        "Auditorium, 200 places",
        "Jeanne Martin, maire de Lagrasse",
        "De l’idée au dossier",
    ):
        assert words in text_of(page)
    assert themes_of(fair.edition)[0].slug in page.text
    item = programme_of(fair.edition)[0]
    path = f"{PROGRAMME}/{item.id}"
    fields = fields_of(organiser.get(path).text)
    del fields["is_draft"]
    change = {"day": str(fair.edition.days[0].day_on), "room_id": str(item.room_id)}
    saved = fields | change | {"title": "Financer", "theme_id": ""}
    assert organiser.post(path, data=saved).status_code == 302
    assert organiser.post(path, data=saved | {"title": "Autre"}).status_code == 409
    fresh(fair.edition)
    assert programme_of(fair.edition)[0].theme_id is None
    page = organiser.get(path).text
    form_fields = {name: fields_of(page)[name] for name in ("csrf_token", "stamp")}
    organiser.confirm(organiser.post(f"{path}/retirer", data=form_fields))
    assert programme_of(fair.edition) == []


def test_a_room_in_use_stays_then_goes(organiser: PageClient, fair: Fair) -> None:
    room = add_room(fair.edition)
    item = add_item(fair.edition, room, time(10), time(11))
    path = f"{PROGRAMME}/salles/{room.id}"
    page = organiser.get(path).text
    fields = {name: fields_of(page)[name] for name in ("csrf_token", "stamp")}
    answer = organiser.post(f"{path}/retirer", data=fields)
    assert answer.status_code == 409
    assert "accueille encore 1 moment" in text_of(answer)
    stamp = stamp_of(programme.item_values(item))
    programme.remove_item(act_in(fair.edition, SYSTEM), item, stamp, FolderStore(fair_data()))
    organiser.confirm(organiser.post(f"{path}/retirer", data=fields))
    assert rooms_of(fresh(fair.edition)) == []
