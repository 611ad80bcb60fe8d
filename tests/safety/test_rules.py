"""Points of the rules of type T raised by a stand's answers, and forms that are complete."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from salon.safety import rules
from salon.safety.engine import assessment, questions
from salon.safety.engine.assessment import RULES, Verdict
from tests.safety.answers import QUIET

NOTHING, DECLARE, ADVICE, FORBIDDEN = Verdict


@pytest.mark.parametrize(
    ("answers", "rule", "verdict"),
    [
        ({"machines": True, "machines_which": "Une pompe"}, "machines", DECLARE),
        ({"moving_parts": True, "moving_parts_kept_off": True}, "moving_parts", DECLARE),
        ({"moving_parts": True, "moving_parts_kept_off": False}, "moving_parts", FORBIDDEN),
        ({"vehicles": True, "vehicles_made_safe": True}, "vehicles", DECLARE),
        ({"vehicles": True, "vehicles_made_safe": False}, "vehicles", FORBIDDEN),
        ({"vehicles": True, "vehicles_running": True}, "vehicles", ADVICE),
        ({"gas": True}, "gas", ADVICE),
        ({"cooking": True, "cooking_kw": 19.9}, "cooking", DECLARE),
        ({"cooking": True, "cooking_kw": 20.0}, "cooking", FORBIDDEN),
        ({"cooking": True}, "cooking", DECLARE),
        ({"flames": True}, "flames", ADVICE),
        ({"lasers": True}, "lasers", ADVICE),
        ({"rays": True}, "rays", ADVICE),
        ({"banned": True}, "banned", FORBIDDEN),
        ({"liquids": True, "liquids_litres": 2.0}, "liquids", ADVICE),
        ({"height_m": 3.01}, "structure", ADVICE),
        ({"covered": True}, "structure", ADVICE),
        ({"upper_floor": True}, "structure", ADVICE),
        ({"materials": True, "materials_proven": True}, "materials", DECLARE),
        ({"materials": True, "materials_proven": False}, "materials", ADVICE),
        ({"own_electricity": True}, "electricity", DECLARE),
        ({"people": 10.0}, "people", ADVICE),
    ],
)
def test_each_rule_finds_what_it_is_for(
    answers: dict[str, Any], rule: str, verdict: Verdict
) -> None:
    (finding,) = assessment.judge({**QUIET, **answers}, 9)
    assert (finding.rule, finding.verdict) == (rule, verdict)
    assert finding.article == RULES[rule].article


@pytest.mark.parametrize("answers", [{}, QUIET, {"height_m": 3.0}, {"people": 9.0}])
def test_a_quiet_stand_has_nothing_to_declare(answers: dict[str, Any]) -> None:
    assert assessment.judge(answers, 9) == []
    assert assessment.gravest_verdict([]) == NOTHING


def test_every_rule_cites_its_article() -> None:
    assert all(rule.article.startswith("T ") for rule in RULES.values())


def test_the_gravest_comes_first_and_gives_the_verdict_of_the_stand() -> None:
    findings = assessment.judge({"machines": True, "banned": True, "gas": True}, 9)
    assert [finding.verdict for finding in findings] == [FORBIDDEN, ADVICE, DECLARE]
    assert assessment.gravest_verdict(findings) == FORBIDDEN


def test_a_rule_set_aside_keeps_its_finding_and_counts_no_more() -> None:
    findings = assessment.judge(
        {"banned": True}, 9, {"banned": {"reason": "Acétone de laboratoire."}}
    )
    assert findings[0].finding.verdict == FORBIDDEN
    assert findings[0].reason == "Acétone de laboratoire."
    assert assessment.gravest_verdict(findings) == NOTHING


def test_a_form_is_complete_once_each_question_asked_has_its_answer() -> None:
    assert questions.is_complete(QUIET)
    assert not questions.is_complete({**QUIET, "gas": True})
    assert questions.is_complete({**QUIET, "gas": True, "gas_which": "Une bouteille"})
    assert [question.key for question in questions.unanswered({**QUIET, "people": None})] == [
        "people"
    ]
    assert len(questions.unanswered({})) == len([q for q in questions.QUESTIONS if not q.after])


def test_what_a_no_makes_void_is_not_kept() -> None:
    typed = {"gas": False, "gas_which": "Une bouteille", "people": "", "cooking": None}
    assert questions.applicable_answers(typed) == {"gas": False}


@pytest.mark.parametrize(
    ("rule", "reason", "error"),
    [
        ("unknown", "Parce que", rules.RuleUnknown),
        ("gas", "  ", rules.ReasonOfOverrideMissing),
        ("banned", "Parce que", rules.NothingToSetAside),
    ],
)
def test_a_rule_is_set_aside_for_a_reason_when_it_finds_something(
    rule: str, reason: str, error: type[Exception]
) -> None:
    findings = assessment.judge({"gas": True}, 9)
    rules.check_override("gas", "Bouteille vide", findings)
    with pytest.raises(error):
        rules.check_override(rule, reason, findings)


def test_a_rule_set_aside_says_by_whom_and_when() -> None:
    at = datetime(2021, 9, 20, 8, 15, tzinfo=UTC)
    override = {"reason": "Bouteille vide.", "by": "Olivia", "at": at.isoformat()}
    (finding,) = assessment.judge({"gas": True}, 9, {"gas": override})
    assert (finding.reason, finding.author, finding.at) == ("Bouteille vide.", "Olivia", at)


def test_every_question_stands_once_in_a_part_of_the_form() -> None:
    parts = questions.sections()
    assert [title for title, _ in parts] == list(questions.SECTIONS.values())
    assert [item for _, part in parts for item in part] == list(questions.QUESTIONS)


def test_what_was_declared_stays_once_the_fair_is_open() -> None:
    opens_at = datetime(2021, 10, 1, 7, tzinfo=UTC)
    rules.check_fair_has_not_begun(opens_at - timedelta(seconds=1), opens_at)
    with pytest.raises(rules.FairHasBegun):
        rules.check_fair_has_not_begun(opens_at, opens_at)


def test_a_pavilion_has_no_form() -> None:
    rules.check_has_a_stand(False)
    with pytest.raises(rules.NoStandToMakeSafe):
        rules.check_has_a_stand(True)
