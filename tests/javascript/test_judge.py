"""A station without network judges as the server does, whatever is put together.

What each case is worth by itself is in `test_door_cases.py`."""

import base64
import itertools
import random
from datetime import UTC, datetime, timedelta
from typing import Any

from salon.badges.engine.codes import new_code
from salon.entrance.models import Direction
from salon.entrance.presenters.labels import VERDICT_WORDS
from salon.entrance.rules.door import Attempt, decide, words_of
from salon.entrance.rules.scans import COUNTED, BadgeFacts, PresenceFacts, after_scan
from salon.entrance.rules.zones import FAIR_CANCELLED, DoorFacts, ZoneFacts, midnight_before
from salon.fair.models import ZoneHours
from tests.javascript.node import run

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
NINE = datetime(2021, 10, 1, 7, 0, tzinfo=UTC)
JUDGE = """([cases, words, closed]) => cases.map(([found, door, direction, at, seen]) => {
  const rules = { lets_unknown_in: true, closed };
  const judged = judge(found, { door, direction, at, seen }, { rules, words });
  return [judged, afterScan(seen, judged, direction, at, door.code)];
})"""
GENUINE = """async ([codes, key]) => {
  const answers = await Promise.all(codes.map((code) => isGenuine(code, key)));
  return codes.filter((_, place) => answers[place]);
}"""

ZONES = [
    None,
    ZoneFacts(7, "Salle Thau", admits=("press",)),
    ZoneFacts(7, "Salon d’honneur", is_vip_only=True),
    ZoneFacts(7, "Conférence", capacity=150),
    ZoneFacts(
        7,
        "Hall",
        hours=[
            ZoneHours(
                NINE + timedelta(minutes=30), NINE + timedelta(hours=9), NINE - timedelta(hours=1)
            )
        ],
        early_admits=("exhibitor",),
    ),
    ZoneFacts(7, "Atelier", is_vip_only=True, is_strict=False),
]
PRESENCES = [
    None,
    PresenceFacts(True, NINE - timedelta(minutes=55), "B", NINE - timedelta(minutes=55)),
    PresenceFacts(False, NINE - timedelta(minutes=55), "B", NINE - timedelta(minutes=5)),
    PresenceFacts(True, NINE - timedelta(days=1), "A", NINE - timedelta(days=1)),
    PresenceFacts(False, None, "", NINE - timedelta(minutes=5)),
]


def ms(moment: datetime | None) -> int | None:
    return None if moment is None else round(moment.timestamp() * 1000)


def iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def door_as_told(admits: tuple[str, ...], zone: ZoneFacts | None, inside: int) -> dict[str, Any]:
    return {
        "code": "A",
        "label": "Entrée A",
        "admits": list(admits),
        "zone": zone
        and {
            "id": zone.id,
            "label": zone.label,
            "admits": list(zone.admits),
            "vip_only": zone.is_vip_only,
            "capacity": zone.capacity,
            "inside": inside,
            "hours": [
                {name: iso(at) for name, at in hours._asdict().items()} for hours in zone.hours
            ],
            "early_admits": list(zone.early_admits),
            "strict": zone.is_strict,
        },
    }


def presence_as_kept(seen: PresenceFacts | None) -> dict[str, Any] | None:
    if seen is None:
        return None
    return {
        "inside": seen.is_inside,
        "firstAt": ms(seen.first_entry_at),
        "firstDoor": seen.first_door,
        "lastAt": ms(seen.last_at),
    }


def judged_by_the_device(rows: list[Any], closed: str = "") -> list[Any]:
    """Return [verdict, what is known of the badge afterwards] of each row."""
    names = "{ judge, afterScan }"
    return run("station/judge.js", names, JUDGE, [rows, VERDICT_WORDS, closed])


def genuine_to_the_device(codes: list[str], key: bytes) -> list[str]:
    return run("station/genuine.js", "{ isGenuine }", GENUINE, [codes, key.hex()])


def test_the_device_judges_as_the_server() -> None:
    requested_rows: list[Any] = []
    expected: list[Any] = []
    badges = [
        BadgeFacts(1, "elected"),
        BadgeFacts(1, "exhibitor"),
        BadgeFacts(1, "press", is_vip=True),
        BadgeFacts(1, "elected", is_revoked=True),
    ]
    for badge, zone, seen, direction, admits, inside, hour in itertools.product(
        badges, ZONES, PRESENCES, Direction, ((), ("press",)), (149, 150), (-1, 0, 0.5, 9)
    ):
        at = NINE + timedelta(hours=hour)
        since, place = midnight_before(at), DoorFacts(admits, zone)
        decision = decide(badge, seen, Attempt(1, place, direction, at, since, inside))
        verdict = decision.verdict
        after = after_scan(seen, direction, at, "A") if verdict in COUNTED else seen
        word, *words = words_of(decision, zone, seen, at)
        expected.append([verdict, word, *words, presence_as_kept(after)])
        label = {"category": badge.category, "vip": badge.is_vip}
        result = {"state": "revoked"} if badge.is_revoked else {"state": "valid", "label": label}
        door = door_as_told(admits, zone, inside)
        requested_rows.append([result, door, direction.value, ms(at), presence_as_kept(seen)])
    answers = judged_by_the_device(requested_rows)
    steps = [
        [judged["verdict"], judged["word"], judged["message"], judged.get("warning", ""), after]
        for judged, after in answers
    ]
    wrong = [
        (item, says, should)
        for item, says, should in zip(requested_rows, steps, expected, strict=True)
        if says != should
    ]
    assert not wrong, (len(wrong), len(requested_rows), wrong[0])
    assert {step[0] for step in steps} >= {
        "accepted",
        "re_entry",
        "already_inside",
        "exit",
        "revoked",
    }
    let_in = {judged["verdict"] for judged, _ in answers if judged["letIn"]}
    assert let_in == {"accepted", "re_entry"}


def test_nobody_enters_a_cancelled_fair_and_everybody_leaves_it() -> None:
    label = {"category": "elected", "vip": False}
    rows = [
        [badge_state, door_as_told((), zone, 0), direction.value, ms(NINE), None]
        for badge_state in ({"state": "valid", "label": label}, {"state": "unknown"})
        for zone in ZONES
        for direction in Direction
    ]
    answers = judged_by_the_device(rows, FAIR_CANCELLED)
    for row, (judged, _) in zip(rows, answers, strict=True):
        if row[2] == Direction.OUT:
            assert judged["verdict"] == "exit"
        else:
            verdict = judged["verdict"], judged["message"], judged["letIn"]
            assert verdict == ("not_allowed_here", FAIR_CANCELLED, False), row


def test_the_device_knows_a_code_of_the_fair_from_any_other() -> None:
    key, chance = bytes(range(32)), random.Random(21)
    made = [new_code(key) for _ in range(200)]
    altered = [
        code[:place]
        + chance.choice([letter for letter in LETTERS if letter != code[place]])
        + code[place + 1 :]
        for code in made
        for place in range(26)
    ]
    forged = [
        *(base64.b32encode(chance.randbytes(16)).decode().rstrip("=") for _ in range(10_000)),
        *("".join(chance.choices(LETTERS, k=26)) for _ in range(1_000)),
        *(new_code(key[::-1]) for _ in range(200)),
        *altered,
    ]
    assert genuine_to_the_device(made, key) == made
    assert genuine_to_the_device(forged, key) == []


def test_nobody_unknown_enters_where_not_everybody_does() -> None:
    opens, full = NINE + timedelta(hours=1), 150
    cases = [
        ((), None, 0, "to_confirm", True),
        (("press",), None, 0, "to_confirm", False),
        *(((), zone, 0, "to_confirm", not (zone.admits or zone.is_vip_only)) for zone in ZONES[1:]),
        ((), ZoneFacts(7, "Conférence", capacity=full), full, "not_allowed_here", False),
        ((), ZoneFacts(7, "Hall", hours=[ZoneHours(closes_at=NINE)]), 0, "not_allowed_here", False),
    ]
    requested_cases = [
        [{"state": state}, door_as_told(admits, zone, inside), direction, ms(opens), None]
        for admits, zone, inside, *_ in cases
        for state, direction in (("unknown", "in"), ("unknown", "out"), ("forged", "in"))
    ]
    answers = [
        (item["verdict"], item["letIn"]) for item, _ in judged_by_the_device(requested_cases)
    ]
    expected = [
        answer
        for *_, verdict, let_in in cases
        for answer in ((verdict, let_in), ("exit", False), ("invalid", False))
    ]
    assert answers == expected


def test_a_memory_of_before_holds_the_hours_of_one_day() -> None:
    door = door_as_told((), ZoneFacts(7, "Hall", hours=[ZoneHours(closes_at=NINE)]), 0)
    (hours,) = door["zone"].pop("hours")
    door["zone"] |= hours
    rows = [
        [{"state": "valid", "label": {"category": "elected"}}, door, "in", ms(at), None]
        for at in (NINE - timedelta(minutes=1), NINE)
    ]
    verdicts = [judged["verdict"] for judged, _ in judged_by_the_device(rows)]
    assert verdicts == ["accepted", "not_allowed_here"]
