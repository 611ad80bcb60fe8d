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
from salon.dashboard.services import erasure
from salon.dashboard.services.traces import TEXTS
from salon.entrance.models import Conflict, ConflictKind, EntranceSettings
from salon.entrance.services.scans import record_scans
from salon.kiosk.models import PrintJob
from salon.platform.clock import now, real_now
from salon.platform.db import current_session, db, transaction
from salon.platform.identity import SYSTEM
from salon.platform.invariants import erasing
from tests.entrance.people import item

UNREADABLE = select(Conflict).where(Conflict.kind == ConflictKind.UNREADABLE)
FIRST, LAST = "Jéhanne", "Fabrègues-Vézian"
WORDS = f"Vu avec {FIRST} {LAST}"
COVERED = {f"{one.class_.__tablename__}.{one.key}" for one in TEXTS}

PUBLISHED = ("editions", "themes", "topics", "partner_bodies", "programme_items", "price_items")
PUBLIC_PLACES = ("communes", "epcis", "halls", "stands", "doors", "zones", "exhibitor_terms")
OF_A_COMPANY = ("company_records", "co_exhibitors", "billing_details", "exhibitors")
BY_LAW = ("sales_documents", "sales_lines", "payments")
OTHER_PEOPLE = (
    *("accounts", "agents", "attendees", "exhibitor_contacts", "groups", "booking_requests"),
)
WITHOUT_WORDS = (
    *("marks", "rate_counters", "submissions", "sign_ins", "single_use_codes", "reminders"),
    *("rotas", "paper_pages", "queue_tickets", "consents", "lead_consents", "station_reports"),
    *("presences", "zone_presences", "appointment_holds", "kept_forms", "unsettled"),
)
KEPT_TABLES = {
    *PUBLISHED,
    *PUBLIC_PLACES,
    *OF_A_COMPANY,
    *BY_LAW,
    *OTHER_PEOPLE,
    *WITHOUT_WORDS,
}
CODES = {
    *("journal_entries.actor", "journal_entries.address", "journal_entries.action"),
    *("journal_entries.subject", "messages.kind", "messages.recipient", "messages.about"),
    *("messages.message_id", "messages.act", "stations.door", "stations.token_hash"),
    *("entrance_settings.kiosk_pin_salt", "entrance_settings.kiosk_pin_hash"),
    *("entrance_settings.kiosk_layout", "exhibitor_documents.stored_name"),
    *("exhibitor_documents.media_type", "exhibitor_documents.sha256", "invitations.code"),
    *("badges.code", "badges.code_hash", "badges.private_token", "shifts.uid"),
    *("print_runs.layout", "print_runs.file_name", "paper_packs.file_name"),
    *("plan_proposals.hall_versions", "plan_proposals.result"),
    *("rota_runs.effort", "rota_runs.agent_versions", "print_jobs.job_id", "print_jobs.layout"),
    *("conflicts.scan_id", "conflicts.settlement", "scans.scan_id", "scans.verdict"),
    *("scans.shown", "scans.direction", "scans.door", "lead_readings.reading_id"),
    *("appointments.organisation", "appointments.private_token", "appointments.uid"),
    *("appointments.stage", "appointments.contact_email", "appointments.funding"),
    *("appointment_documents.stored_name", "appointment_documents.media_type"),
    *("appointment_documents.sha256", "waiting_entries.contact_email"),
    *("waiting_entries.private_token", "waiting_entries.offered"),
}
"""Keys, addresses, names of bodies and words of the code: nobody writes a name there."""


def text_columns() -> Iterator[tuple[Table, Column[Any]]]:
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            is_text = isinstance(column.type, String) and not isinstance(column.type, Enum)
            is_key = column.primary_key or bool(column.foreign_keys)
            if (is_text or isinstance(column.type, JSON)) and not is_key:
                yield table, column


def is_kept(table: Table, column: Column[Any]) -> bool:
    name = f"{table.name}.{column.name}"
    return name not in COVERED and (table.name in KEPT_TABLES or name in CODES)


def test_each_text_of_the_schema_is_covered_or_kept_for_a_reason(app: Flask) -> None:
    names = {f"{table.name}.{column.name}" for table, column in text_columns()}
    kept = {f"{table.name}.{one.name}" for table, one in text_columns() if is_kept(table, one)}
    assert names - COVERED - kept == set()
    assert names >= COVERED
    assert names >= CODES


def test_a_name_written_anywhere_is_gone_after_erasure(app: Flask) -> None:
    number = make_person()
    make_rows()
    written = {
        f"{table.name}.{column.name}"
        for table, column in text_columns()
        if not is_kept(table, column) and write_name(table, column)
    }
    assert written > {"conflicts.detail", "conflicts.note", "scans.code", "stations.name"}
    assert written > {"printings.printed_by", "print_jobs.asked_by", "journal_entries.actor_name"}
    assert columns_that_name() >= written
    erasure.erase(number, app.config["SALON"].data, real_now(), SYSTEM)
    assert columns_that_name() == set()


def test_a_name_in_a_card_that_a_station_read_is_gone_too(app: Flask) -> None:
    number = make_person()
    make_rows()
    read = f"BEGIN:VCARD\nN:{LAST};{FIRST}\nEND:VCARD"
    with transaction() as session:
        (conflict,) = session.scalars(UNREADABLE)
        conflict.detail = {"sent": json.dumps({"code": read}), "problem": "Une heure est attendue."}
    assert "\\u00e8" in conflict.detail["sent"], "as a client may write it"
    erasure.erase(number, app.config["SALON"].data, real_now(), SYSTEM)
    current_session().expire_all()
    (conflict,) = current_session().scalars(UNREADABLE)
    assert conflict.detail["problem"] == "Une heure est attendue."
    assert json.loads(conflict.detail["sent"])["code"].split() == [
        *("BEGIN:VCARD", "N:[effacé]", "END:VCARD")
    ]


def make_person() -> int:
    """A registered visitor of that name, who is nothing else."""
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
    """Writes the name in the first row; whether there is one and the schema lets it in."""
    key = list(table.primary_key.columns)
    with Session(db.engine) as session:
        with erasing(session):
            row = session.execute(select(*key, column).order_by(*key).limit(1)).first()
            if row is None:
                return False
            same = [name == value for name, value in zip(key, row, strict=False)]
            value = with_name(column, row[-1])
            try:
                session.execute(update(table).where(*same).values({column: value}))
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
            if not is_kept(table, column)
            and any(FIRST in str(value) for value in connection.scalars(select(column)))
        }
