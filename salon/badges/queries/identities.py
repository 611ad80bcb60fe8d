"""Registered people compared with one who registers, or with one another."""

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import aliased

from salon.badges.engine.matching import email_key
from salon.badges.models import Attendee, AttendeeStatus, Commune, Epci, MergedPerson
from salon.badges.models.labels import printed_function
from salon.platform.database.db import current_session
from salon.platform.words.identities import Entry
from salon.platform.words.likeness import (
    Identity,
    Likeness,
    Reason,
    Verdict,
    likeness,
    resembling,
    shared_mailboxes,
)
from salon.platform.words.search import sound, sounds_of
from salon.platform.words.texts import folded

COLUMNS = (
    *(Attendee.id, Attendee.first_name, Attendee.last_name, Attendee.civility),
    *(Attendee.function, Attendee.function_other, Attendee.email, Attendee.phone),
    *(Attendee.commune_code, Attendee.epci_siren, Attendee.organisation),
)
NAMESAKE = " ~"
"""Stands before the number that tells apart the keys of namesakes who share an address."""


def identity_of(attendee: Attendee) -> Identity:
    """Return what the list says of a registered person."""
    return _identity(attendee, attendee.on_behalf_of)


def identities_of_edition(edition_id: int) -> dict[int, Identity]:
    """Return the live registrations of an edition by id, those of stands and agents left out."""
    return _read(_visitors(edition_id))


def people_like(edition_id: int, identity: Identity) -> list[tuple[int, Likeness]]:
    """Return the registered people who are or may be this person, the likeliest first.

    Only people of the same place, address or telephone, or whose name sounds alike, are compared.
    """
    name = folded(identity.last_name)
    sounds = {sound(name.replace(" ", "")), *sounds_of(name).split()}
    conditions = [
        Attendee.sound_key.contains(f" {heard} ", autoescape=True)
        for heard in sounds
        if len(heard) > 1
    ]
    if identity.email:
        conditions.append(Attendee.email_key == email_key(identity.email))
    if identity.telephone:
        conditions.append(Attendee.phone == identity.telephone)
    if identity.place_code:
        conditions.append(Attendee.commune_code == identity.place_code)
        conditions.append(Attendee.epci_siren == identity.place_code)
    candidates = _read(_visitors(edition_id).where(or_(*conditions))) if conditions else {}
    return resembling([identity], candidates)[0]


def find_same_person(
    edition_id: int,
    email: str,
    name: str,
    exhibitor_id: int | None = None,
    identity: Identity | None = None,
) -> Attendee | None:
    """Return the live registration of a person, on a stand or not: that of the same keys
    (`email_key`, `name_key`), unless it is a namesake's: one of another function or place, at an
    address that bears no name or that several people use.

    The registration of a village agent as agent is a separate one. With the keys of a registration
    that was merged, return the one that was kept.
    """
    candidates = _with_keys(edition_id, email, name, exhibitor_id)
    if not candidates:
        return None if exhibitor_id is not None else _find_kept(edition_id, email, name)
    if identity is None:
        return candidates[0]
    at_address = _read(_visitors(edition_id).where(Attendee.email_key == email)).values()
    mailboxes, entry = shared_mailboxes([identity, *at_address]), Entry(identity)
    if entry.is_office or not entry.bears_name:
        mailboxes |= {entry.mailbox}
    return next(
        (
            attendee
            for attendee in candidates
            if not _is_namesake(likeness(identity, identity_of(attendee), mailboxes))
        ),
        None,
    )


def free_name_key(
    edition_id: int,
    email: str,
    name: str,
    exhibitor_id: int | None = None,
    own_id: int | None = None,
) -> str:
    """Return the key of a name that no live registration of this address has but `own_id`."""
    candidates = _with_keys(edition_id, email, name, exhibitor_id)
    keys = {attendee.name_key for attendee in candidates if attendee.id != own_id}
    numbered = (f"{name}{NAMESAKE}{number}" for number in range(2, len(keys) + 2))
    return next(key for key in (name, *numbered) if key not in keys)


def _with_keys(edition_id: int, email: str, name: str, exhibitor_id: int | None) -> list[Attendee]:
    statement = select(Attendee).where(
        Attendee.edition_id == edition_id,
        Attendee.email_key == email,
        or_(
            Attendee.name_key == name,
            Attendee.name_key.startswith(f"{name}{NAMESAKE}", autoescape=True),
        ),
        Attendee.exhibitor_id == exhibitor_id,
        Attendee.agent_id.is_(None),
        Attendee.status == AttendeeStatus.REGISTERED,
    )
    return list(current_session().scalars(statement.order_by(Attendee.id)))


def _find_kept(edition_id: int, email: str, name: str) -> Attendee | None:
    """Return the live registration into which one of these keys was merged, at last."""
    former = aliased(Attendee)
    keys = (former.edition_id == edition_id, former.email_key == email, former.name_key == name)
    kept = current_session().scalar(
        select(Attendee)
        .join(MergedPerson, MergedPerson.kept_id == Attendee.id)
        .join(former, former.id == MergedPerson.attendee_id)
        .where(*keys)
        .limit(1)
    )
    while kept is not None and kept.status == AttendeeStatus.REPLACED:
        kept = kept.replaced_by
    return kept if kept is not None and kept.status == AttendeeStatus.REGISTERED else None


def _is_namesake(answer: Likeness) -> bool:
    differences = {Reason.OTHER_FUNCTION, Reason.OTHER_PLACE, Reason.OTHER_GENERATION}
    return answer.verdict is not Verdict.SAME and not differences.isdisjoint(answer.reasons)


def _visitors(edition_id: int) -> Select[*tuple[object, ...]]:
    place = func.coalesce(Commune.name, Epci.name, Attendee.organisation)
    return (
        select(*COLUMNS, place.label("place"))
        .outerjoin(Commune, Commune.code == Attendee.commune_code)
        .outerjoin(Epci, Epci.siren == Attendee.epci_siren)
        .where(
            Attendee.edition_id == edition_id,
            Attendee.status == AttendeeStatus.REGISTERED,
            Attendee.exhibitor_id.is_(None),
            Attendee.agent_id.is_(None),
        )
        .order_by(Attendee.id)
    )


def _read(statement: Select[*tuple[object, ...]]) -> dict[int, Identity]:
    return {row.id: _identity(row, row.place) for row in current_session().execute(statement)}


def _identity(person: Attendee | Row[*tuple[object, ...]], place: str) -> Identity:
    """Return the identity of a person; a row has the columns that are read here."""
    return Identity(
        person.first_name,
        person.last_name,
        person.civility,
        printed_function(person.function, person.function_other, person.civility),
        person.email,
        person.phone,
        person.commune_code or person.epci_siren,
        place,
    )
