"""Opening, closing and reopening of accounts. Times are real, never the demo's."""

from sqlalchemy import delete

from salon.accounts import queries, rules
from salon.accounts.actions import AccountAction
from salon.accounts.models import Account, Digest, SignIn, SingleUseCode
from salon.accounts.queries import email_key_of
from salon.accounts.services.rights import check_another_has_all_rights
from salon.accounts.services.single_use_codes import void_codes
from salon.platform.database.act import Act
from salon.platform.database.db import violation_as
from salon.platform.database.identity import Role
from salon.platform.database.journal import write_entry
from salon.platform.settings.clock import local, real_now


def create_account(act: Act, email: str, role: Role, display_name: str) -> Account:
    """Create an account. Raises AccountExists."""
    account = Account(
        email=email,
        email_key=email_key_of(email),
        role=role,
        display_name=display_name,
        created_at=real_now(),
    )
    unique = "uq_accounts_email_key", "accounts.email_key"
    with violation_as(rules.AccountExists, *unique), act.transaction() as session:
        session.add(account)
        session.flush()
        write_entry(session, act.actor, AccountAction.CREATED, f"account:{account.id}", role=role)
    return account


def choose_digest(act: Act, account_id: int, digest: Digest) -> None:
    """Choose how often an organiser is sent a digest; after a pause the next tells of today on."""
    account = queries.get_account(account_id)
    with act.transaction(account) as session:
        if account.digest == Digest.NEVER:
            account.digest_on = local(act.now).date()
        account.digest = digest
        write_entry(session, act.actor, AccountAction.DIGEST_CHOSEN, f"account:{account_id}")


def disable_account(act: Act, account_id: int) -> None:
    """Disable an account, with its sign-ins, unused codes and identity. Raises LastOrganiser."""
    account = queries.get_account(account_id)
    with act.transaction(account) as session:
        if account.has_all_rights:
            check_another_has_all_rights(session, account_id)
        account.disabled_at = real_now()
        account.forget_identity()
        session.execute(delete(SignIn).where(SignIn.account_id == account_id))
        void_codes(session, SingleUseCode.account_id == account_id)
        write_entry(session, act.actor, AccountAction.DISABLED, f"account:{account_id}")


def reopen_account(act: Act, account_id: int) -> None:
    """Enable a disabled account; its owner must sign in again. Raises AccountErased."""
    account = queries.get_account(account_id)
    with act.transaction(account) as session:
        rules.check_has_address(account.email)
        if account.disabled_at is None:
            return
        account.disabled_at = None
        write_entry(session, act.actor, AccountAction.REOPENED, f"account:{account_id}")
