"""The book of communes and EPCI: lists compared with it and written, a head erased."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from salon.accounts.queries import digest
from salon.badges.engine.matching import name_key
from salon.invitations.actions import InvitationAction
from salon.invitations.imports.authorities import AuthorityLine
from salon.invitations.models import (
    LocalAuthority,
    OrganisationInvitation,
    organisation_key,
)
from salon.invitations.queries.territory import authorities_by_key, authorities_headed_by
from salon.platform.database.act import Act
from salon.platform.database.db import Model
from salon.platform.database.edition_scope import across_editions
from salon.platform.database.edition_walls import retention
from salon.platform.database.journal import write_entry
from salon.platform.mail.oppositions import address_hash
from salon.platform.mail.outbox import Message, MessageStatus
from salon.platform.words.formats import short_day
from salon.platform.words.labels import LabelledEnum
from salon.platform.words.people import polite_name

Value = str | date | None
HEAD = ("head_first_name", "head_last_name", "head_civility", "head_since")
ADDRESS = ("street", "postal_code", "city", "phone", "email")
WORDS = {"canton": "Canton", "phone": "Téléphone", "email": "Adresse électronique"}
LOST = "N’a plus d’adresse électronique (avant\u00a0: {}). Cochez pour l’effacer."
ERASED_MESSAGE = {
    **dict.fromkeys(("recipient", "sent_subject", "sent_text"), ""),
    **{"kind": "erased", "context": {}, "sent_files": []},
}
ERASED = "Effacé à la demande de la personne\u00a0: ce que dit la liste n’est pas repris."


class LineFate(LabelledEnum):
    ADDED = "added", "À ajouter"
    CHANGED = "changed", "À modifier"
    LOST = "lost", "Adresse perdue"
    SAME = "same", "Sans changement"
    REPEATED = "repeated", "Répétée plus haut"
    WRONG = "wrong", "À corriger"


@dataclass(frozen=True)
class PlannedLine:
    """A line with its effect: `values` are those that it would write, `changes` say so."""

    line: AuthorityLine
    fate: LineFate
    values: Mapping[str, Value]
    changes: Sequence[str] = ()


@dataclass(frozen=True)
class Source:
    """The list that lines come from, and its day."""

    name: str
    dated_on: date | None


def plan_import(lines: Sequence[AuthorityLine]) -> list[PlannedLine]:
    """Return the effect of each line; writes nothing."""
    book, seen, planned = authorities_by_key(), set[str](), []
    for line in lines:
        if line.wrong or line.place is None:
            planned.append(PlannedLine(line, LineFate.WRONG, {}))
            continue
        key = organisation_key(None, line.place.commune_code, line.place.epci_siren)
        if key in seen:
            planned.append(PlannedLine(line, LineFate.REPEATED, {}))
            continue
        seen.add(key)
        planned.append(_plan(line, book.get(key)))
    return planned


def _plan(line: AuthorityLine, authority: LocalAuthority | None) -> PlannedLine:
    before = authority or LocalAuthority(
        **dict.fromkeys((*HEAD[:3], *ADDRESS, "canton"), ""), erased_hashes=[]
    )
    values, is_erased = _allowed(line.values, before)
    values = {
        name: value for name, value in values.items() if value != (getattr(before, name) or "")
    }
    changes = [*_changes(before, values), *([ERASED] if is_erased else ())]
    if not values:
        return PlannedLine(line, LineFate.SAME, {}, changes)
    if before.email and values.get("email") == "":
        return PlannedLine(line, LineFate.LOST, values, changes)
    fate = LineFate.CHANGED if authority is not None else LineFate.ADDED
    return PlannedLine(line, fate, values, changes)


def _allowed(values: Mapping[str, Value], before: LocalAuthority) -> tuple[dict[str, Value], bool]:
    """Return the values that the book takes, and whether some were erased by the person.

    An empty cell says nothing, but that an address is gone. A new name goes with its civility and
    its first day, even empty.
    """
    taken = {name: value for name, value in values.items() if value or name == "email"}
    is_erased = False
    if taken.get("email") and address_hash(str(taken["email"])) in before.erased_hashes:
        del taken["email"]
        is_erased = True
    if "head_last_name" in taken:
        if _head_hash(values) in before.erased_hashes:
            taken = {name: value for name, value in taken.items() if name not in HEAD}
            is_erased = True
        elif _name(values) != _name(_head_of(before)):
            taken |= {
                name: values.get(name) or ("" if name != "head_since" else None) for name in HEAD
            }
    if taken.get("head_since") is None and before.head_since is None:
        taken.pop("head_since", None)
    return taken, is_erased


def _head_of(authority: LocalAuthority) -> dict[str, Value]:
    return {name: getattr(authority, name) for name in HEAD}


def _name(values: Mapping[str, Value]) -> str:
    return name_key(
        str(values.get("head_first_name") or ""), str(values.get("head_last_name") or "")
    )


def _head_hash(values: Mapping[str, Value]) -> str:
    return digest(_name(values))


def _polite(values: Mapping[str, Value]) -> str:
    name = f"{values.get('head_first_name') or ''} {values.get('head_last_name') or ''}".strip()
    return polite_name(str(values.get("head_civility") or ""), name)


def _changes(before: LocalAuthority, values: Mapping[str, Value]) -> Iterator[str]:
    """Yield what the values change, in words."""
    if not values.keys().isdisjoint(HEAD[:3]):
        after = {**_head_of(before), **values}
        former = f" (avant\u00a0: {before.head})" if before.head else ""
        role = "Nouveau nom" if before.head else "Maire" if before.commune_code else "Nom"
        yield f"{role}\u00a0: {_polite(after)}{former}."
    elif isinstance(since := values.get("head_since"), date):
        yield f"En fonction depuis le {short_day(since)}."
    if not values.keys().isdisjoint(ADDRESS[:3]):
        parts = [str(values.get(name, getattr(before, name)) or "") for name in ADDRESS[:3]]
        former = f" (avant\u00a0: {before.postal_address})" if before.postal_address else ""
        yield f"Adresse\u00a0: {parts[0]}, {parts[1]} {parts[2]}{former}."
    for name, word in WORDS.items():
        if name in values:
            former_value = getattr(before, name)
            if not values[name]:
                yield LOST.format(former_value)
            else:
                former = f" (avant\u00a0: {former_value})" if former_value else ""
                yield f"{word}\u00a0: {values[name]}{former}."


def import_lines(act: Act, lines: Sequence[AuthorityLine], source: Source) -> int:
    """Write what these lines change; return how many places are written. Idempotent."""
    with act.transaction() as session:
        book = authorities_by_key()
        planned = [plan for plan in plan_import(lines) if plan.values]
        for plan in planned:
            place = plan.line.place
            assert place is not None
            key = organisation_key(None, place.commune_code, place.epci_siren)
            authority = book.get(key) or LocalAuthority(
                commune_code=place.commune_code, epci_siren=place.epci_siren
            )
            session.add(authority)
            _write(act, authority, plan.values, source)
        if planned:
            write_entry(
                session,
                act.actor,
                InvitationAction.AUTHORITIES_IMPORTED,
                count=len(planned),
                source=source.name,
            )
    return len(planned)


def _write(
    act: Act, authority: LocalAuthority, values: Mapping[str, Value], source: Source
) -> None:
    for name, value in values.items():
        setattr(authority, name, value)
    authority.written_at = act.now
    if not values.keys().isdisjoint(HEAD):
        authority.head_source, authority.head_dated_on = source.name, source.dated_on
    if not values.keys().isdisjoint(ADDRESS):
        authority.address_source, authority.address_dated_on = source.name, source.dated_on


def change_authority(
    act: Act, commune_code: str | None, epci_siren: str | None, values: Mapping[str, Value]
) -> None:
    """Write what an organiser typed of a place; the source is the organiser."""
    key = organisation_key(None, commune_code, epci_siren)
    source = Source("Saisi par l’organisation", act.now.date())
    with act.transaction() as session:
        authority = authorities_by_key().get(key)
        if authority is None:
            authority = LocalAuthority(commune_code=commune_code, epci_siren=epci_siren)
            session.add(authority)
        changed = {
            name: value
            for name, value in values.items()
            if (value or None) != (getattr(authority, name) or None)
        }
        if not changed:
            return
        _write(act, authority, changed, source)
        session.flush()
        write_entry(
            session, act.actor, InvitationAction.AUTHORITY_CHANGED, key, fields=sorted(changed)
        )


def erase_head(act: Act, authority: LocalAuthority, erases_email: bool) -> None:
    """Erase who heads a place and what was noted of it, at their request; the place stays, and no
    list brings them back.

    `erases_email`: the address is theirs, and goes too. Idempotent.
    """
    with act.transaction(authority) as session, retention(session), across_editions():
        _forget_head(session, authority, erases_email)
        write_entry(session, act.actor, InvitationAction.AUTHORITY_ERASED, authority.key)


def _forget_head(session: Session, authority: LocalAuthority, erases_email: bool) -> None:
    email = authority.email.casefold() if erases_email else ""
    forget(authority, erases_head=True, erases_email=erases_email)
    of_place = (
        OrganisationInvitation.commune_code == authority.commune_code
        if authority.commune_code
        else OrganisationInvitation.epci_siren == authority.epci_siren
    )
    for invitation in session.query(OrganisationInvitation).where(of_place):
        invitation.note = invitation.decline_reason = ""
    if email:
        _forget_invitations(session, email)
    _forget_mailings(session, authority.key, email)


def _forget_invitations(session: Session, email: str) -> None:
    """Blank an address in its invitations, and delete their messages; an opposition stays known."""
    of_address = func.lower(OrganisationInvitation.email) == email
    for invitation in session.query(OrganisationInvitation).where(of_address):
        invitation.email = ""
        if invitation.opposed_at is None:
            invitation.email_hash = ""
    session.execute(
        delete(Message).where(
            Message.kind.in_(("organisation_invited", "mailing")),
            func.lower(Message.recipient) == email,
        )
    )


def _forget_mailings(session: Session, key: str, email: str) -> None:
    """Blank who heads a place in the recipients of mailings and in what they were sent; delete
    those of `email`."""
    recipients = Model.metadata.tables["mailing_recipients"]  # of a feature above
    sent = select(recipients.c.message_id).where(recipients.c.key == key)
    session.execute(
        update(Message)
        .where(Message.id.in_(sent), Message.status != MessageStatus.WAITING)
        .values(**ERASED_MESSAGE)
    )
    session.execute(
        update(recipients)
        .where(recipients.c.key == key)
        .values(name="", greeting="Madame, Monsieur")
    )
    if email:
        session.execute(delete(recipients).where(recipients.c.address_key == email))


def forget(authority: LocalAuthority, *, erases_head: bool, erases_email: bool) -> None:
    """Blank a name or an address, and remember it by its hash alone."""
    hashes = set(authority.erased_hashes)
    if erases_head and authority.head_last_name:
        hashes.add(_head_hash(_head_of(authority)))
        authority.head_first_name = authority.head_last_name = authority.head_civility = ""
        authority.head_since = None
    if erases_email and authority.email:
        hashes.add(address_hash(authority.email))
        authority.email = ""
    authority.erased_hashes = sorted(hashes)


def forget_person(
    session: Session, people: Collection[tuple[str, str]], emails: Collection[str]
) -> None:
    """Erase from the book a person who heads a place (see `authorities_headed_by`)."""
    for authority in authorities_headed_by(people, emails):
        _forget_head(session, authority, erases_email=authority.email.casefold() in emails)
