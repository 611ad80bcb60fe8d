"""Rights of organisers: given and withdrawn, by edition."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.accounts import queries, rules
from salon.accounts.actions import AccountAction
from salon.accounts.models import Account, Right
from salon.platform.database.act import Act
from salon.platform.database.identity import Domain, Role
from salon.platform.database.journal import write_entry
from salon.platform.settings.clock import real_now


@dataclass(frozen=True)
class RightsChange:
    granted: list[Domain]
    withdrawn: list[Domain]


def change_rights(
    act: Act, account_id: int, edition_id: int | None, domains: Collection[Domain]
) -> RightsChange:
    """Leave an organiser exactly these rights in an edition. ALL holds for every edition.

    Raises LastOrganiser, NotAnOrganiser, EditionMissing, NoResultFound.
    """
    account = queries.get_account(account_id)
    with act.transaction(account) as session:
        rules.check_is_an_organiser(account.role == Role.ORGANISER)
        if account.has_all_rights and Domain.ALL not in domains:
            check_another_has_all_rights(session, account_id)
        return put_rights(act, session, account, edition_id, domains)


def put_rights(
    act: Act,
    session: Session,
    account: Account,
    edition_id: int | None,
    domains: Collection[Domain],
) -> RightsChange:
    """Write the rights of an account in an edition, and the journal. Raises EditionMissing."""
    requested = {Domain.ALL} if Domain.ALL in domains else set(domains)
    rules.check_edition_is_there(edition_id is not None or requested <= {Domain.ALL})
    concerned = [
        right
        for right in account.rights
        if Domain.ALL in (right.domain, *requested) or right.edition_id == edition_id
    ]
    before = {right.domain for right in concerned}
    for right in concerned:
        if right.domain not in requested:
            account.rights.remove(right)
    session.flush()
    granted = [domain for domain in Domain if domain in requested - before]
    withdrawn = [domain for domain in Domain if domain in before - requested]
    for domain in granted:
        place = None if domain == Domain.ALL else edition_id
        account.rights.append(Right(edition_id=place, domain=domain, given_at=real_now()))
    subject = f"account:{account.id}"
    for action, changed in (
        (AccountAction.RIGHTS_GIVEN, granted),
        (AccountAction.RIGHTS_WITHDRAWN, withdrawn),
    ):
        if changed:
            labels = ", ".join(domain.label for domain in changed)
            write_entry(session, act.actor, action, subject, rights=labels)
    return RightsChange(granted, withdrawn)


def check_another_has_all_rights(session: Session, account_id: int) -> None:
    """Check that somebody else keeps all rights; their rows are locked until the commit.

    Raises LastOrganiser.
    """
    session.execute(
        select(Right.id).where(Right.domain == Domain.ALL).order_by(Right.id).with_for_update()
    )
    remaining = sum(organiser.id != account_id for organiser in queries.full_organisers())
    rules.check_an_organiser_remains(remaining)
