"""Rules of a fair, and the moment of it that a time belongs to. No database."""

from datetime import date, datetime, time

import pytest

from salon.fair import rules
from salon.fair.engine.plan_frames import MARGIN, hall_frame, park_frame, stands_frame
from salon.fair.models import (
    Edition,
    EditionDay,
    EditionState,
    Hall,
    PartnerBody,
    ProgrammeItem,
    Room,
    Stand,
)
from salon.fair.rules import Phase, days, edition, files, halls, lifecycle, programme, village
from salon.fair.rules.standing import StandingAct, reinstated_standing, standing_acts
from salon.platform.database.consequences import Standing
from salon.platform.settings.clock import PARIS
from tests.refusals import Refusal, check_refusal


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def an_edition(*days: date, standing: Standing = Standing.AS_PLANNED) -> Edition:
    return Edition(
        state=EditionState.OPEN,
        standing=standing,
        registration_opens_at=at("2021-07-01 08:00"),
        registration_closes_at=at("2021-09-28 20:00"),
        days=[EditionDay(day_on=day, opens=time(9), closes=time(17, 30)) for day in days],
    )


def a_stand(number: str, x: float, y: float, width: float = 6, depth: float = 3) -> Stand:
    return Stand(number=number, x=x, y=y, width=width, depth=depth)


ONE_DAY = an_edition(date(2021, 10, 1))
TWO_DAYS = an_edition(date(2021, 10, 1), date(2021, 10, 2))
POSTPONED = an_edition(date(2021, 10, 1), standing=Standing.POSTPONED)
CANCELLED = an_edition(date(2021, 10, 1), standing=Standing.CANCELLED)


def test_days_of_one_month_name_it_once() -> None:
    assert ONE_DAY.day_label == "vendredi 1er\u00a0octobre 2021"
    apart = an_edition(date(2021, 9, 28), date(2021, 9, 30), date(2021, 10, 1))
    assert apart.day_label.replace("\u00a0", " ") == (
        "mardi 28 septembre, jeudi 30 septembre et vendredi 1er octobre 2021"
    )
    month = an_edition(date(2021, 9, 29), date(2021, 9, 30), date(2021, 10, 1))
    assert month.day_label.replace("\u00a0", " ") == (
        "du mercredi 29 septembre au vendredi 1er octobre 2021"
    )
    assert month.of_announced_days == month.on_announced_days == month.day_label
    year = an_edition(date(2021, 12, 31), date(2022, 1, 1))
    assert year.on_announced_days.replace("\u00a0", " ") == (
        "du vendredi 31 décembre 2021 au samedi 1er janvier 2022"
    )
    assert ONE_DAY.on_announced_days == "le vendredi 1er\u00a0octobre 2021"
    assert ONE_DAY.of_announced_days == "du vendredi 1er\u00a0octobre 2021"
    two_weeks = an_edition(date(2021, 10, 1), date(2021, 10, 8))
    assert two_weeks.of_announced_days == "des vendredi 1er et vendredi 8\u00a0octobre 2021"
    assert two_weeks.on_announced_days == "les vendredi 1er et vendredi 8\u00a0octobre 2021"
    assert TWO_DAYS.day_label == "vendredi 1er et samedi 2\u00a0octobre 2021"
    assert TWO_DAYS.of_announced_days == "du vendredi 1er au samedi 2\u00a0octobre 2021"


def test_the_hours_of_days_that_differ_are_all_said() -> None:
    two_days = an_edition(date(2021, 10, 1), date(2021, 10, 2))
    assert two_days.hours_label == "9\u00a0h – 17\u00a0h\u00a030"
    two_days.days[1].closes = time(17)
    assert two_days.hours_label == "9\u00a0h – 17\u00a0h\u00a030, puis 9\u00a0h – 17\u00a0h"


@pytest.mark.parametrize(
    ("edition", "now", "phase", "reason"),
    [
        (ONE_DAY, "2021-06-30 12:00", Phase.ANNOUNCED, "registrations not open yet"),
        (ONE_DAY, "2021-07-01 08:00", Phase.REGISTERING, "the opening instant is included"),
        (ONE_DAY, "2021-09-28 20:00", Phase.CLOSED, "the closing instant is excluded"),
        (ONE_DAY, "2021-09-30 00:00", Phase.EVE, "the eve begins at midnight in Béziers"),
        (ONE_DAY, "2021-10-01 00:30", Phase.OPENING_SOON, "22:30 UTC of the day before"),
        (ONE_DAY, "2021-10-01 08:59", Phase.OPENING_SOON, "before the doors"),
        (ONE_DAY, "2021-10-01 09:00", Phase.OPEN, "doors open"),
        (ONE_DAY, "2021-10-01 17:30", Phase.FINISHED, "the closing instant is excluded"),
        (TWO_DAYS, "2021-10-01 20:00", Phase.EVE, "the night between two days"),
        (TWO_DAYS, "2021-10-02 10:00", Phase.OPEN, "second day"),
        (POSTPONED, "2021-10-01 10:00", Phase.POSTPONED, "its former day is nothing"),
        (POSTPONED, "2021-10-05 10:00", Phase.POSTPONED, "not over"),
        (CANCELLED, "2021-08-01 10:00", Phase.CANCELLED, "whatever the registrations"),
    ],
)
def test_the_phase_follows_the_clock_of_beziers(
    edition: Edition, now: str, phase: Phase, reason: str
) -> None:
    assert rules.phase_of(edition, at(now)) is phase, reason


def test_registration_is_open_between_its_two_instants() -> None:
    assert not rules.registrations_are_open(ONE_DAY, at("2021-07-01 07:59"))
    assert rules.registrations_are_open(ONE_DAY, at("2021-07-01 08:00"))
    assert not rules.registrations_are_open(ONE_DAY, at("2021-09-28 20:00"))
    assert not rules.registrations_are_open(POSTPONED, at("2021-07-01 08:00"))


def test_a_postponed_fair_has_no_date_and_is_never_over() -> None:
    assert (POSTPONED.day_label, POSTPONED.hours_label) == ("date à venir", "horaires à venir")
    assert POSTPONED.announced_days == ONE_DAY.day_label == CANCELLED.day_label
    later = at("2022-01-01 12:00")
    assert ONE_DAY.is_over(later)
    assert CANCELLED.is_over(later)
    assert not POSTPONED.is_over(later)


@pytest.mark.parametrize(
    ("edition", "before_the_day", "after_the_day"),
    [
        (ONE_DAY, [StandingAct.POSTPONE, StandingAct.CANCEL], []),
        (POSTPONED, [StandingAct.CANCEL, StandingAct.REINSTATE], [StandingAct.CANCEL]),
        (CANCELLED, [StandingAct.REINSTATE], [StandingAct.REINSTATE]),
    ],
)
def test_a_fair_is_postponed_or_cancelled_before_its_day_and_reopened_at_any_time(
    edition: Edition, before_the_day: list[StandingAct], after_the_day: list[StandingAct]
) -> None:
    assert standing_acts(edition, at("2021-09-01 12:00")) == before_the_day
    assert standing_acts(edition, at("2021-10-02 12:00")) == after_the_day


def test_a_fair_reopened_after_its_day_waits_for_a_date() -> None:
    planned = Standing.AS_PLANNED
    assert reinstated_standing(CANCELLED, planned, at("2021-09-01 12:00")) == planned
    later = at("2021-10-02 12:00")
    assert reinstated_standing(CANCELLED, planned, later) == Standing.POSTPONED


def test_dates_must_be_in_order() -> None:
    rules.check_dates_are_in_order(ONE_DAY)
    with pytest.raises(rules.DatesOutOfOrder):
        rules.check_dates_are_in_order(an_edition())
    closed = an_edition(date(2021, 10, 1))
    closed.days[0].closes = time(9)
    with pytest.raises(rules.DatesOutOfOrder):
        rules.check_dates_are_in_order(closed)
    late = an_edition(date(2021, 10, 1))
    late.registration_opens_at = late.registration_closes_at
    with pytest.raises(rules.DatesOutOfOrder):
        rules.check_dates_are_in_order(late)


def test_what_is_on_now_and_what_comes_next() -> None:
    def item(title: str, start: str, end: str) -> ProgrammeItem:
        return ProgrammeItem(title=title, starts_at=at(start), ends_at=at(end))

    items = [
        item("a", "2021-10-01 09:00", "2021-10-01 10:00"),
        item("b", "2021-10-01 10:00", "2021-10-01 11:00"),
        item("c", "2021-10-01 10:00", "2021-10-01 10:30"),
        item("d", "2021-10-02 09:00", "2021-10-02 10:00"),
    ]

    def titles(now: str) -> tuple[str, str]:
        on_now, following = rules.on_now_and_next(items, at(now))
        return "".join(i.title for i in on_now), "".join(i.title for i in following)

    assert titles("2021-10-01 08:00") == ("", "a")
    assert titles("2021-10-01 09:00") == ("a", "bc"), "two at the same hour are both next"
    assert titles("2021-10-01 10:00") == ("bc", ""), "an end is excluded; tomorrow is not next"
    assert titles("2021-09-30 08:00") == ("", "")


@pytest.mark.parametrize(
    ("width", "depth", "area", "sound"),
    [(80, 40, 3200, True), (55, 34, 1870, True), (80, 40, 3300, False), (10, 10, 100.9, True)],
)
def test_a_hall_has_its_announced_area(
    width: float, depth: float, area: float, sound: bool
) -> None:
    hall = Hall(name="3", width=width, depth=depth, area=area)
    if sound:
        rules.check_hall_has_its_area(hall)
    else:
        with pytest.raises(rules.HallAreaDiffers, match="3300"):
            rules.check_hall_has_its_area(hall)


def test_the_programme_keeps_to_opening_hours() -> None:
    def item(start: str, end: str) -> ProgrammeItem:
        return ProgrammeItem(title="Clôture", starts_at=at(start), ends_at=at(end))

    whole_day = item("2021-10-01 09:00", "2021-10-01 17:30")
    rules.check_item_is_in_opening_hours(whole_day, ONE_DAY)
    for bad in (
        item("2021-10-01 08:59", "2021-10-01 10:00"),
        item("2021-10-01 17:00", "2021-10-01 17:31"),
        item("2021-10-02 10:00", "2021-10-02 11:00"),
        item("2021-10-01 11:00", "2021-10-01 11:00"),
    ):
        with pytest.raises(rules.ProgrammeOutsideOpeningHours, match="Clôture"):
            rules.check_item_is_in_opening_hours(bad, ONE_DAY)


def test_frames_hold_everything_with_a_margin() -> None:
    hall = Hall(name="3", width=80, depth=40, area=3200, x=25, y=44)
    assert park_frame([hall]).view_box == "22 41 86 46"
    assert hall_frame(hall).view_box == "-0.5 -0.5 81 41"
    assert stands_frame([a_stand("1", 10, 10), a_stand("2", 20, 20)]).view_box == "7 7 22 19"
    assert park_frame([]).width == 2 * MARGIN


HALL, ROOM = Hall(name="3"), Room(name="Salle Agathe")
NINE, TEN = at("2021-10-01 09:00"), at("2021-10-01 10:00")
IN_ORDER = ProgrammeItem(starts_at=NINE, ends_at=TEN)
HERE, WITHDRAWN = PartnerBody(), PartnerBody(withdrawn_at=NINE)
REFUSALS: list[Refusal] = [
    (
        edition.RegistrationClosesFirst,
        edition.check_registration_opens_first,
        (NINE, NINE),
        (NINE, TEN),
    ),
    (files.TooManyFiles, files.check_room_for_file, (10,), (9,)),
    (halls.HallStillUsed, halls.check_hall_is_unused, (HALL, 1, 0), (HALL, 0, 0)),
    (halls.HallStillUsed, halls.check_hall_is_unused, (HALL, 0, 1), (HALL, 0, 0)),
    (
        lifecycle.EditionActRefused,
        lifecycle.check_act_is_allowed,
        (ONE_DAY, lifecycle.EditionAct.HOLD, NINE),
        (ONE_DAY, lifecycle.EditionAct.WITHDRAW, NINE),
    ),
    (programme.RoomStillUsed, programme.check_room_is_empty, (ROOM, 1), (ROOM, 0)),
    (
        programme.ItemEndsBeforeStarting,
        programme.check_hours_in_order,
        (ProgrammeItem(starts_at=TEN, ends_at=TEN),),
        (IN_ORDER,),
    ),
    (village.AlreadyWithdrawn, village.check_takes_part, (WITHDRAWN,), (HERE,)),
    (village.AlreadyThere, village.check_is_withdrawn, (HERE,), (WITHDRAWN,)),
    (village.BodyNotThere, village.check_body_is_there, (WITHDRAWN,), (HERE,)),
    (days.ChangeNoLongerUndone, days.check_change_is_the_last, (None, 1), (1, 1)),
    (
        village.MoveNoLongerUndone,
        days.check_change_is_the_last,
        (2, 1, village.MoveNoLongerUndone),
        (1, 1, village.MoveNoLongerUndone),
    ),
]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_what_the_fair_does_not_allow_is_refused(refusal: Refusal) -> None:
    check_refusal(refusal)
