"""A person's name, written wherever the schema holds text, is gone after their erasure."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

from flask import Flask
from sqlalchemy import JSON, Column, Enum, String, Table, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from salon.accounts.models import Station
from salon.badges.engine.matching import name_key
from salon.badges.models import Attendee, AttendeeStatus, Badge, Printing
from salon.dashboard.engine.personal_data import PERSONAL_DATA
from salon.dashboard.engine.table_data import DataClass
from salon.dashboard.services import erasure
from salon.entrance.models import Conflict, ConflictKind, EntranceSettings
from salon.entrance.services.scans import record_scans
from salon.kiosk.models import PrintJob
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, db, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.invariants import erasing
from salon.platform.settings.clock import now, real_now
from tests.entrance.people import item

UNREADABLE = select(Conflict).where(Conflict.kind == ConflictKind.UNREADABLE)
FIRST, LAST = "Jéhanne", "Fabrègues-Vézian"
WORDS = f"Vu avec {FIRST} {LAST}"
COVERED = {
    f"{table}.{column}" for table, data in PERSONAL_DATA.items() for column in data.masked.split()
}


def text_columns() -> Iterator[tuple[Table, Column[Any]]]:
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            is_text = isinstance(column.type, String) and not isinstance(column.type, Enum)
            is_key = column.primary_key or bool(column.foreign_keys)
            if (is_text or isinstance(column.type, JSON)) and not is_key:
                yield table, column


def is_covered(table: Table, column: Column[Any]) -> bool:
    return f"{table.name}.{column.name}" in COVERED


def test_each_text_of_the_schema_is_declared_personal_or_not(app: Flask) -> None:
    texts: dict[str, set[str]] = {}
    for table, column in text_columns():
        texts.setdefault(table.name, set()).add(column.name)
    for table in db.metadata.sorted_tables:
        data = PERSONAL_DATA[table.name]
        personal = {*data.blank_values, *f"{data.masked} {data.untouched}".split()}
        plain = set(data.plain.split())
        declared = {*personal, *plain, *data.internal.split()}
        assert declared <= {column.name for column in table.columns}, table.name
        assert not personal & plain, table.name
        if data.data is not DataClass.PUBLIC:
            assert texts.get(table.name, set()) <= declared, table.name
        else:
            assert not declared, table.name


def test_a_part_of_a_table_holds_columns_of_the_table() -> None:
    for name, data in PERSONAL_DATA.items():
        table = PERSONAL_DATA[name.partition(".")[0]]
        assert data.blank_values.items() <= table.blank_values.items(), name
        assert set(data.published.split()) <= table.blank_values.keys(), name


def test_a_name_written_anywhere_is_gone_after_erasure(app: Flask) -> None:
    number = rename_visitor()
    make_rows()
    written = {
        f"{table.name}.{column.name}"
        for table, column in text_columns()
        if is_covered(table, column) and write_name(table, column)
    }
    assert written > {"conflicts.detail", "conflicts.note", "scans.code", "stations.name"}
    assert written > {"printings.printed_by", "print_jobs.asked_by", "journal_entries.actor_name"}
    assert columns_that_name() >= written
    erasure.erase(Act(SYSTEM), number, app.config["SALON"].file_store, real_now())
    assert columns_that_name() == set()


def test_a_name_in_a_card_that_a_station_read_is_gone_too(app: Flask) -> None:
    number = rename_visitor()
    make_rows()
    read = f"BEGIN:VCARD\nN:{LAST};{FIRST}\nEND:VCARD"
    with transaction() as session:
        (conflict,) = session.scalars(UNREADABLE)
        conflict.detail = {"sent": json.dumps({"code": read}), "problem": "Une heure est attendue."}
    assert "\\u00e8" in conflict.detail["sent"], "as a client may write it"
    erasure.erase(Act(SYSTEM), number, app.config["SALON"].file_store, real_now())
    current_session().expire_all()
    (conflict,) = current_session().scalars(UNREADABLE)
    assert conflict.detail["problem"] == "Une heure est attendue."
    assert json.loads(conflict.detail["sent"])["code"].split() == [
        *("BEGIN:VCARD", "N:[effacé]", "END:VCARD")
    ]


def rename_visitor() -> int:
    """Give a registered visitor, who is nothing else, that name; return the row's number."""
    with transaction() as session:
        person = session.scalars(
            select(Attendee)
            .where(Attendee.status == AttendeeStatus.REGISTERED)
            .where(Attendee.exhibitor_id.is_(None), Attendee.agent_id.is_(None))
            .order_by(Attendee.id.desc())
            .limit(1)
        ).one()
        person.first_name, person.last_name = FIRST, LAST
        person.name_key = name_key(FIRST, LAST)
    return person.id


def make_rows() -> None:
    """A row of each table of the doors, the kiosk and the printing, which the loading leaves
    empty."""
    badge = current_session().scalars(select(Badge).order_by(Badge.id).limit(1)).one()
    station = current_session().scalars(select(Station).order_by(Station.id).limit(1)).one()
    record_scans(station.id, badge.edition_id, [item(badge.code)], now())
    with transaction() as session:
        session.add(
            Conflict(
                edition_id=badge.edition_id,
                kind=ConflictKind.UNREADABLE,
                scan_id=str(uuid.uuid4()),
                station_id=station.id,
                raised_at=now(),
            )
        )
        session.merge(EntranceSettings(edition_id=badge.edition_id))
        session.add(Printing(badge_id=badge.id, printed_at=now(), printed_by="Borne"))
        session.add(
            PrintJob(
                edition_id=badge.edition_id,
                job_id=str(uuid.uuid4()),
                badge_id=badge.id,
                layout="a6",
                asked_by="Borne",
                asked_at=now(),
            )
        )


def write_name(table: Table, column: Column[Any]) -> bool:
    """Write the name in the first row; whether there is one and the schema lets it in."""
    key = list(table.primary_key.columns)
    with Session(db.engine) as session:
        with erasing(session):
            row = session.execute(select(*key, column).order_by(*key).limit(1)).first()
            if row is None:
                return False
            matches = [name == value for name, value in zip(key, row, strict=False)]
            value = with_name(column, row[-1])
            try:
                session.execute(update(table).where(*matches).values({column: value}))
            except IntegrityError:
                session.rollback()
                return False
        session.commit()
    return value is not None


def with_name(column: Column[Any], value: Any) -> Any:
    if not isinstance(column.type, JSON):
        return WORDS
    if isinstance(value, dict):
        return {**value, "note": WORDS}
    return [*value, WORDS] if isinstance(value, list) else value


def columns_that_name() -> set[str]:
    current_session().rollback()
    with db.engine.connect() as connection:
        return {
            f"{table.name}.{column.name}"
            for table, column in text_columns()
            if is_covered(table, column)
            and any(FIRST in str(value) for value in connection.scalars(select(column)))
        }
