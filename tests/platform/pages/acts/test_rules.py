"""Which messages are held, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from salon.platform.database.identity import Role
from salon.platform.mail.holding import HOLDING, Holding, is_held
from salon.platform.settings.installation import ROOT

NOON = datetime(2021, 9, 30, 10, tzinfo=UTC)


def test_each_kind_of_message_says_whether_it_is_held() -> None:
    kinds = {path.stem for path in (ROOT / "templates" / "mail").glob("[!_]*.txt")}
    assert set(HOLDING) == kinds


@pytest.mark.parametrize(
    ("kind", "role", "hours", "expected", "reason"),
    [
        ("cancelled", Role.ORGANISER, None, True, "an organiser may have slipped"),
        ("cancelled", None, None, False, "the public waits for it"),
        ("cancelled", Role.STATION, None, False, "a station has no page to call it off from"),
        ("sign_in_code", Role.ORGANISER, None, False, "somebody waits in front of the screen"),
        ("staff_removed", Role.EXHIBITOR, None, True, "an exhibitor may have slipped"),
        ("order_confirmed", Role.EXHIBITOR, None, False, "the exhibitor has just ordered"),
        ("order_confirmed", Role.ORGANISER, None, True, "somebody else is written to"),
        ("quote_ready", Role.ORGANISER, None, True, "the prices may be wrong"),
        ("invoice_issued", Role.ORGANISER, None, True, "it may be of somebody else"),
        ("credit_note_issued", Role.ORGANISER, None, True, "so may a credit note"),
        ("exhibitor_refuse", Role.ORGANISER, None, True, "the wrong one may be refused"),
        ("invoice_reminder", Role.ORGANISER, None, False, "the worker posts it"),
        ("appointment_cancelled", Role.AGENT, 2, True, "there is time"),
        ("appointment_cancelled", Role.AGENT, 1, False, "within the hour"),
        ("appointment_cancelled", Role.AGENT, -1, False, "it has begun"),
        ("standin_asked", Role.ORGANISER, 5, False, "the same day"),
        ("standin_asked", Role.ORGANISER, 24, True, "the next day"),
    ],
)
def test_a_message_is_held(
    kind: str, role: Role | None, hours: int | None, expected: bool, reason: str
) -> None:
    event_at = None if hours is None else NOON + timedelta(hours=hours)
    assert is_held(kind, role, event_at, NOON) is expected, reason


def test_what_somebody_waits_for_in_front_of_the_screen_is_never_held() -> None:
    for kind in ("sign_in_code", "registration", "group_registered", "lead_link", "erased"):
        assert HOLDING[kind] is Holding.NEVER
