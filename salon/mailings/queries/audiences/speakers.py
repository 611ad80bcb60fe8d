"""Speakers of the programme who are registered.

The programme knows a name and a role, no address: a speaker is written to at that of the one
person registered under this name; without such a person, or with namesakes, at none.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select

from salon.badges.models import Attendee, AttendeeStatus
from salon.badges.models.labels import salutation
from salon.fair.models import Edition
from salon.fair.queries import all_programme_of
from salon.mailings.engine import Recipient
from salon.mailings.queries.audiences.audience import Audience, Choices, Filter
from salon.platform.database.db import current_session
from salon.platform.database.identity import Domain
from salon.platform.words.people import polite_name, without_title
from salon.platform.words.texts import folded


def find_speakers(edition: Edition, choices: Choices, now: datetime) -> Sequence[Recipient]:
    names = {
        speaker["name"]: set(_name_keys(speaker["name"]))
        for item in all_programme_of(edition)
        if choices.get("item") in (None, "", str(item.id))
        for speaker in item.speakers
    }
    statement = select(Attendee).where(
        Attendee.edition_id == edition.id,
        Attendee.status == AttendeeStatus.REGISTERED,
        Attendee.name_key.in_({key for keys in names.values() for key in keys}),
    )
    people = current_session().scalars(statement).all()
    recipients = []
    for name, keys in names.items():
        namesakes = {person.email_key: person for person in people if person.name_key in keys}
        person = next(iter(namesakes.values())) if len(namesakes) == 1 else None
        recipients.append(_recipient(name, person))
    return recipients


def _name_keys(name: str) -> Iterator[str]:
    """Yield the keys that a name may have, wherever the last name begins."""
    words = folded(without_title(name)[0]).split()
    for start in range(1, len(words)):
        yield " ".join(words[start:] + words[:start])


def _recipient(name: str, person: Attendee | None) -> Recipient:
    if person is None:
        return Recipient(key=f"speaker:{folded(name)}", address="", name=name)
    return Recipient(
        key=f"attendee:{person.id}",
        address=person.email,
        name=polite_name(person.civility, person.full_name),
        greeting=salutation(person.civility, person.function),
        organisation=person.organisation,
    )


SPEAKERS = Audience(
    "speakers",
    "Intervenants inscrits",
    Domain.FAIR,
    find_speakers,
    origin="a été donnée à l’inscription au salon, où vous intervenez",
    filters=(
        Filter(
            "item",
            "Intervention",
            lambda edition: [
                (str(item.id), item.title) for item in all_programme_of(edition) if item.speakers
            ],
        ),
    ),
)
