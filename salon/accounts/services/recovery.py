"""A lost password: two proofs, then the link by which an organiser sets up the account again.

The first proof is the mailbox: a link is mailed to it. The second is a recovery code, printed
beforehand, or another organiser, who knows the person and sends the link.
"""

import secrets
from datetime import timedelta

from sqlalchemy.orm import Session

from salon.accounts import queries, rules
from salon.accounts.actions import AccountAction
from salon.accounts.models import Account, SingleUseCode
from salon.accounts.services.organisers import SET_UP, SET_UP_LIFETIME
from salon.accounts.services.passwords import password_matches
from salon.accounts.services.single_use_codes import add_code, issue_code, void_codes
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.journal import write_entry
from salon.platform.mail import outbox
from salon.platform.settings.clock import real_now
from salon.platform.web.limits import count_mail
from salon.platform.words.errors import LinkExpired

LOST = "lost"
LOST_LIFETIME = timedelta(hours=1)
RECOVERY = "recovery"
RECOVERY_LIFETIME = timedelta(days=3 * 365)
RECOVERY_CODES = 10
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that paper does not confuse."""
GROUPS, GROUP = 5, 5
"""25 of 31 signs: 123 bits."""


def issue_recovery_codes(act: Act, account_id: int, password: str) -> list[str]:
    """Return new recovery codes, shown this once; the former ones are void.

    Raises SignInRefused when the password is wrong.
    """
    account = queries.get_account(account_id)
    if not password_matches(account.password_hash, password):
        raise rules.SignInRefused
    codes = ["-".join(_group() for _ in range(GROUPS)) for _ in range(RECOVERY_CODES)]
    with act.transaction(account) as session:
        void_codes(session, *queries.codes_of(RECOVERY, account_id))
        for code in codes:
            add_code(session, RECOVERY, normalised(code), RECOVERY_LIFETIME, account_id)
        write_entry(session, act.actor, AccountAction.RECOVERY_CODES, f"account:{account_id}")
    return codes


def normalised(code: str) -> str:
    """Return a typed code as it is compared: capitals, no blank or hyphen."""
    return "".join(letter for letter in code.upper() if letter.isalnum())


def offer_recovery(email: str, *, by_mail: bool) -> None:
    """Mail a link of one hour to the organiser of this address; former links stay good.

    For any other address an entry alone is written. `by_mail` False: none is mailed. Raises
    TooMuchMail.
    """
    account = queries.find_account(email)
    with transaction() as session:
        count_mail(session, email)
        if account is None or account.role != Role.ORGANISER or not by_mail:
            write_entry(session, SYSTEM, AccountAction.SIGN_IN_UNKNOWN)
            return
        code = secrets.token_urlsafe(24)
        add_code(session, LOST, code, LOST_LIFETIME, account.id)
        about = f"account:{account.id}"
        outbox.post(session, "password_lost", account.email, about=about, code=code)
        write_entry(session, SYSTEM, AccountAction.PASSWORD_LOST, about)


def find_recovery(code: str) -> Account:
    """Return the account of a mailed link, which stays unused. Raises LinkExpired."""
    link = queries.find_code(LOST, code)
    if link is None or link.account_id is None:
        raise LinkExpired
    rules.check_code_is_live(link.used_at, link.expires_at, real_now())
    return queries.get_account(link.account_id)


def use_recovery_code(act: Act, link_code: str, typed_code: str) -> str:
    """Return the code of a set-up link, for a mailed link and a recovery code, both used.

    Raises LinkExpired, CodeRefused.
    """
    account = find_recovery(link_code)
    about = f"account:{account.id}"
    with act.transaction(account) as session:
        link = queries.find_code(LOST, link_code)
        assert link is not None
        rules.check_code_is_live(link.used_at, link.expires_at, real_now())
        code = _find_live_recovery_code(session, account.id, typed_code)
        if code is None:
            write_entry(session, act.actor, AccountAction.SIGN_IN_REFUSED, about, step="recovery")
        else:
            code.used_at = link.used_at = real_now()
            write_entry(session, act.actor, AccountAction.RECOVERED, about)
            return issue_code(session, SET_UP, SET_UP_LIFETIME, account_id=account.id)
    raise rules.CodeRefused


def ask_colleagues(act: Act, link_code: str) -> list[str]:
    """Write to the other organisers with all rights; return their names. Raises LinkExpired."""
    account = find_recovery(link_code)
    organisers = queries.full_organisers()
    colleagues = [organiser for organiser in organisers if organiser.id != account.id]
    about = f"account:{account.id}"
    with act.transaction(account) as session:
        for colleague in colleagues:
            outbox.post(
                session,
                "password_lost_colleague",
                colleague.email,
                about=about,
                name=account.display_name,
                email=account.email,
                account=account.id,
            )
        write_entry(session, act.actor, AccountAction.HELP_ASKED, about)
    return [colleague.display_name for colleague in colleagues]


def _find_live_recovery_code(
    session: Session, account_id: int, typed_code: str
) -> SingleUseCode | None:
    code = queries.find_code(RECOVERY, normalised(typed_code))
    if code is None or code.account_id != account_id:
        return None
    session.refresh(code, with_for_update=True)
    return code if rules.is_code_live(code.used_at, code.expires_at, real_now()) else None


def _group() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(GROUP))
