"""Other organisations: lists compared with those known and written, one changed, one erased."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.orm import Session

from salon.invitations.actions import InvitationAction
from salon.invitations.imports.authorities import AuthorityLine
from salon.invitations.models import Guest, OrganisationInvitation
from salon.invitations.queries.guests import guests_by_name
from salon.invitations.rules import GuestIsKnown
from salon.invitations.services.authorities import LineFate, PlannedLine, Source, Value
from salon.platform.database.act import Act
from salon.platform.database.db import Model, violation_as
from salon.platform.database.edition_scope import across_editions
from salon.platform.database.edition_walls import retention
from salon.platform.database.journal import write_entry
from salon.platform.mail.outbox import Message
from salon.platform.words.texts import folded

FIELDS = (
    *("name", "kind", "contact_civility", "contact_first_name", "contact_last_name"),
    *("contact_function", "phone", "email"),
)
WORDS = {
    "kind": "Genre",
    "contact_last_name": "Contact",
    "contact_function": "Fonction",
    "phone": "Téléphone",
    "email": "Adresse électronique",
}


def plan_guests(lines: Sequence[AuthorityLine]) -> list[PlannedLine]:
    """Return the effect of each line; an empty cell says nothing. Writes nothing."""
    known, seen, planned = guests_by_name(), set[str](), []
    for line in lines:
        key = folded(line.name)
        guest = known.get(key)
        values = {
            name: value
            for name, value in line.values.items()
            if value and (guest is None or (name != "name" and value != getattr(guest, name)))
        }
        changes = list(_changes(guest, values))
        if line.wrong:
            fate = LineFate.WRONG
        elif key in seen:
            fate = LineFate.REPEATED
        elif guest is None:
            fate = LineFate.ADDED
        else:
            fate = LineFate.CHANGED if values else LineFate.SAME
        if not line.wrong:
            seen.add(key)
        written = values if fate in (LineFate.ADDED, LineFate.CHANGED) else {}
        planned.append(PlannedLine(line, fate, written, changes))
    return planned


def _changes(guest: Guest | None, values: Mapping[str, Value]) -> Iterator[str]:
    for name, word in WORDS.items():
        if name in values:
            former = getattr(guest, name) if guest else ""
            yield f"{word}\u00a0: {values[name]}{f' (avant : {former})' if former else ''}."


def import_guests(act: Act, lines: Sequence[AuthorityLine], source: Source) -> int:
    """Write what these lines change; return how many organisations are written. Idempotent.

    Raises GuestIsKnown for one written at the same moment by somebody else.
    """
    with act.transaction() as session:
        known = guests_by_name()
        planned = [plan for plan in plan_guests(lines) if plan.values]
        for plan in planned:
            guest = known.get(folded(plan.line.name)) or Guest()
            _write(act, session, guest, plan.values, source)
        if planned:
            count = len(planned)
            write_entry(
                session,
                act.actor,
                InvitationAction.GUESTS_IMPORTED,
                count=count,
                source=source.name,
            )
    return len(planned)


def save_guest(act: Act, guest: Guest | None, values: Mapping[str, Value]) -> None:
    """Write what an organiser typed of an organisation. Raises GuestIsKnown."""
    with act.transaction() as session:
        same = guests_by_name().get(folded(str(values["name"])))
        if same is not None and same is not guest:
            raise GuestIsKnown
        _write(act, session, guest or Guest(), values, Source("Saisi par l’organisation", None))
        write_entry(session, act.actor, InvitationAction.GUESTS_SAVED)


def _write(
    act: Act, session: Session, guest: Guest, values: Mapping[str, Value], source: Source
) -> None:
    for name, value in values.items():
        setattr(guest, name, value)
    guest.name_key = folded(guest.name)
    guest.source, guest.dated_on = source.name, source.dated_on or act.now.date()
    guest.written_at = act.now
    session.add(guest)
    with violation_as(GuestIsKnown, "uq_guests_name_key", "guests.name_key"):
        session.flush()


@across_editions()
def erase_guest(act: Act, guest: Guest) -> None:
    """Erase an organisation; one that wants no more invitations stays known by a hash alone."""
    with act.transaction(guest) as session, retention(session):
        email, number = guest.email, guest.id
        of_guest = OrganisationInvitation.guest_id == number
        invitations = session.scalars(select(OrganisationInvitation).where(of_guest)).all()
        for invitation in invitations:
            invitation.email = invitation.name = invitation.note = invitation.decline_reason = ""
            if invitation.opposed_at is None:
                invitation.email_hash = ""
        _forget_messages(session, guest.key, email.casefold())
        for name in FIELDS:
            setattr(guest, name, "")
        guest.name_key = f"erased:{number}"
        if not invitations:
            session.delete(guest)
        write_entry(session, act.actor, InvitationAction.GUEST_ERASED, f"guest:{number}")


def _forget_messages(session: Session, key: str, email: str) -> None:
    """Delete what an organisation was sent, and its address in the recipients of mailings."""
    recipients = Model.metadata.tables["mailing_recipients"]  # of a feature above
    is_theirs = or_(recipients.c.key == key, recipients.c.address_key == email)
    of_mailings = select(recipients.c.message_id).where(is_theirs)
    to_address = and_(
        Message.kind.in_(("organisation_invited", "mailing")),
        func.lower(Message.recipient) == email,
    )
    session.execute(delete(Message).where(or_(Message.id.in_(of_mailings), to_address)))
    session.execute(delete(recipients).where(is_theirs))
