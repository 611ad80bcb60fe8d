"""The only access to a visitor's identity: what they share with this exhibitor, now.

Pages, exports and the API get lines made here, never an attendee, so that no view can forget the
consents.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from salon.badges.models import AttendeeStatus
from salon.badges.models.labels import printed_function
from salon.leads.models import Interest, Lead, LeadConsent
from salon.leads.models.labels import NOT_SHARED, Field, Purpose, field_names
from salon.platform.words.people import civility_label
from salon.platform.words.texts import folded

Uses = dict[Purpose, frozenset[Field]]
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class SharedPerson:
    """The shared data of a person; fields without consent are "". `uses`: fields by purpose."""

    uses: Uses
    civility: str = ""
    first_name: str = ""
    last_name: str = ""
    function: str = ""
    on_behalf_of: str = ""
    email: str = ""
    phone: str = ""

    @property
    def title(self) -> str:
        """Return the name, else the address, else the telephone number."""
        name = f"{self.first_name} {self.last_name}".strip()
        return name or self.email or self.phone

    @property
    def words(self) -> str:
        """Return the text that a search looks in."""
        return " ".join(
            (self.title, self.function, self.on_behalf_of, self.email, self.phone),
        )

    @property
    def allowed(self) -> list[tuple[str, str]]:
        """Return (purpose, « nom, courriel ») of each use."""
        return [(purpose.short_label, field_names(fields)) for purpose, fields in self.uses.items()]


def uses_of(consents: Iterable[LeadConsent], at: datetime | None = None) -> Uses:
    """Return the fields shared for each purpose, now or at a past time."""
    uses: Uses = {}
    for consent in consents:
        if at is None:
            is_live = consent.withdrawn_at is None
        else:
            is_live = consent.given_at <= at and (
                consent.withdrawn_at is None or consent.withdrawn_at > at
            )
        fields = frozenset(Field(name) for name in consent.fields if name in set(Field))
        if is_live and fields:
            uses[Purpose(consent.purpose)] = fields
    return {purpose: uses[purpose] for purpose in Purpose if purpose in uses}


def shared_person(lead: Lead, purpose: Purpose | None = None) -> SharedPerson | None:
    """Return what the visitor shares for this purpose, or any; None when nothing is shared.

    A person who is no longer registered shares nothing.
    """
    attendee = lead.attendee
    if attendee.status != AttendeeStatus.REGISTERED:
        return None
    uses = uses_of(lead.consents)
    if purpose is not None:
        uses = {use: fields for use, fields in uses.items() if use == purpose}
    shared_fields = frozenset[Field]().union(*uses.values())
    if not shared_fields:
        return None
    values = {}
    if Field.IDENTITY in shared_fields:
        values = {
            "civility": civility_label(attendee.civility),
            "first_name": attendee.first_name,
            "last_name": attendee.last_name,
            "function": printed_function(
                attendee.function, attendee.function_other, attendee.civility
            ),
            "on_behalf_of": attendee.on_behalf_of,
        }
    if Field.EMAIL in shared_fields:
        values["email"] = attendee.email
    if Field.PHONE in shared_fields:
        values["phone"] = attendee.phone
    return SharedPerson(uses, **values)


@dataclass(frozen=True)
class Reading:
    at: datetime
    read_by: str


@dataclass(frozen=True)
class LeadLine:
    """A contact as its exhibitor may see it.

    `ended_at`: last withdrawal, when nothing is shared any more. `is_stale`: a downloaded file
    contains data no longer shared.
    """

    id: int
    version: int
    met_at: datetime
    interest: Interest
    note: str
    follow_up: str
    follow_up_on: date | None
    follow_up_done_at: datetime | None
    changed_by: str
    person: SharedPerson | None
    ended_at: datetime | None = None
    downloaded_at: datetime | None = None
    is_stale: bool = False
    readings: list[Reading] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.person.title if self.person else NOT_SHARED

    @property
    def is_to_follow(self) -> bool:
        """Return whether a promise is not done yet."""
        promised = bool(self.follow_up or self.follow_up_on)
        return promised and self.follow_up_done_at is None

    def is_late(self, today: date) -> bool:
        day_on = self.follow_up_on
        return self.is_to_follow and day_on is not None and day_on < today

    def holds(self, words: str) -> bool:
        """Return whether each word is in the shared data or in the stand's notes."""
        shared = self.person.words if self.person else ""
        text = folded(" ".join((shared, self.note, self.follow_up)))
        return all(word in text for word in folded(words).split())


def line_of(lead: Lead, purpose: Purpose | None = None) -> LeadLine:
    """Return the line of a contact; `purpose`: only what is shared for it."""
    person = shared_person(lead, purpose)
    ends = [consent.withdrawn_at for consent in lead.consents if consent.withdrawn_at is not None]
    return LeadLine(
        id=lead.id,
        version=lead.version,
        met_at=lead.met_at,
        interest=lead.interest,
        note=lead.note,
        follow_up=lead.follow_up,
        follow_up_on=lead.follow_up_on,
        follow_up_done_at=lead.follow_up_done_at,
        changed_by=lead.changed_by,
        person=person,
        ended_at=max(ends) if ends and person is None and purpose is None else None,
        downloaded_at=lead.downloaded_at,
        is_stale=_is_stale(lead),
        readings=[Reading(reading.read_at, reading.read_by) for reading in lead.readings],
    )


def _is_stale(lead: Lead) -> bool:
    """Return whether the last file of a purpose contains data no longer shared for it."""
    person = shared_person(lead)
    now = person.uses if person else {}
    downloaded = [consent for consent in lead.consents if consent.downloaded_at is not None]
    last = {
        consent.purpose: consent
        for consent in sorted(downloaded, key=lambda consent: consent.downloaded_at or NEVER)
    }
    return any(
        set(consent.fields) - now.get(Purpose(purpose), frozenset())
        for purpose, consent in last.items()
    )
