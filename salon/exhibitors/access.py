"""Access of a signed-in account to its own exhibitors."""

from salon.exhibitors.models import Exhibitor
from salon.exhibitors.queries.exhibitors import get_buyer_of_account, get_exhibitor_of_account
from salon.platform.web.access import actor


def own_exhibitor(exhibitor_id: int) -> Exhibitor:
    """Return the exhibitor of this address if the account is one of its contacts; else a 404."""
    account_id = actor().id
    assert account_id is not None
    return get_exhibitor_of_account(exhibitor_id, account_id)


def own_buyer(exhibitor_id: int) -> Exhibitor:
    """Return the account's exhibitor of this address, even withdrawn if it has sales documents."""
    account_id = actor().id
    assert account_id is not None
    return get_buyer_of_account(exhibitor_id, account_id)
