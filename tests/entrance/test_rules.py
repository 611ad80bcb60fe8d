"""Verdicts, times and what is known of a badge: tables of cases, each with its reason."""

from datetime import UTC, date, datetime, timedelta

import pytest

from salon.badges.models import Category
from salon.entrance.models import VERDICT_LABELS, Direction, Verdict
from salon.entrance.rules.scans import (
    COUNTED,
    MESSAGES,
    BadgeFacts,
    DoorTerms,
    PresenceFacts,
    after_scan,
    effective_time,
    judge,
    message_for,
    printable,
)

OPENING = datetime(2021, 10, 1, 7, 12, tzinfo=UTC)
LATER = OPENING + timedelta(hours=1)
NEXT_DAY = OPENING + timedelta(days=1)
BADGE = BadgeFacts(edition_id=1, category=Category.ELECTED)
REVOKED = BadgeFacts(edition_id=1, category=Category.ELECTED, is_revoked=True)
FOREIGN = BadgeFacts(edition_id=2, category=Category.ELECTED)
INSIDE = PresenceFacts(True, OPENING, "A", OPENING)
OUTSIDE = PresenceFacts(False, OPENING, "A", LATER)
ONLY_LEFT = PresenceFacts(False, None, "", OPENING)

CASES = [
    ("a code that is no badge", None, None, (), "in", Verdict.INVALID),
    ("a code that is no badge, going out", None, None, (), "out", Verdict.INVALID),
    ("a first entry", BADGE, None, (), "in", Verdict.ACCEPTED),
    ("an entry after an exit of somebody never seen", BADGE, ONLY_LEFT, (), "in", Verdict.ACCEPTED),
    ("a second entry", BADGE, INSIDE, (), "in", Verdict.ALREADY_INSIDE),
    ("an entry after an exit", BADGE, OUTSIDE, (), "in", Verdict.RE_ENTRY),
    ("an exit", BADGE, INSIDE, (), "out", Verdict.EXIT),
    ("an exit of somebody never seen: it happened", BADGE, None, (), "out", Verdict.EXIT),
    ("a revoked badge", REVOKED, None, (), "in", Verdict.REVOKED),
    ("a revoked badge that was inside", REVOKED, INSIDE, (), "in", Verdict.REVOKED),
    ("a revoked badge going out: nobody is kept in", REVOKED, INSIDE, (), "out", Verdict.EXIT),
    ("last year's badge", FOREIGN, None, (), "in", Verdict.WRONG_EDITION),
    ("last year's badge going out", FOREIGN, None, (), "out", Verdict.WRONG_EDITION),
    ("a door that admits others", BADGE, None, ("exhibitor",), "in", Verdict.NOT_ALLOWED_HERE),
    ("a door that admits this category", BADGE, None, ("elected",), "in", Verdict.ACCEPTED),
    ("leaving by a door that admits others", BADGE, INSIDE, ("exhibitor",), "out", Verdict.EXIT),
]


@pytest.mark.parametrize(
    ("badge", "presence", "admits", "direction", "expected"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_the_verdict(
    badge: BadgeFacts | None,
    presence: PresenceFacts | None,
    admits: tuple[str, ...],
    direction: str,
    expected: Verdict,
) -> None:
    assert judge(badge, presence, DoorTerms(1, admits), Direction(direction), LATER) == expected


def test_who_was_not_scanned_out_last_night_comes_back_in_the_morning() -> None:
    assert judge(BADGE, INSIDE, DoorTerms(1), Direction.IN, NEXT_DAY) == Verdict.RE_ENTRY


def test_a_day_ends_at_midnight_in_beziers_not_in_greenwich() -> None:
    inside = PresenceFacts(True, OPENING, "A", datetime(2021, 10, 1, 21, 59, tzinfo=UTC))
    after_midnight = datetime(2021, 10, 1, 22, 1, tzinfo=UTC)
    assert judge(BADGE, inside, DoorTerms(1), Direction.IN, after_midnight) == Verdict.RE_ENTRY


AFTER = [
    ("first entry", None, "in", LATER, PresenceFacts(True, LATER, "B", LATER)),
    ("exit never seen", None, "out", LATER, PresenceFacts(False, None, "", LATER)),
    ("a double keeps the first", INSIDE, "in", LATER, PresenceFacts(True, OPENING, "A", LATER)),
    ("exit", INSIDE, "out", LATER, PresenceFacts(False, OPENING, "A", LATER)),
    (
        "an earlier entry that arrives late becomes the first, the badge stays outside",
        OUTSIDE,
        "in",
        OPENING - timedelta(minutes=5),
        PresenceFacts(False, OPENING - timedelta(minutes=5), "B", LATER),
    ),
    (
        "an earlier exit that arrives late changes nothing",
        PresenceFacts(True, OPENING, "A", LATER),
        "out",
        OPENING + timedelta(minutes=5),
        PresenceFacts(True, OPENING, "A", LATER),
    ),
    (
        "an entry older than the only exit known",
        ONLY_LEFT,
        "in",
        OPENING - timedelta(minutes=5),
        PresenceFacts(False, OPENING - timedelta(minutes=5), "B", OPENING),
    ),
]


@pytest.mark.parametrize(
    ("presence", "direction", "at", "expected"),
    [case[1:] for case in AFTER],
    ids=[case[0] for case in AFTER],
)
def test_what_is_known_after_a_scan(
    presence: PresenceFacts | None, direction: str, at: datetime, expected: PresenceFacts
) -> None:
    assert after_scan(presence, Direction(direction), at, "B") == expected


@pytest.mark.parametrize(
    ("late", "trusted"),
    [
        (timedelta(0), True),
        (timedelta(hours=12), True),
        (timedelta(hours=12, seconds=1), False),
        (timedelta(minutes=-2), True),
        (timedelta(minutes=-2, seconds=-1), False),
        (timedelta(days=365 * 51), False),
        (timedelta(hours=-2), False),
    ],
)
def test_a_device_is_believed_twelve_hours_late_and_two_minutes_early(
    late: timedelta, trusted: bool
) -> None:
    scanned = LATER - late
    for first_day_on in (None, date(2021, 10, 15)):
        assert effective_time(scanned, LATER, first_day_on) == (scanned if trusted else LATER)


def test_a_device_is_believed_since_the_midnight_of_the_first_day_however_late() -> None:
    first_day_on = date(2021, 10, 1)
    midnight = datetime(2021, 9, 30, 22, tzinfo=UTC)
    a_month_later = OPENING + timedelta(days=30)
    for scanned in (midnight, OPENING, NEXT_DAY):
        assert effective_time(scanned, a_month_later, first_day_on) == scanned
    before = midnight - timedelta(seconds=1)
    assert effective_time(before, a_month_later, first_day_on) == a_month_later
    assert effective_time(before, midnight, first_day_on) == before


def test_a_double_says_when_and_where_the_first_entry_was() -> None:
    message = message_for(Verdict.ALREADY_INSIDE, INSIDE, LATER)
    assert message == "Déjà entré à 9\u00a0h\u00a012, porte A"


def test_a_return_on_another_day_says_the_day() -> None:
    message = message_for(Verdict.RE_ENTRY, INSIDE, NEXT_DAY)
    assert message == "De retour. Première entrée le 01/10 à 9\u00a0h\u00a012, porte A"


def test_every_verdict_has_a_word_and_a_message() -> None:
    assert set(VERDICT_LABELS) == set(MESSAGES) == set(Verdict)
    assert set(COUNTED) < set(Verdict)


@pytest.mark.parametrize(
    ("reading", "saved"),
    [
        ("HTTPS://X/B/ABC", "HTTPS://X/B/ABC"),
        ("Éric 🎪", "Éric 🎪"),
        ("a\x00b\r\n", "a\\x00b\\r\\n"),
        ("\ud800", "\\ud800"),
        ("\u202e", "\\u202e"),
        ("«\u00a0Non\u00a0»\u202f! 8\u2007h", "«\u00a0Non\u00a0»\u202f! 8\u2007h"),
        ("x" * 4296, "x" * 512),
        ("\x01" * 4296, "\\x01" * 128),
    ],
)
def test_what_was_read_is_kept_printable_and_short(reading: str, saved: str) -> None:
    assert printable(reading) == saved
    printable(reading).encode()
