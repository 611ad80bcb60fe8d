"""What the rules of working time refuse."""

import pytest

from salon.staffing.engine.working_time import TABLE, Age, Employer, Limit
from salon.staffing.rules.legal import (
    LimitsNeedAReason,
    LooserThanTheLaw,
    WorseForAgents,
    check_body_limits,
    check_limits_have_a_reason,
    check_none_worse,
)

SENTENCE = "Mme Vidal aurait plus de 10 h de travail dans la journée"


def test_what_gets_worse_is_accepted_sentence_by_sentence() -> None:
    check_none_worse([])
    check_none_worse([SENTENCE], [SENTENCE])
    with pytest.raises(WorseForAgents, match="plus de 10 h") as refusal:
        check_none_worse([SENTENCE], ["M. Roux aurait moins de 11 h de repos"])
    assert refusal.value.sentences == [SENTENCE]


def test_a_publication_past_a_limit_says_why() -> None:
    check_limits_have_a_reason(False, "")
    check_limits_have_a_reason(True, "Une absence de la veille")
    with pytest.raises(LimitsNeedAReason):
        check_limits_have_a_reason(True, "")


def test_a_body_is_as_strict_as_the_law_at_least() -> None:
    for employer in Employer:
        for row in TABLE:
            if row.age == Age.ADULT and employer in row.employers:
                check_body_limits(employer, {row.limit: row.value})
    with pytest.raises(LooserThanTheLaw):
        check_body_limits(Employer.TERRITORIAL, {Limit.DAY: 48})
