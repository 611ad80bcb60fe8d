"""Sign-in codes sent by e-mail to agents and exhibitors."""

import secrets
from datetime import timedelta

from sqlalchemy import update

from salon.accounts import queries, rules
from salon.accounts.actions import AccountAction
from salon.accounts.models import Account, SingleUseCode
from salon.accounts.queries import digest
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.journal import write_entry
from salon.platform.mail import outbox
from salon.platform.settings.clock import real_now
from salon.platform.words.errors import LinkExpired

SIGN_IN = "sign_in"


def offer_sign_in_code(email: str, browser: str, lifetime: int, *, by_mail: bool = True) -> None:
    """Send a code of `lifetime` seconds to the agent or exhibitor of this address.

    For any other address a code without owner is written, so that both cases look the same.
    Former codes stay good. `by_mail` False: this browser may use the code mailed last, while it is
    live; else one is mailed.
    """
    account = queries.find_account(email)
    is_theirs = account is not None and account.role in (Role.AGENT, Role.EXHIBITOR)
    now = real_now()
    code = f"{secrets.randbelow(10**8):08d}"
    row = SingleUseCode(
        purpose=SIGN_IN,
        code_hash=digest(code if is_theirs else secrets.token_urlsafe(24)),
        account_id=account.id if account is not None and is_theirs else None,
        browser=digest(browser),
        created_at=now,
        expires_at=now + timedelta(seconds=lifetime),
    )
    with transaction() as current_session:
        mailed = None
        if not by_mail and row.account_id is not None:
            mailed = queries.find_live_sign_in_code(row.account_id, now)
        if mailed is not None:
            row.code_hash, row.expires_at = mailed.code_hash, mailed.expires_at
        current_session.add(row)
        if account is None or not is_theirs:
            write_entry(current_session, SYSTEM, AccountAction.SIGN_IN_UNKNOWN)
        elif mailed is None:
            outbox.post(
                current_session,
                "sign_in_code",
                account.email,
                about=f"account:{account.id}",
                code=f"{code[:4]} {code[4:]}",
                minutes=lifetime // 60,
            )


def use_sign_in_code(act: Act, code: str, browser: str) -> Account:
    """Return the account of a live code requested by this browser; the code is used.

    Raises CodeRefused (wrong code, or requested by another browser), LinkExpired (used or too old).
    Five wrong tries make the codes of the browser void.
    """
    code_digest, owner = digest("".join(code.split())), None
    with act.transaction() as current_session:
        requested = queries.lock_sign_in_codes(digest(browser))
        if not requested:
            raise rules.CodeRefused
        live = [
            row for row in requested if rules.is_code_live(row.used_at, row.expires_at, real_now())
        ]
        live = [row for row in live if row.tries < rules.CODE_TRIES]
        if not live:
            raise LinkExpired
        for row in live:
            row.tries += 1
            if secrets.compare_digest(row.code_hash, code_digest) and row.account_id is not None:
                owner = current_session.get_one(Account, row.account_id)
        if owner is None or owner.disabled_at is not None:
            subject = f"account:{live[0].account_id}" if live[0].account_id else ""
            write_entry(
                current_session, act.actor, AccountAction.SIGN_IN_REFUSED, subject, step="code"
            )
        else:
            used = SingleUseCode.account_id == owner.id, SingleUseCode.code_hash == code_digest
            current_session.execute(update(SingleUseCode).where(*used).values(used_at=real_now()))
    if owner is None or owner.disabled_at is not None:
        raise rules.CodeRefused
    return owner
