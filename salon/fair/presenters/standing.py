"""Sentences that explain postponing, cancelling and reopening the fair."""

from collections.abc import Sequence

from salon.fair.models import Edition
from salon.fair.rules.standing import StandingAct
from salon.platform.database.consequences import Standing


def act_label(edition: Edition, act: StandingAct, former: Standing) -> str:
    """Return the name of an act; going back says where to. `former`: the standing it gives."""
    if act != StandingAct.REINSTATE:
        return act.label
    if former == Standing.POSTPONED:
        return "Rouvrir le salon, reporté à une date à venir"
    if edition.is_cancelled:
        return f"Rouvrir le salon : {edition.announced_days}"
    return f"Maintenir les jours annoncés : {edition.announced_days}"


def facts_of(act: StandingAct, former: Standing) -> Sequence[str]:
    """Return what the product will do, before the counts and the names."""
    if act == StandingAct.CANCEL:
        return CANCELLED
    if act == StandingAct.POSTPONE or former == Standing.POSTPONED:
        return POSTPONED
    return REINSTATED


POSTPONED = (
    "Chaque page publique dit que le salon est reporté, date à venir.",
    "Les inscriptions et les badges restent valables. On ne s’inscrit plus et on ne prend plus "
    "de rendez-vous tant qu’il n’y a pas de date ; les candidatures des exposants continuent.",
    "Les rendez-vous et les vacations sont gardés : provisoires dans les agendas, ils suivront "
    "la nouvelle date.",
    "Les rappels ne partent plus, sauf ceux des factures, qui restent dues.",
    "Pour donner une date : « Jours et heures ». Pour revenir en arrière : cette page.",
)
CANCELLED = (
    "Chaque page publique dit que le salon est annulé. Inscriptions, candidatures et rendez-vous "
    "sont fermés ; un badge n’ouvre plus l’entrée.",
    "Les rendez-vous et les vacations publiées sont annulés, aussi dans les agendas.",
    "Aucun rappel ne part plus, même pour une facture. Les avoirs à établir sont proposés à la "
    "page « Facturation » : aucun ne part sans vous.",
    "Pour revenir en arrière : « Rouvrir le salon », à cette page.",
)
REINSTATED = (
    "Les pages publiques, les inscriptions, les candidatures et les rendez-vous reprennent.",
    "Ce qui était annulé a lieu de nouveau, et les agendas suivent. Les courriels qui n’étaient "
    "pas encore partis ne partent pas.",
    "Un avoir déjà établi le reste : la facture est à établir de nouveau.",
)
