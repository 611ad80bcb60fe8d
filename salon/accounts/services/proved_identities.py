"""Accounts opened by an identity that a provider proves. Nobody is created by signing in."""

from collections.abc import Collection

from sqlalchemy import delete

from salon.accounts import queries
from salon.accounts.actions import AccountAction
from salon.accounts.imports.provider_answers import ProvedIdentity
from salon.accounts.models import Account, SignIn
from salon.accounts.rules import identities as rules
from salon.platform.database.act import Act
from salon.platform.database.db import violation_as
from salon.platform.database.identity import Role
from salon.platform.database.journal import note, write_entry


def account_of_identity(
    act: Act, identity: ProvedIdentity, organiser_levels: Collection[str]
) -> Account:
    """Return the account that an identity opens; link both at the first sign-in.

    The identity of a former sign-in counts, whatever its address has become; else the verified
    address. Each refusal is in the journal. Raises AddressNotVerified, AddressUnknown,
    LinkedToAnother, NotForOrganisers, LevelTooLow, NotReady.
    """
    try:
        account = queries.find_account_by_identity(identity.issuer, identity.subject)
        if account is None:
            rules.check_address_is_verified(identity.email, identity.is_email_verified)
            account = queries.find_account(identity.email)
        if account is None:
            raise rules.AddressUnknown
        _link(act, account, identity, organiser_levels)
    except rules.IdentityRefused as refusal:
        note_refusal(act, refusal, identity.email)
        raise
    return account


def _link(
    act: Act, account: Account, identity: ProvedIdentity, organiser_levels: Collection[str]
) -> None:
    identity_key = identity.issuer, identity.subject
    columns = "accounts.provider_issuer", "accounts.provider_subject"
    unique = violation_as(rules.LinkedToAnother, "uq_accounts_provider_identity", *columns)
    with unique, act.transaction(account) as session:
        linked = account.provider_issuer, account.provider_subject
        is_known = linked == identity_key or rules.is_same_address(identity.email, account.email)
        rules.check_is_known(is_known and account.disabled_at is None)
        rules.check_is_not_linked(linked, identity_key)
        is_organiser = account.role == Role.ORGANISER
        rules.check_level(is_organiser, identity.level, organiser_levels)
        rules.check_is_ready(account.is_ready)
        if linked != identity_key:
            account.provider_issuer, account.provider_subject = identity_key
            session.flush()
            write_entry(session, act.actor, AccountAction.LINKED, f"account:{account.id}")


def note_refusal(act: Act, refusal: rules.IdentityRefused, email: str = "") -> None:
    """Write a refused sign-in in the journal; a provider that does not answer is no refusal."""
    if refusal.step:
        note(act.actor, AccountAction.SIGN_IN_REFUSED, email=email[:254], step=refusal.step)


def forget_identity(act: Act, account_id: int) -> None:
    """End the link of an account with an identity, and its sign-ins."""
    account = queries.get_account(account_id)
    with act.transaction(account) as session:
        if not account.provider_subject:
            return
        account.forget_identity()
        session.execute(delete(SignIn).where(SignIn.account_id == account_id))
        write_entry(session, act.actor, AccountAction.UNLINKED, f"account:{account_id}")
