"""Acts at the same instant: two organisers close each other's account, stations take a name."""

import threading
from functools import partial

import pytest
from flask import Flask

from salon.accounts.models import Account, Station
from salon.accounts.queries import full_organisers
from salon.accounts.rules import LastOrganiser
from salon.accounts.services.accounts import disable_account
from salon.accounts.services.stations import create_station, free_name
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.settings.clock import real_now
from tests.factories import make_account
from tests.races import ROUNDS, race


def is_closed(account_id: int) -> bool:
    try:
        disable_account(Act(SYSTEM), account_id)
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


@pytest.mark.race
def test_stations_opened_at_once_have_names_of_their_own(app: Flask, edition: Edition) -> None:
    edition_id = edition.id
    for number in range(ROUNDS):
        name = f"Entrée {'AB'[number % 2]}{number}"
        call = partial(create_station, Act(SYSTEM), name, "A", edition_id)
        opened = race(app, [lambda call=call: call().name] * 4)
        assert len(set(opened)) == 4, opened
        assert name in opened


@pytest.mark.race
def test_without_the_lock_two_stations_have_one_name(app: Flask, edition: Edition) -> None:
    """The control: both read which names are free, then both take the same."""
    edition_id = edition.id
    both_have_read = threading.Barrier(2)

    def open_one() -> str:
        name = free_name("Entrée A", edition_id)
        current_session().rollback()
        both_have_read.wait()
        with transaction() as session:
            session.add(Station(name=name, edition_id=edition_id, created_at=real_now()))
        return name

    assert race(app, [open_one] * 2) == ["Entrée A", "Entrée A"]
