"""Invitation and first sign-in of organisers; change of password."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from salon.accounts import queries, rules
from salon.accounts.actions import AccountAction
from salon.accounts.models import Account, SignIn
from salon.accounts.services.accounts import create_account
from salon.accounts.services.passwords import (
    counter_of,
    hash_password,
    password_matches,
    words_of_the_fair,
)
from salon.accounts.services.rights import put_rights
from salon.accounts.services.single_use_codes import issue_code
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.identity import SYSTEM, Domain, Identity, Role
from salon.platform.database.journal import write_entry
from salon.platform.mail import outbox
from salon.platform.settings.clock import real_now
from salon.platform.words.errors import LinkExpired

SET_UP = "set_up"
SET_UP_LIFETIME = timedelta(hours=48)
FIRST_DAY_LIFETIME = timedelta(hours=24)


def invite_organiser(act: Act, email: str, display_name: str) -> str:
    """Create (or reuse) the account of an organiser with all rights.

    Return the code of its set-up link (48 h). Raises AccountExists.
    """
    account = queries.find_account(email) or create_account(
        act, email, Role.ORGANISER, display_name
    )
    if account.role != Role.ORGANISER:
        raise rules.AccountExists
    with act.transaction(account) as session:
        if not account.has_all_rights:
            put_rights(act, session, account, None, {Domain.ALL})
        code = issue_code(session, SET_UP, SET_UP_LIFETIME, account_id=account.id)
        write_entry(session, act.actor, AccountAction.ORGANISER_INVITED, f"account:{account.id}")
    return code


def invite_colleague(
    act: Act, email: str, display_name: str, domains: Collection[Domain], edition_id: int | None
) -> Account:
    """Create the account of an organiser with these rights, and mail its set-up link.

    Raises AccountExists, EditionMissing.
    """
    rules.check_edition_is_there(edition_id is not None or Domain.ALL in domains)
    account = create_account(act, email, Role.ORGANISER, display_name)
    with act.transaction(account) as session:
        put_rights(act, session, account, edition_id, domains)
        _mail_set_up(act, session, account)
    return account


def send_set_up_link(act: Act, account_id: int) -> Account:
    """Mail a new set-up link to an organiser; the former ones are void.

    Raises NotAnOrganiser, AccountClosed, NoResultFound.
    """
    account = queries.get_account(account_id)
    with act.transaction(account) as session:
        rules.check_is_an_organiser(account.role == Role.ORGANISER)
        rules.check_is_not_closed(account.disabled_at)
        _mail_set_up(act, session, account)
    return account


def _mail_set_up(act: Act, session: Session, account: Account) -> None:
    code = issue_code(session, SET_UP, SET_UP_LIFETIME, account_id=account.id)
    about = f"account:{account.id}"
    outbox.post(
        session,
        "organiser_invited",
        account.email,
        about=about,
        code=code,
        name=account.display_name,
        invited_by=act.actor.display_name,
        is_new=not account.is_ready,
    )
    write_entry(session, act.actor, AccountAction.ORGANISER_INVITED, about)


def issue_first_code() -> str:
    """Return the code of the first day's address (24 h, once); the former ones are void.

    Raises AlreadyOrganised once there is an account.
    """
    rules.check_nobody_is_there(queries.accounts_by_role())
    with transaction() as session:
        code = issue_code(session, "first_day", FIRST_DAY_LIFETIME)
        write_entry(session, SYSTEM, AccountAction.FIRST_DAY_ADDRESS_ISSUED)
    return code


def check_first_code(code: str) -> None:
    """Check a code of the first day, which stays unused. Raises LinkExpired."""
    link = queries.find_code("first_day", code)
    if link is None or queries.accounts_by_role():
        raise LinkExpired
    rules.check_code_is_live(link.used_at, link.expires_at, real_now())


def use_first_code(act: Act, code: str, email: str, display_name: str) -> str:
    """Create the first organiser; return the code of their set-up link. Raises LinkExpired."""
    with act.transaction() as session:
        check_first_code(code)
        link = queries.find_code("first_day", code)
        assert link is not None
        session.refresh(link, with_for_update=True)
        rules.check_code_is_live(link.used_at, link.expires_at, real_now())
        link.used_at = real_now()
    return invite_organiser(act, email, display_name)


def find_set_up(code: str) -> Account:
    """Return the account of a set-up link, which stays unused. Raises LinkExpired."""
    link = queries.find_code(SET_UP, code)
    if link is None or link.account_id is None:
        raise LinkExpired
    rules.check_code_is_live(link.used_at, link.expires_at, real_now())
    return queries.get_account(link.account_id)


def set_up_organiser(code: str, password: str, totp_secret: str, totp: str) -> Account:
    """Set password and TOTP of an organiser; use the link and end older sign-ins.

    Raises LinkExpired, CodeRefused, or the rule that the password breaks.
    """
    account = find_set_up(code)
    rules.check_password_is_strong(
        password, account.email, account.display_name, *words_of_the_fair()
    )
    counter = counter_of(totp_secret, totp)
    if counter is None:
        raise rules.CodeRefused
    hashed = hash_password(password)
    actor = Identity(Role.ORGANISER, account.id, account.display_name)
    with transaction(account) as session:
        link = queries.find_code(SET_UP, code)
        assert link is not None
        session.refresh(link, with_for_update=True)
        rules.check_code_is_live(link.used_at, link.expires_at, real_now())
        link.used_at = real_now()
        account.password_hash = hashed
        account.totp_secret = totp_secret
        account.totp_last_counter = counter
        session.execute(delete(SignIn).where(SignIn.account_id == account.id))
        write_entry(session, actor, AccountAction.ORGANISER_SET_UP, f"account:{account.id}")
    return account


def change_password(act: Act, account_id: int, current: str, password: str) -> None:
    """Change a password; every sign-in of the account ends. Raises SignInRefused."""
    account = queries.get_account(account_id)
    if not password_matches(account.password_hash, current):
        raise rules.SignInRefused
    rules.check_password_is_strong(
        password, account.email, account.display_name, *words_of_the_fair()
    )
    hashed = hash_password(password)
    with act.transaction(account) as session:
        account.password_hash = hashed
        session.execute(delete(SignIn).where(SignIn.account_id == account_id))
        write_entry(session, act.actor, AccountAction.PASSWORD_CHANGED, f"account:{account_id}")
