"""Two organisers at once: a member is billed by itself or by its payer, never by both."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from salon.billing.models import SalesDocument, SalesKind
from salon.billing.queries.pavilion import payer_of
from salon.billing.rules.pavilion import NotAPayer
from salon.billing.services.numbering import set_status
from salon.billing.services.pavilion import change_payer, gather_members
from salon.billing.services.sales import issue
from salon.exhibitors.models import Exhibitor
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction, violation_as
from salon.platform.settings.clock import now
from salon.platform.words.errors import RuleBroken
from tests.billing.sales import ORGANISER, make_buyer, make_shop
from tests.races import drop_guards, is_deadlock, race

pytestmark = pytest.mark.race


def attempt(act: Callable[..., object], *values: object) -> str:
    try:
        act(*values)
    except RuleBroken as refusal:
        return f"refused {refusal.status}"
    return "done"


def make_pair(edition: Edition) -> tuple[int, int]:
    """Return the ids of a leader and of one who ordered by itself."""
    make_shop(edition)
    leader_id, member_id = make_buyer(edition).id, make_buyer(edition).id
    for kind in (SalesKind.QUOTE, SalesKind.ORDER):
        issue(Act(ORGANISER), member_id, kind)
    return leader_id, member_id


def test_a_member_that_joins_while_it_is_invoiced_is_one_or_the_other(
    app: Flask, edition: Edition
) -> None:
    leader_id, member_id = make_pair(edition)
    acts = [
        lambda: attempt(gather_members, Act(ORGANISER), leader_id, [member_id]),
        lambda: attempt(issue, Act(ORGANISER), member_id, SalesKind.INVOICE),
    ]
    assert sorted(race(app, acts)) == ["done", "refused 409"]
    invoice = select(SalesDocument.id).where(SalesDocument.kind == SalesKind.INVOICE)
    is_invoiced = current_session().scalar(invoice) is not None
    member = current_session().get_one(Exhibitor, member_id)
    assert is_invoiced == (payer_of(member) is None)


def test_a_member_that_leaves_while_its_payer_is_invoiced_is_billed_once(
    app: Flask, edition: Edition
) -> None:
    leader_id, member_id = make_pair(edition)
    gather_members(Act(ORGANISER), leader_id, [member_id])
    for kind in (SalesKind.QUOTE, SalesKind.ORDER):
        issue(Act(ORGANISER), leader_id, kind)
    acts = [
        lambda: attempt(change_payer, Act(ORGANISER), member_id, None, leader_id),
        lambda: attempt(issue, Act(ORGANISER), leader_id, SalesKind.INVOICE),
    ]
    assert sorted(race(app, acts)) == ["done", "refused 409"]


@pytest.mark.parametrize("is_guarded", [True, False])
def test_without_the_lock_the_schema_makes_no_chain_of_payers(
    app: Flask, edition: Edition, is_guarded: bool
) -> None:
    """The rule read outside the transaction lets both through; the control drops the guard."""
    make_shop(edition)
    ids = [make_buyer(edition).id for _ in range(3)]
    if not is_guarded:
        drop_guards("payers_pay_for_themselves")
    both_have_read = threading.Barrier(2)

    def join(member_id: int, payer_id: int) -> tuple[bool, bool]:
        is_free = payer_of(current_session().get_one(Exhibitor, payer_id)) is None
        current_session().rollback()
        both_have_read.wait()
        try:
            with violation_as(NotAPayer, "payers_pay_for_themselves"), transaction() as session:
                set_status(session, member_id, now(), payer_id)
        except NotAPayer:
            return is_free, False
        except OperationalError as error:
            # Both keys name the second exhibitor, whom the guard then locks.
            if not is_deadlock(error):
                raise
            return is_free, False
        return is_free, True

    outcomes = race(app, [lambda: join(ids[0], ids[1]), lambda: join(ids[1], ids[2])])
    assert sorted(outcomes) == [(True, not is_guarded), (True, True)]
