"""Sign-ins of accounts and stations: opened, followed, ended."""

import secrets
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import delete, update
from sqlalchemy.exc import InternalError, OperationalError

from salon.accounts import queries, rules
from salon.accounts.actions import AccountAction
from salon.accounts.models import SignIn, Station
from salon.accounts.queries import StationKey, digest
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.identity import Identity, Role
from salon.platform.database.journal import write_entry
from salon.platform.settings.clock import real_now

SEEN_EVERY = timedelta(minutes=1)


def open_sign_in(
    act: Act, account_id: int | None = None, station_id: int | None = None, id_token: str = ""
) -> str:
    """Open a sign-in; return its token of 256 bits, stored only as a digest.

    `id_token`: what ends the session of the identity provider that it came by.
    """
    token = secrets.token_urlsafe(32)
    now = real_now()
    owner = f"account:{account_id}" if account_id else f"station:{station_id}"
    with act.transaction() as session:
        session.add(
            SignIn(
                token_hash=digest(token),
                account_id=account_id,
                station_id=station_id,
                id_token=id_token,
                created_at=now,
                last_seen_at=now,
            )
        )
        write_entry(session, act.actor, AccountAction.SIGN_IN_OPENED, owner)
    return token


def close_sign_in(act: Act, token: str) -> str:
    """End a sign-in: its token is void. Return the ID token of its provider, "" without one."""
    sign_in = queries.find_sign_in(token)
    id_token = sign_in.id_token if sign_in is not None else ""
    with act.transaction() as session:
        session.execute(delete(SignIn).where(SignIn.token_hash == digest(token)))
        write_entry(session, act.actor, AccountAction.SIGN_IN_CLOSED)
    return id_token


def seconds_left_of(token: str, organiser_idle: int, other_idle: int, absolute: int) -> int:
    """Return the seconds until the sign-in of a token ends without activity; 0 when ended."""
    sign_in = queries.find_sign_in(token)
    if sign_in is None or sign_in.account is None or sign_in.account.disabled_at is not None:
        return 0
    idle = organiser_idle if sign_in.account.role == Role.ORGANISER else other_idle
    left = rules.seconds_left(sign_in.created_at, sign_in.last_seen_at, real_now(), idle, absolute)
    return max(0, int(left))


def identity_of_station(station: Station | StationKey) -> Identity:
    edition_id = station.edition_id
    return Identity(
        Role.STATION, station.id, station.name, kind=station.kind, edition_id=edition_id
    )


def find_identity_of(
    token: str,
    organiser_idle: int,
    other_idle: int,
    absolute: int,
    notes_visit: bool = True,
) -> Identity | None:
    """Return the identity of a live sign-in token; record the visit at most once a minute."""
    sign_in = queries.find_sign_in(token)
    if sign_in is None:
        return None
    now = real_now()
    if sign_in.account is not None:
        owner, live = sign_in.account, sign_in.account.disabled_at is None
        rights = frozenset((right.domain, right.edition_id) for right in owner.rights)
        identity = Identity(owner.role, owner.id, owner.display_name, rights=rights)
        idle = organiser_idle if owner.role == Role.ORGANISER else other_idle
    else:
        station = sign_in.station
        assert station is not None
        live = station.revoked_at is None
        identity = identity_of_station(station)
        idle = absolute
    left = rules.seconds_left(sign_in.created_at, sign_in.last_seen_at, now, idle, absolute)
    if not live or left <= 0:
        return None
    if notes_visit and now - sign_in.last_seen_at >= SEEN_EVERY:
        # A page is read while the database takes no write: the visit is noted another time.
        with suppress(OperationalError, InternalError), transaction() as session:
            session.execute(update(SignIn).where(SignIn.id == sign_in.id).values(last_seen_at=now))
    return identity
