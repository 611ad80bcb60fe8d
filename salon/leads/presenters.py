"""The stands that scanned a visitor's badge, as shown to them: readings, consents, downloads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from salon.badges.models import Attendee
from salon.badges.models.labels import printed_function
from salon.exhibitors.models import Exhibitor
from salon.leads.models import Lead, LeadReading
from salon.leads.models.labels import Field, Purpose, consent_text
from salon.leads.queries.shared import Uses, uses_of
from salon.platform.words.people import civility_label


@dataclass(frozen=True)
class GivenPurpose:
    """A live consent: its text as agreed to, its fields as the exhibitor sees them, its date."""

    purpose: Purpose
    text: str
    fields: Sequence[str]
    given_at: datetime


@dataclass(frozen=True)
class Share:
    """The data that a visitor shares with an exhibitor.

    `downloaded_at`: last download of a file with their data.
    """

    id: int
    exhibitor: Exhibitor
    readings: Sequence[LeadReading]
    uses: Uses
    purposes: Sequence[GivenPurpose]
    ended_at: datetime | None
    downloaded_at: datetime | None


def legal_name(exhibitor: Exhibitor) -> str:
    """Return the legal name of the exhibitor, who receives the data."""
    return exhibitor.legal_name or exhibitor.name


def field_values(attendee: Attendee) -> dict[Field, str]:
    """Return the value of each field for this person, "" when they have none."""
    name = f"{civility_label(attendee.civility)} {attendee.full_name}".strip()
    function = printed_function(attendee.function, attendee.function_other, attendee.civility)
    identity = ", ".join(text for text in (name, function, attendee.on_behalf_of) if text)
    return {Field.IDENTITY: identity, Field.EMAIL: attendee.email, Field.PHONE: attendee.phone}


def share_of(lead: Lead, attendee: Attendee) -> Share:
    values = field_values(attendee)
    uses = uses_of(lead.consents)
    live = {consent.purpose: consent for consent in lead.consents if consent.withdrawn_at is None}
    ends = [consent.withdrawn_at for consent in lead.consents if consent.withdrawn_at is not None]
    exhibitor_name = legal_name(lead.exhibitor)
    return Share(
        id=lead.id,
        exhibitor=lead.exhibitor,
        readings=lead.readings,
        uses=uses,
        purposes=[
            GivenPurpose(
                purpose,
                consent_text(purpose, live[purpose].text_version, exhibitor_name),
                [f"{field.label}\u00a0: {values[field]}" for field in Field if field in fields],
                live[purpose].given_at,
            )
            for purpose, fields in uses.items()
        ],
        ended_at=max(ends) if ends and not uses else None,
        downloaded_at=lead.downloaded_at,
    )
