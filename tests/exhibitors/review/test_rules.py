"""Dates in order, and when an offer ends."""

from datetime import UTC, date, datetime, timedelta

import pytest

from salon.exhibitors.models import ExhibitorTerms, Task
from salon.exhibitors.rules import lifecycle, review
from salon.exhibitors.rules import terms as rules
from salon.exhibitors.rules.review import offer_end
from salon.exhibitors.rules.terms import SellerUnknown, TermsOutOfOrder
from salon.fair.models import Edition
from salon.platform.database.consequences import Standing
from tests.refusals import Refusal, check_refusal

FAIR = date(2021, 10, 1)
CLOSES = datetime(2021, 6, 30, 21, 59, tzinfo=UTC)


def test_an_offer_ends_at_the_last_minute_of_a_day_in_summer_and_in_winter() -> None:
    assert offer_end(datetime(2021, 6, 1, 23, 30, tzinfo=UTC), 1) == datetime(
        2021, 6, 3, 21, 59, tzinfo=UTC
    ), "23 h 30 UTC is already the next day in Béziers"
    assert offer_end(datetime(2021, 10, 30, 8, tzinfo=UTC), 1) == datetime(
        2021, 10, 31, 22, 59, tzinfo=UTC
    )


def test_applications_close_after_they_open() -> None:
    rules.check_applications_end_after_they_start(datetime(2021, 1, 1, tzinfo=UTC), CLOSES)
    with pytest.raises(TermsOutOfOrder) as refusal:
        rules.check_applications_end_after_they_start(CLOSES, CLOSES)
    assert refusal.value.field == "applications_close_at"


@pytest.mark.parametrize(
    ("answer", "allowed"),
    [
        (date(2021, 6, 29), False),
        (date(2021, 6, 30), True),
        (date(2021, 9, 30), True),
        (FAIR, False),
    ],
)
def test_the_answer_comes_after_the_closing_and_before_the_fair(
    answer: date, allowed: bool
) -> None:
    if allowed:
        rules.check_answer_comes_between(CLOSES, answer, FAIR)
    else:
        with pytest.raises(TermsOutOfOrder):
            rules.check_answer_comes_between(CLOSES, answer, FAIR)


def test_all_is_asked_before_the_fair_but_the_payment() -> None:
    rules.check_deadlines_come_before({Task.INVOICE: date(2021, 11, 1)}, FAIR)
    rules.check_deadlines_come_before({Task.STAFF: date(2021, 9, 30)}, FAIR)
    with pytest.raises(TermsOutOfOrder) as refusal:
        rules.check_deadlines_come_before({Task.STAFF: FAIR}, FAIR)
    assert refusal.value.field == "deadline_staff"


def test_the_largest_area_is_not_below_the_smallest() -> None:
    rules.check_areas_are_ordered(9, 9)
    with pytest.raises(TermsOutOfOrder):
        rules.check_areas_are_ordered(10, 9)


OPENS = datetime(2021, 1, 1, tzinfo=UTC)
TERMS = ExhibitorTerms(applications_open_at=OPENS, applications_close_at=CLOSES)
EDITION = Edition(standing=Standing.AS_PLANNED)
IN_TIME, SECOND = (EDITION, TERMS, OPENS), timedelta(seconds=1)
REFUSALS: list[Refusal] = [
    *(
        (error, lifecycle.check_applications_are_open, refused, IN_TIME)
        for error, refused in (
            (lifecycle.ApplicationsNotYetOpen, (EDITION, TERMS, OPENS - SECOND)),
            (lifecycle.ApplicationsClosed, (EDITION, TERMS, CLOSES)),
            (lifecycle.FairCancelled, (Edition(standing=Standing.CANCELLED), TERMS, OPENS)),
        )
    ),
    *(
        (review.AreaContradictsPlace, review.check_area_fits_place, refused, allowed)
        for refused, allowed in (
            ((0, "stand 12", False, 0), (1, "stand 12", False, 0)),
            ((0, "", True, 0), (1, "", True, 0)),
            ((1, "", False, 1), (0, "", False, 1)),
        )
    ),
    *(
        (review.OfferDelayOutOfBounds, offer_end, (OPENS, days), (OPENS, nearest))
        for days, nearest in ((0, 1), (61, 60))
    ),
]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_an_application_out_of_time_or_place_is_refused(refusal: Refusal) -> None:
    check_refusal(refusal)


def test_applications_open_once_nothing_of_the_seller_lacks() -> None:
    rules.check_seller_is_known([])
    with pytest.raises(SellerUnknown, match="la ville, le régime de TVA"):
        rules.check_seller_is_known(["la ville", "le régime de TVA"])
