"""Respellings that a kiosk accepts as the same name."""

import pytest

from salon.kiosk.rules import NotARespelling, check_is_a_respelling

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
