"""No document is dated before the one before it, or by a clock that may be wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from salon.billing.models import SalesDocument, SalesKind
from salon.billing.rules.sales import ClockDoubtful, DateGoesBack
from salon.billing.services.sales import issue
from salon.exhibitors.models import Exhibitor
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.journal import JournalEntry
from salon.platform.settings.clock import real_now
from tests.billing.sales import ORGANISER, make_buyer, make_shop

DAY = timedelta(days=1)
OCTOBER = datetime(2031, 10, 1, 8, tzinfo=UTC)


def acted(ago: timedelta) -> None:
    """A person acted so long ago."""
    with transaction() as session:
        at, name = real_now() - ago, ORGANISER.display_name
        session.add(
            JournalEntry(at=at, actor=ORGANISER.key, actor_name=name, action="sign_in.opened")
        )


def invoice(exhibitor: Exhibitor, at: datetime) -> SalesDocument:
    """Return the invoice of an exhibitor, whose order is of the same day."""
    for kind in (SalesKind.QUOTE, SalesKind.ORDER):
        issue(Act(ORGANISER, OCTOBER - 200 * DAY), exhibitor.id, kind)
    return issue(Act(ORGANISER, at), exhibitor.id, SalesKind.INVOICE)


@pytest.mark.on_both
def test_the_dates_of_a_series_follow_its_numbers(app: Flask, edition: Edition) -> None:
    make_shop(edition)
    first, second = make_buyer(edition), make_buyer(edition)
    assert invoice(first, OCTOBER).reference == "F-2031-0001"
    with pytest.raises(DateGoesBack, match=r"du mercredi 1er.octobre 2031"):
        invoice(second, OCTOBER - 100 * DAY)
    following = issue(Act(ORGANISER, OCTOBER), second.id, SalesKind.INVOICE)
    assert following.reference == "F-2031-0002"


@pytest.mark.on_both
@pytest.mark.parametrize("ago", [365 * DAY, -365 * DAY])
def test_a_clock_far_from_people_s_acts_issues_nothing(
    app: Flask, edition: Edition, ago: timedelta
) -> None:
    """Who signs in under the wrong clock proves nothing, until the day after."""
    make_shop(edition)
    buyer = make_buyer(edition)
    acted(ago)
    acted(timedelta(hours=1))
    with pytest.raises(ClockDoubtful, match="le dernier acte du journal est du"):
        issue(Act(ORGANISER), buyer.id, SalesKind.QUOTE)
    acted(2 * DAY)
    assert issue(Act(ORGANISER), buyer.id, SalesKind.QUOTE).number == 1
