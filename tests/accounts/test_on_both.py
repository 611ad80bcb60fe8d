"""Two organisers who close each other's account at once: one of them keeps all rights."""

import threading
from functools import partial

import pytest
from flask import Flask

from salon.accounts.models import Account
from salon.accounts.queries import full_organisers
from salon.accounts.rules import LastOrganiser
from salon.accounts.services.accounts import disable_account
from salon.platform.clock import real_now
from salon.platform.db import current_session, transaction
from salon.platform.identity import SYSTEM, Role
from tests.factories import make_account
from tests.races import ROUNDS, race


def is_closed(account_id: int) -> bool:
    try:
        disable_account(account_id, SYSTEM)
    except LastOrganiser:
        return False
    return True


def remaining() -> int:
    current_session().rollback()
    return len(full_organisers())


@pytest.mark.race
def test_two_organisers_do_not_close_each_other(app: Flask) -> None:
    make_account(role=Role.ORGANISER)
    for _ in range(ROUNDS):
        make_account(role=Role.ORGANISER)
        current_session().rollback()
        ids = [account.id for account in full_organisers()]
        assert len(ids) == 2
        closed = race(app, [partial(is_closed, account_id) for account_id in ids])
        assert sorted(closed) == [False, True]
        assert remaining() == 1


@pytest.mark.race
def test_without_the_lock_both_are_closed(app: Flask) -> None:
    """The control run: each reads that somebody else remains before either writes."""
    ids = [make_account(role=Role.ORGANISER).id for _ in range(2)]
    both_read = threading.Barrier(2)

    def close_unguarded(account_id: int) -> None:
        assert len(full_organisers()) == 2
        current_session().rollback()
        both_read.wait()
        account = current_session().get_one(Account, account_id)
        with transaction(account):
            account.disabled_at = real_now()

    race(app, [partial(close_unguarded, account_id) for account_id in ids])
    assert remaining() == 0
