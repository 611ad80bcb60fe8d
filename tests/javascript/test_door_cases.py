"""The rule of the door, in Python and in JavaScript, held to `tests/entrance/door_cases.json`.

A case is a badge at a door, what is known of it (`seen`) and how many are in the zone (`inside`);
then the verdict, what the host reads (`says`, `warns`), and what is known of the badge `after`. A
time is a day of the fair and an hour: « 2 09:00 ». A presence is « in 1 08:05 B, 1 09:00 »: inside,
first entered at 8:05 by B, last scanned at 9:00; « out -, 1 08:55 » never entered.

`word`: the word the host reads when it is not the verdict's own; `successor`: the number of the
badge that replaces a revoked one. `device`: what a device without network answers in place of the
rest, since no list holds the badges of another edition. `sent`, `received`: the time that a device
sent and when; the server judges at `at`, the device knows `at` by its own clock, put right.
"""

import json
import re
from datetime import date, datetime, time, timedelta
from typing import Any

from salon.entrance.models import VERDICT_LABELS, Direction, Verdict
from salon.entrance.presenters.labels import VERDICT_WORDS
from salon.entrance.rules.door import Attempt, decide, words_of
from salon.entrance.rules.scans import (
    COUNTED,
    BadgeFacts,
    PresenceFacts,
    after_scan,
    effective_time,
)
from salon.entrance.rules.zones import FAIR_CANCELLED, DoorFacts, ZoneFacts, midnight_before
from salon.fair.models import ZoneHours
from salon.platform.settings.clock import paris
from salon.platform.settings.installation import ROOT
from tests.javascript.node import run
from tests.javascript.test_judge import door_as_told, ms, presence_as_kept

FILE = json.loads((ROOT / "tests" / "entrance" / "door_cases.json").read_text("utf-8"))
CASES: list[dict[str, Any]] = FILE["cases"]
FIRST_DAY = date(2021, 10, 1)
EDITION = 1
THEMES = (
    "day",
    "categor",
    "zone",
    "revoked",
    "another edition",
    "out of order",
    "late",
    "clock off",
)
BADGES = {
    **{name: BadgeFacts(EDITION, name) for name in ("elected", "visitor", "exhibitor", "press")},
    **{name: BadgeFacts(EDITION, name) for name in ("agent", "organiser")},
    "vip": BadgeFacts(EDITION, "elected", is_vip=True),
    "vip_press": BadgeFacts(EDITION, "press", is_vip=True),
    "revoked": BadgeFacts(EDITION, "elected", is_revoked=True),
    "other_edition": BadgeFacts(EDITION + 1, "elected"),
    "forged": None,
    "no_badge": None,
}
JUDGE = """([cases, words]) => cases.map(([found, door, direction, at, seen, rules]) => {
  const judged = judge(found, { door, direction, at, seen }, { rules, words });
  return [judged, afterScan(seen, judged, direction, at, door.code)];
})"""


def moment(text: str) -> datetime:
    day, _, hour = text.partition(" ")
    return paris(FIRST_DAY + timedelta(days=int(day) - 1), time.fromisoformat(hour))


def presence(text: str | None) -> PresenceFacts | None:
    if text is None:
        return None
    found = re.fullmatch(r"(in|out) (?:-|(\S+ \S+) (\w+))(?:, (.+))?", text)
    assert found, text
    first, last = found[2] and moment(found[2]), found[4] or found[2]
    return PresenceFacts(found[1] == "in", first, found[3] or "", moment(last))


def zone_of(door: dict[str, Any]) -> ZoneFacts | None:
    if "zone" not in door:
        return None
    values = {"is_vip_only": False, "is_strict": True, **door["zone"]}
    for told, name in (("vip_only", "is_vip_only"), ("strict", "is_strict")):
        values[name] = values.pop(told, values[name])
    days = values.pop("hours", [{}])
    hours = [ZoneHours(**{name: moment(text) for name, text in day.items()}) for day in days]
    return ZoneFacts(7, hours=hours, **values)


def case_door(case: dict[str, Any]) -> tuple[str, DoorFacts]:
    code = case.get("door", "A")
    door = FILE["doors"][code]
    return code, DoorFacts(tuple(door.get("admits", ())), zone_of(door))


def case_time(case: dict[str, Any]) -> datetime:
    return moment(case.get("at", "1 09:00"))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def answer_of_the_server(case: dict[str, Any]) -> list[Any]:
    """Return [verdict, message, warning, presence] by the rules in Python."""
    code, door = case_door(case)
    seen, at, way = presence(case.get("seen")), case_time(case), Direction(case.get("way", "in"))
    attempt = Attempt(
        EDITION,
        door,
        way,
        at,
        midnight_before(at),
        case.get("inside", 0),
        case.get("cancelled", False),
    )
    decision = decide(BADGES[case.get("badge", "elected")], seen, attempt)
    word, message, warning = words_of(decision, door.zone, seen, at, case.get("successor", ""))
    after = after_scan(seen, way, at, code) if decision.verdict in COUNTED else seen
    return [decision.verdict, word, plain(message), plain(warning), after]


def question_to_the_device(case: dict[str, Any]) -> list[Any]:
    code, door = case_door(case)
    name = case.get("badge", "elected")
    badge = BADGES[name]
    found: dict[str, Any] = {"state": "unknown" if name == "other_edition" else name}
    if badge and badge.is_revoked:
        found = {"state": "revoked", "successor": case.get("successor", "")}
    elif badge and badge.edition_id == EDITION:
        label = {"category": badge.category, "vip": badge.is_vip}
        found = {"state": "valid", "label": label}
    told = {**door_as_told(tuple(door.admits), door.zone, case.get("inside", 0)), "code": code}
    rules = {
        "lets_unknown_in": not case.get("unknown_wait", False),
        "closed": FAIR_CANCELLED if case.get("cancelled") else "",
    }
    seen = presence_as_kept(presence(case.get("seen")))
    return [found, told, case.get("way", "in"), ms(case_time(case)), seen, rules]


def expected_of(case: dict[str, Any]) -> list[Any]:
    after = case.get("seen") if case["after"] == "same" else case["after"]
    verdict = case["verdict"]
    word = case.get("word") or VERDICT_LABELS.get(verdict, "")
    return [verdict, word, case["says"], case.get("warns", ""), presence(after)]


def test_the_cases_speak_of_all_that_a_door_meets() -> None:
    names = [case["why"] for case in CASES]
    assert len(names) == len(set(names)) >= 80
    for theme in THEMES:
        assert sum(theme in name for name in names) >= 3, theme
    assert {case["verdict"] for case in CASES} == set(Verdict)
    assert {case.get("door", "A") for case in CASES} == set(FILE["doors"])


def test_the_server_answers_each_case() -> None:
    answers = {case["why"]: answer_of_the_server(case) for case in CASES}
    wrong = {
        case["why"]: (answers[case["why"]], expected_of(case))
        for case in CASES
        if answers[case["why"]] != expected_of(case)
    }
    assert wrong == {}


def test_a_device_without_network_answers_each_case() -> None:
    questions = [question_to_the_device(case) for case in CASES]
    answers = run("station/judge.js", "{ judge, afterScan }", JUDGE, [questions, VERDICT_WORDS])
    wrong = {}
    for case, (judged, after) in zip(CASES, answers, strict=True):
        own_case = {**case, **case.get("device", {})}
        verdict, word, says, warns, presence_after = expected_of(own_case)
        lets_in = own_case.get("let_in", verdict in ("accepted", "re_entry"))
        expected = [verdict, says, warns, lets_in, presence_as_kept(presence_after)]
        words = plain(judged["message"]), plain(judged.get("warning", ""))
        given = [judged["verdict"], *words, judged["letIn"], after]
        if word:  # a device has words of its own where it is not sure
            given, expected = [judged["word"], *given], [word, *expected]
        if given != expected:
            wrong[case["why"]] = given, expected
    assert wrong == {}


def test_the_time_of_each_case_is_the_one_that_counts() -> None:
    wrong = {
        case["why"]: at
        for case in CASES
        if "sent" in case
        and (at := effective_time(moment(case["sent"]), moment(case["received"]), None))
        != case_time(case)
    }
    assert wrong == {}
