"""Proofs of an organiser: password (Argon2id) and one-time code (RFC 6238)."""

import secrets
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy.orm.attributes import flag_modified

from salon.accounts import queries, rules
from salon.accounts.actions import AccountAction
from salon.accounts.models import Account
from salon.accounts.queries import digest
from salon.platform.database.act import Act
from salon.platform.database.identity import Role
from salon.platform.database.journal import note
from salon.platform.settings.clock import real_now
from salon.platform.settings.edition import find_edition_facts

hasher = PasswordHasher()


def hash_password(password: str) -> str:
    return hasher.hash(password)


def check_password(act: Act, email: str, password: str) -> Account:
    """Return the organiser of this address and password.

    Takes as long for an unknown address. Raises SignInRefused.
    """
    account = queries.find_account(email)
    is_organiser = account is not None and account.role == Role.ORGANISER and account.is_ready
    matches = password_matches(
        account.password_hash if account and is_organiser else _dummy_hash(), password
    )
    if account is None or not is_organiser or not matches:
        note(act.actor, AccountAction.SIGN_IN_REFUSED, email=email[:254])
        raise rules.SignInRefused
    return account


def check_totp(act: Act, account_id: int, password_step: str, totp: str) -> Account:
    """Return the account if `totp` is its code of now ± 30 s and was never used (RFC 6238).

    `password_step`: of the password that was given before. Raises PasswordStepEnded, CodeRefused.
    """
    account = queries.get_account(account_id)
    with act.transaction(account):
        rules.check_password_stayed(password_step, password_step_of(account))
        counter = counter_of(account.totp_secret, totp)
        accepted = (
            counter is not None
            and counter > account.totp_last_counter
            and account.disabled_at is None
        )
        if accepted and counter is not None:
            account.totp_last_counter = counter
            # Encrypted anew, under the current key: former keys can go once all have signed in.
            flag_modified(account, "totp_secret")
    if not accepted:
        note(act.actor, AccountAction.SIGN_IN_REFUSED, f"account:{account_id}", step="totp")
        raise rules.CodeRefused
    return account


def password_step_of(account: Account) -> str:
    """Return what ties the second step of a sign-in to the password of the first."""
    return digest(account.password_hash)


def password_matches(hashed: str, password: str) -> bool:
    try:
        return hasher.verify(hashed, password)
    except VerifyMismatchError:
        return False


def counter_of(secret: str, totp: str) -> int | None:
    """Return the 30 s counter, among now ± one step, whose code is `totp`."""
    digits = "".join(totp.split())
    generator = pyotp.TOTP(secret)
    current = int(real_now().timestamp()) // generator.interval
    for counter in (current - 1, current, current + 1):
        if digits.isascii() and secrets.compare_digest(generator.generate_otp(counter), digits):
            return counter
    return None


def words_of_the_fair() -> list[str]:
    """Return texts whose words a password may not rest on."""
    edition = find_edition_facts()
    return [edition.name, edition.city, edition.organiser] if edition else []


@cache
def _dummy_hash() -> str:
    """Return the hash of an unknown secret: an unknown address takes as long as a known one."""
    return hasher.hash(secrets.token_hex(16))
