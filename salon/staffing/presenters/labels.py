"""French words of the rota's rules."""

from collections.abc import Mapping
from typing import NamedTuple

from salon.fair.models import PartnerBody
from salon.platform.settings.clock import Timed, local
from salon.platform.words.formats import day, hour


def when_words(span: Timed, has_days: bool) -> str:
    """Return « 9 h – 11 h », with the day where the fair has several."""
    words = f"{hour(span.starts_at)} – {hour(span.ends_at)}"
    return f"{day(local(span.starts_at).date())}, {words}" if has_days else words


def where_words(bodies: Mapping[int, PartnerBody], stand_id: int) -> str:
    """Return « Habitat (hall 3, stand 66) », « un stand retiré » for one without a body."""
    body = bodies.get(stand_id)
    if body is None:
        return "un stand retiré"
    return f"{body.short_name} (hall {body.stand.hall.name}, stand {body.stand.number})"


class RuleWords(NamedTuple):
    """`name`: the rule; `unit`: the unit counted at each breach."""

    name: str
    unit: str


RULES = {
    "unwished": RuleWords(
        "Le nombre souhaité sur chaque stand", "par agent manquant et demi-heure"
    ),
    "uneven": RuleWords(
        "Une charge égale", "par demi-heure au-delà d’une demi-heure d’écart à sa part"
    ),
    "stint": RuleWords("Peu de changements de stand", "par passage sur un stand"),
    "short": RuleWords(
        "Des vacations assez longues", "par demi-heure qui manque à la vacation la plus courte"
    ),
    "long": RuleWords("Deux heures de suite au plus", "par demi-heure au-delà de 2\u00a0h"),
    "lunch": RuleWords(
        "Une heure pour déjeuner entre 11\u00a0h\u00a030 et 14\u00a0h\u00a030",
        "par agent qui n’en a pas",
    ),
    "walking": RuleWords("Le temps d’aller d’un hall à l’autre", "par minute de marche sans pause"),
    "avoided": RuleWords("Les heures que l’agent préfère éviter", "par demi-heure"),
    "elsewhere": RuleWords("Le stand que l’agent préfère", "par demi-heure ailleurs"),
    "changed": RuleWords("Peu de changements du brouillon", "par demi-heure changée"),
}
"""By the names of `solving.problem.Weights`."""
