"""Respellings that a kiosk accepts as the same name."""

from datetime import UTC, datetime, timedelta

import pytest

from salon.kiosk import rules
from salon.kiosk.engine.visit_tokens import begin, token_of, visit_of
from salon.kiosk.rules import NotARespelling, check_is_a_respelling
from tests.refusals import Refusal, check_refusal

RESPELT = [
    (("Marie-Hélène", "Bénézech"), ("Marie Hélène", "BENEZECH"), "accents, capitals, hyphens"),
    (("Marie-Hélène", "Bénézech"), ("Marie-Hélene", "Bénèzeck"), "a wrong letter"),
    (("Marie-Hélène", "Bénézech"), ("Marie-Hélène", "Bénzéehc"), "two pairs exchanged"),
    (("Bénézech", "Marie-Hélène"), ("Marie-Hélène", "Bénézech"), "in each other’s field"),
    (("Léa", "Roux"), ("Lea", "Rous"), "short names"),
]
OTHERS = [
    (("Marie-Hélène", "Bénézech"), ("Paul", "Bénézech"), "her husband"),
    (("Marie-Hélène", "Bénézech"), ("Marie-Hélène", "Roquefeuil"), "another family"),
    (("Marie-Hélène", "Bénézech"), ("Hélène", "Bénézech"), "her sister"),
    (("Léa", "Roux"), ("Mia", "Roux"), "a short first name"),
    (("Léa", "Roux"), ("Lia", "Roux"), "one letter of three"),
    (("Léa", "Roux"), ("Léna", "Roux"), "one letter more than three"),
    (("Jean", "Martin"), ("Marc", "Martin"), "half of the letters"),
    (("Jean", "Martin"), ("", "Martin"), "no first name"),
]


@pytest.mark.parametrize(("former", "typed", "why"), RESPELT)
def test_a_name_is_respelt(former: tuple[str, str], typed: tuple[str, str], why: str) -> None:
    check_is_a_respelling(former, typed)


@pytest.mark.parametrize(("former", "typed", "why"), OTHERS)
def test_a_badge_is_not_given_to_somebody_else(
    former: tuple[str, str], typed: tuple[str, str], why: str
) -> None:
    with pytest.raises(NotARespelling):
        check_is_a_respelling(former, typed)


NOON = datetime(2026, 10, 1, 10, tzinfo=UTC)
TWO_MINUTES, HALF_HOUR = timedelta(minutes=2), timedelta(minutes=30)
SECOND = timedelta(seconds=1)
KEYS = ["secret"]
TOKEN = token_of(begin(1, 2, NOON), NOON, KEYS)
RENEWED = token_of(begin(1, 2, NOON), NOON + HALF_HOUR, KEYS)
REFUSALS: list[Refusal] = [
    *(
        (rules.VisitOver, visit_of, refused, allowed)
        for refused, allowed in (
            ((TOKEN, 3, NOON, KEYS), (TOKEN, 1, NOON, KEYS)),
            ((TOKEN, 1, NOON, ["other"]), (TOKEN, 1, NOON, ["other", *KEYS])),
            (("é", 1, NOON, KEYS), (TOKEN, 1, NOON, KEYS)),
            ((TOKEN, 1, NOON + TWO_MINUTES + SECOND, KEYS), (TOKEN, 1, NOON + TWO_MINUTES, KEYS)),
            ((RENEWED, 1, NOON + HALF_HOUR + SECOND, KEYS), (RENEWED, 1, NOON + HALF_HOUR, KEYS)),
        )
    ),
    (rules.BadgeNoLongerValid, rules.check_badge_is_valid, (False,), (True,)),
    (rules.AlreadyRespelt, rules.check_is_the_first_respelling, (1,), (0,)),
    (rules.RegisterAtTheDesk, rules.check_is_new, (0,), (1,)),
    (rules.JobDiffers, rules.check_same_job, (1, 2), (1, 1)),
    (rules.TakenElsewhere, rules.check_holds_job, (None, 1), (1, 1)),
]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_what_a_kiosk_does_not_do_is_refused(refusal: Refusal) -> None:
    check_refusal(refusal)
