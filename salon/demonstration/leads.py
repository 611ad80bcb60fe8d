"""Contacts left at the demonstration's stands by the current moment, from leads.csv, through the
services."""

import uuid
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select

from salon.accounts.queries import find_account
from salon.badges.models import Badge
from salon.badges.queries import get_valid_badge
from salon.demonstration.meetings import PUBLIC, attendee_of
from salon.exhibitors.models import ContactKind, Exhibitor
from salon.fair.imports.seed_tables import Row, read_table
from salon.fair.models import Edition
from salon.leads.models import Interest, Lead, LeadConsent, LeadReading
from salon.leads.models.labels import SHORT, Field, Purpose
from salon.leads.queries.leads import find_lead, get_line
from salon.leads.services.following import FollowUp, change_lead
from salon.leads.services.reading import ReadItem, record_readings
from salon.leads.services.sharing import change_consents, leave_contact
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Identity, Role
from salon.platform.settings.clock import paris
from salon.platform.settings.installation import ROOT

FILE = "leads.csv"
COLUMNS = (
    *("exposant", "courriel", "nom", "heure", "par", "interet", "note", "suite", "pour_le"),
    *("recontacter", "informations", "ensuite"),
)
INTERESTS = {interest.label.replace("’", "'"): interest for interest in Interest}
FIELDS = {words: interest for interest, words in SHORT.items()}
CHOSEN_AFTER = timedelta(minutes=2)
CHANGED_AFTER = timedelta(minutes=5)
Choice = dict[Purpose, frozenset[Field]]


def play_leads(edition: Edition, at: datetime, folder: Path = ROOT / "seed_data") -> None:
    """Add the contacts left by `at`, and delete the later ones."""
    path = folder / edition.slug / FILE
    if not path.is_file():
        return
    _forget_after(edition, at)
    for row in read_table(path, *COLUMNS):
        met_at = paris(edition.days[0].day_on, row.hour("heure"))
        if met_at <= at:
            _meet(edition, row, met_at, at)


def _forget_after(edition: Edition, at: datetime) -> None:
    later = select(Lead.id).where(Lead.edition_id == edition.id, Lead.met_at > at)
    quietly = {"synchronize_session": False}
    with transaction() as session:
        numbers = list(session.scalars(later))
        for table in (LeadConsent, LeadReading):
            rows = delete(table).where(table.lead_id.in_(numbers))
            session.execute(rows, execution_options=quietly)
        leads = delete(Lead).where(Lead.id.in_(numbers))
        session.execute(leads, execution_options=quietly)
    current_session().expire_all()


def _meet(edition: Edition, row: Row, met_at: datetime, at: datetime) -> None:
    exhibitor, attendee = _exhibitor(edition, row), attendee_of(edition, row)
    if find_lead(exhibitor.id, attendee.id) is not None:
        return
    key = str(uuid.uuid5(uuid.NAMESPACE_URL, f"lead {edition.slug} {row.line} {met_at}"))
    choice = {
        Purpose.FOLLOW_UP: _fields(row, "recontacter"),
        Purpose.NEWS: _fields(row, "informations"),
    }
    if not row.raw("par"):
        # The key is another each time: what was met later is forgotten, a form sent is not.
        leave_contact(Act(PUBLIC, met_at), exhibitor, attendee, choice, str(uuid.uuid4()))
        return
    badge = get_valid_badge(attendee.id)
    lead = _read(exhibitor, badge, row, key, met_at)
    changes: list[tuple[datetime, Choice]] = [(met_at + CHOSEN_AFTER, choice)]
    if row.raw("ensuite"):
        left: Choice = {}
        if row.raw("ensuite") == "réduit":
            left = {Purpose.FOLLOW_UP: frozenset({Field.EMAIL})}
        changes.append((met_at + CHANGED_AFTER, left))
    for changed_at, fields in changes:
        if changed_at <= at:
            change_consents(Act(PUBLIC, changed_at), lead, fields)


def _read(exhibitor: Exhibitor, badge: Badge, row: Row, key: str, met_at: datetime) -> Lead:
    """Return the contact, with the stand's notes."""
    contact = exhibitor.contact(ContactKind.MAIN)
    account = find_account(contact.email) if contact else None
    exhibitor_identity = Identity(Role.EXHIBITOR, account.id if account else None, row.text("par"))
    interest = row.known("interet", INTERESTS) if row.raw("interet") else Interest.UNSAID
    item = ReadItem(key, met_at, badge.code_hash, note=row.optional_text("note"), interest=interest)
    (result,) = record_readings(Act(exhibitor_identity, met_at), exhibitor, [item])
    if result.line is None:
        raise row.refuse("ce badge ne se lit pas.")
    line = result.line
    if row.raw("suite"):
        promised = FollowUp(interest, line.note, row.text("suite"), row.day("pour_le"), False)
        change_lead(
            Act(exhibitor_identity, met_at), line, get_line(exhibitor.id, line.id).version, promised
        )
    return current_session().get_one(Lead, line.id)


def _fields(row: Row, column: str) -> frozenset[Field]:
    return frozenset(FIELDS[cell] for cell in row.items(column))


def _exhibitor(edition: Edition, row: Row) -> Exhibitor:
    statement = select(Exhibitor).where(
        Exhibitor.edition_id == edition.id, Exhibitor.name == row.text("exposant")
    )
    exhibitor = current_session().scalar(statement)
    if exhibitor is None:
        raise row.refuse("aucun exposant ne porte ce nom.")
    return exhibitor
