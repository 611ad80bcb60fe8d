"""A stand and visitors for the tests of contacts: keyword arguments, every one with a default."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from salon.badges.models import Attendee, AttendeeStatus, Badge
from salon.exhibitors.models import Exhibitor
from salon.fair.models import Edition
from salon.leads.models import Lead, LeadConsent
from salon.leads.models.labels import Field, Purpose
from salon.leads.services.reading import ReadItem, ReadState, record_readings
from salon.leads.services.sharing import change_consents
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Identity, Role
from salon.platform.mail.outbox import Message
from tests.entrance.people import make_badge

AT = datetime(2026, 10, 1, 8, 12, tzinfo=UTC)
LATER = AT + timedelta(minutes=20)
STAND = Identity(Role.EXHIBITOR, 7, "Élise Cabanel", "192.0.2.7")
VISITOR = Identity(None, None, "public", "192.0.2.8")
NAME, COMMUNE = "Roquefeuil-Témoin", "Saint-Gervais-sur-Mare"
EMAIL, PHONE = "aubepine.lavande@mairie.example", "04 11 22 33 44"
FUNCTION = "Gardienne du moulin"
WHOLE = frozenset(Field)
EMAIL_ALONE = frozenset({Field.EMAIL})


def make_witness(edition: Edition, **overrides: Any) -> Badge:
    """Make a visitor whose name, function, commune, address and telephone are found in no page."""
    badge = make_badge(
        edition,
        **{
            "last_name": NAME,
            "function": "other",
            "function_other": FUNCTION,
            "commune_code": "34255",
            "phone": PHONE,
            **overrides,
        },
    )
    with transaction(badge.attendee):
        badge.attendee.email = badge.attendee.email_key = EMAIL
    return badge


def item(badge: Badge | None = None, **overrides: Any) -> ReadItem:
    values: dict[str, Any] = {
        "reading_id": str(uuid.uuid4()),
        "read_at": AT,
        "code_hash": badge.code_hash if badge else "0" * 64,
        **overrides,
    }
    return ReadItem(**values)


def read(exhibitor: Exhibitor, badge: Badge, now: datetime = AT, **overrides: Any) -> Lead:
    """Return the contact that a reading of this badge makes."""
    (result,) = record_readings(Act(STAND, now), exhibitor, [item(badge, **overrides)])
    assert result.state == ReadState.KEPT
    assert result.line is not None
    return fresh(result.line.id)


def give(
    lead: Lead, choice: Mapping[Purpose, Iterable[Field]] | None = None, now: datetime = AT
) -> None:
    """All of it to be contacted again, unless said."""
    expected_fields = {Purpose.FOLLOW_UP: WHOLE} if choice is None else choice
    change_consents(
        Act(VISITOR, now),
        lead,
        {text: frozenset(fields) for text, fields in expected_fields.items()},
    )


def fresh(lead_id: int) -> Lead:
    current_session().rollback()
    statement = select(Lead).where(Lead.id == lead_id)
    return current_session().scalars(statement.execution_options(populate_existing=True)).one()


def live(lead: Lead) -> dict[str, list[str]]:
    """Return the fields consented to now, by purpose."""
    current_session().rollback()
    statement = select(LeadConsent).where(
        LeadConsent.lead_id == lead.id, LeadConsent.withdrawn_at.is_(None)
    )
    return {row.purpose: row.fields for row in current_session().scalars(statement)}


def posted(kind: str) -> list[Message]:
    current_session().rollback()
    return list(current_session().scalars(select(Message).where(Message.kind == kind)))


def person(badge: Badge) -> Attendee:
    current_session().rollback()
    return current_session().get_one(Attendee, badge.attendee_id)


def leave(badge: Badge, status: str) -> None:
    """Somebody is no longer registered: their badge is revoked, then their status says why."""
    with transaction(badge):
        badge.revoked_at = badge.issued_at
    with transaction(badge.attendee):
        badge.attendee.status = AttendeeStatus(status)
