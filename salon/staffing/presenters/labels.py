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

ACTIONS = {
    "account.moved": "Adresse d’un compte changée",
    "agent.calendar_renewed": "Adresse d’agenda d’un agent renouvelée",
    "agent.changed": "Agent modifié",
    "agent.named": "Agent nommé",
    "agent.next_edition_agreed": "Accord d’un agent pour l’édition suivante",
    "agent.next_edition_refused": "Accord d’un agent pour l’édition suivante retiré",
    "agent.merged": "Fiches d’un même agent réunies",
    "agent.separated": "Réunion de fiches d’agent défaite",
    "agent.told_apart": "Deux fiches dites de deux agents",
    "agent.compared_again": "Deux fiches d’agent de nouveau comparées",
    "agent.removed": "Agent retiré de la liste",
    "agent.restored": "Agent remis sur la liste",
    "agent.wishes_said": "Souhaits dits par un agent",
    "agents.exported": "Export des agents",
    "agents.imported": "Import d’une liste d’agents",
    "agents.taken_over": "Agents repris de l’édition d’avant",
    "exchange.accepted": "Échange de vacations accepté",
    "exchange.overtaken": "Échange de vacations devenu impossible",
    "exchange.refused": "Échange de vacations refusé",
    "exchange.withdrawn": "Échange de vacations retiré",
    "exchange.asked": "Échange de vacations demandé",
    "needs.raised": "Besoins d’un stand relevés d’après l’édition d’avant",
    "needs.set": "Besoins d’un stand dits",
    "rota.published": "Planning publié",
    "rota.reinforced": "Renfort envoyé sur un stand",
    "rota.limits_published": "Planning publié au-delà d’une limite du temps de travail",
    "rota.limits_set": "Limites du temps de travail d’un organisme",
    "rota.limits_passed": "Limite du temps de travail dépassée au brouillon",
    "rota.remedy_applied": "Remède à un manque appliqué",
    "rota.remedy_undone": "Remède à un manque annulé",
    "rota.row_set": "Ligne du planning changée",
    "rota.run_accepted": "Planning proposé accepté",
    "rota.run_asked": "Calcul d’un planning demandé",
    "rota.run_discarded": "Planning proposé écarté",
    "rota.run_failed": "Calcul d’un planning interrompu",
    "rota.run_stopped": "Calcul d’un planning arrêté",
    "rota.settings_changed": "Réglages du planning changés",
    "shift.absent": "Agent noté absent",
    "shift.arrived": "Arrivée d’un agent notée",
    "shift.mark_undone": "Présence d’un agent corrigée",
    "stand_in.asked": "Remplacement proposé à un agent",
    "stand_in.closed": "Remplacement clos",
    "stand_in.declined": "Remplacement refusé par un agent",
    "stand_in.escalated": "Remplacement porté à la coordination",
    "stand_in.hastened": "Remplacement proposé sans attendre",
    "stand_in.opened": "Remplacement demandé",
    "stand_in.taken": "Remplacement trouvé",
    "stand_in.withdrawn": "Demande de remplacement retirée",
}
"""Labels of the journal's actions."""
