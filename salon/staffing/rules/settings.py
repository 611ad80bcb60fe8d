"""Rules about the settings of the rota."""

from collections.abc import Mapping

from salon.platform.words.errors import BadInput
from salon.staffing.engine.solving.problem import LONGEST_LEAST, RULE_KEYS

HEAVIEST = 1_000


class UnknownWeight(BadInput):
    message = f"Un poids est un nombre entier de 0 à {HEAVIEST}."


class UnknownStintLength(BadInput):
    message = "La vacation la plus courte dure de 30\u00a0min à 2\u00a0h."


def check_least_stint(half_hours: int) -> None:
    """Check that the shortest stint lasts 30 min to 2 h. Raises UnknownStintLength."""
    if not 1 <= half_hours <= LONGEST_LEAST:
        raise UnknownStintLength


def check_weights(weights: Mapping[str, int]) -> None:
    """Check that each weight is that of a rule, from 0 to HEAVIEST. Raises UnknownWeight."""
    for key, weight in weights.items():
        if key not in RULE_KEYS or not 0 <= weight <= HEAVIEST:
            raise UnknownWeight
