"""Named reads of accounts, stations and read tokens."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from salon.accounts.models import Account, ReadToken, SignIn, SingleUseCode, Station, StationKind
from salon.platform.database.db import UtcDateTime, current_session
from salon.platform.database.identity import Domain, Role
from salon.platform.database.prepared_statements import driver, rows_of
from salon.platform.pages.lists.listing import Column, Listing, Page, PageRequest
from salon.platform.settings.clock import real_now
from salon.platform.words.email_addresses import email_key_of as email_key_of
from salon.platform.words.texts import folded

WITH_RIGHTS = joinedload(SignIn.account).joinedload(Account.rights)


def digest(secret: str) -> str:
    """Return the SHA-256 of a random secret (≥ 128 bits: no salt is needed)."""
    return hashlib.sha256(secret.encode("utf-8", "backslashreplace")).hexdigest()


def find_account(email: str) -> Account | None:
    """Return the live account of an address."""
    return current_session().scalar(
        select(Account).where(
            Account.email_key == email_key_of(email), Account.disabled_at.is_(None)
        )
    )


def find_account_by_identity(issuer: str, subject: str) -> Account | None:
    """Return the live account whose owner first signed in by this identity."""
    return current_session().scalar(
        select(Account).where(
            Account.provider_issuer == issuer,
            Account.provider_subject == subject,
            Account.provider_subject != "",
            Account.disabled_at.is_(None),
        )
    )


def get_account(account_id: int) -> Account:
    return current_session().get_one(Account, account_id)


@dataclass(frozen=True)
class AccountFilter:
    text: str = ""
    role: str = ""
    state: str = ""
    domain: str = ""


ACCOUNTS = Listing(
    {
        "name": Column("Nom", lambda account: folded(account.display_name)),
        "email": Column("Adresse électronique", lambda account: account.email_key),
        "role": Column("Rôle", lambda account: account.role.label),
        "created": Column("Ouverture", lambda account: account.created_at),
    },
)


def accounts_page(filters: AccountFilter, edition_id: int | None, request: PageRequest) -> Page:
    """Return a page of accounts, live organisers first; rights are those of an edition."""
    searched = folded(filters.text)
    rows = [
        account
        for account in accounts_by_role()
        if searched in folded(f"{account.display_name} {account.email}")
        and filters.role in ("", account.role)
        and filters.state in ("", account.state)
        and (not filters.domain or filters.domain in account.domains(edition_id))
    ]
    rows.sort(key=lambda account: (account.disabled_at is not None, account.role != Role.ORGANISER))
    return ACCOUNTS.page_of_rows(rows, request)


def accounts_by_role() -> Sequence[Account]:
    """Return every account, the live ones first."""
    return (
        current_session()
        .scalars(
            select(Account)
            .order_by(Account.disabled_at.is_not(None), Account.role, Account.email_key)
            .options(selectinload(Account.rights))
        )
        .all()
    )


def find_account_by_id(account_id: int) -> Account | None:
    return current_session().get(Account, account_id)


def find_sign_in(token: str) -> SignIn | None:
    """Return a sign-in, with its account and rights: one SELECT, run at every page."""
    statement = select(SignIn).where(SignIn.token_hash == digest(token)).options(WITH_RIGHTS)
    return current_session().scalars(statement).unique().one_or_none()


class StationKey(NamedTuple):
    """Identity of a station as its API calls need it."""

    id: int
    name: str
    kind: StationKind
    edition_id: int | None


STATION_LIFETIME = timedelta(hours=12)
"""A station's token is worth nothing that long after its enrolment (ASVS 5.0 7.3.2)."""


@rows_of(StationKey)
def read_station() -> Select[int, str, StationKind, int | None]:
    return select(Station.id, Station.name, Station.kind, Station.edition_id).where(
        Station.token_hash == bindparam("token_hash"),
        Station.revoked_at.is_(None),
        Station.enrolled_at > bindparam("since", type_=UtcDateTime),
    )


def find_station_by_token(token: str) -> StationKey | None:
    """Return the live station of a token, enrolled in the last 12 hours. Read at each scan."""
    with driver() as connection:
        since = real_now() - STATION_LIFETIME
        rows = read_station.read(connection, token_hash=digest(token), since=since)
    return rows[0] if rows else None


def find_live_read_token(token: str) -> ReadToken | None:
    """Return a token that is neither revoked nor past its end."""
    return current_session().scalar(
        select(ReadToken).where(
            ReadToken.token_hash == digest(token),
            ReadToken.revoked_at.is_(None),
            ReadToken.expires_at > real_now(),
        )
    )


def get_reader(token_id: int) -> ReadToken:
    """Return the token of the service that reads; no statement once it is read in the request."""
    return current_session().get_one(ReadToken, token_id)


def read_tokens_of(edition_id: int) -> Sequence[ReadToken]:
    """Return the tokens of an edition, the latest first, revoked ones last."""
    order = ReadToken.revoked_at.is_not(None), ReadToken.id.desc()
    tokens = select(ReadToken).where(ReadToken.edition_id == edition_id).order_by(*order)
    return current_session().scalars(tokens).all()


def get_read_token(edition_id: int, token_id: int) -> ReadToken:
    """Return a token of the edition. Raises NoResultFound."""
    tokens = select(ReadToken).where(ReadToken.id == token_id, ReadToken.edition_id == edition_id)
    return current_session().scalars(tokens).one()


def get_station(station_id: int) -> Station:
    return current_session().get_one(Station, station_id)


def stations_of(edition_id: int | None) -> Sequence[Station]:
    """Return the devices of an edition, revoked ones last."""
    return (
        current_session()
        .scalars(
            select(Station)
            .where(
                or_(Station.edition_id == edition_id, Station.edition_id.is_(None)),
                Station.kind != StationKind.PAPER,
            )
            .order_by(Station.revoked_at.is_not(None), Station.name)
        )
        .all()
    )


def live_organisers() -> Sequence[Account]:
    """Return the organisers who can sign in."""
    return (
        current_session()
        .scalars(
            select(Account)
            .where(
                Account.role == Role.ORGANISER,
                Account.disabled_at.is_(None),
                Account.password_hash != "",
            )
            .order_by(Account.id)
            .options(selectinload(Account.rights))
        )
        .all()
    )


def full_organisers() -> list[Account]:
    """Return the organisers who can sign in and have all rights."""
    return [account for account in live_organisers() if account.has_all_rights]


def organisers_of(domain: Domain, edition_id: int) -> list[Account]:
    """Return the organisers who can sign in and have a right in an edition."""
    return [
        account
        for account in live_organisers()
        if {domain, Domain.ALL} & set(account.domains(edition_id))
    ]


def find_code(purpose: str, code: str) -> SingleUseCode | None:
    """Return the code of a link, used or not."""
    return current_session().scalar(
        select(SingleUseCode).where(
            SingleUseCode.purpose == purpose, SingleUseCode.code_hash == digest(code)
        )
    )


def codes_of(purpose: str, account_id: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of the unused codes of an account for one purpose."""
    return (
        SingleUseCode.purpose == purpose,
        SingleUseCode.account_id == account_id,
        SingleUseCode.used_at.is_(None),
    )


def accounts_with_lost_password() -> set[int]:
    """Return the accounts for which a link of a lost password is live."""
    statement = select(SingleUseCode.account_id).where(
        SingleUseCode.purpose == "lost",
        SingleUseCode.used_at.is_(None),
        SingleUseCode.expires_at > real_now(),
    )
    return {account_id for account_id in current_session().scalars(statement) if account_id}


def count_live_codes(purpose: str, account_id: int) -> int:
    statement = select(func.count(SingleUseCode.id)).where(
        *codes_of(purpose, account_id), SingleUseCode.expires_at > real_now()
    )
    return current_session().scalar(statement) or 0


def find_live_sign_in_code(account_id: int, now: datetime) -> SingleUseCode | None:
    """Return the last sign-in code sent to an account, while it can be used."""
    code = SingleUseCode.purpose == "sign_in", SingleUseCode.account_id == account_id
    return current_session().scalar(
        select(SingleUseCode)
        .where(*code, SingleUseCode.used_at.is_(None), SingleUseCode.expires_at > now)
        .order_by(SingleUseCode.id.desc())
        .limit(1)
    )


def lock_sign_in_codes(browser: str) -> Sequence[SingleUseCode]:
    """Lock and return the sign-in codes requested by a browser (its digest), last first."""
    code = SingleUseCode.purpose == "sign_in", SingleUseCode.browser == browser
    return (
        current_session()
        .scalars(
            select(SingleUseCode)
            .where(*code)
            .order_by(SingleUseCode.id.desc())
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        .all()
    )
