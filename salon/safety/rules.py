"""Rules for answering the safety form of a stand and for setting a finding aside."""

from datetime import datetime

from salon.platform.words.errors import BadInput, RuleBroken
from salon.safety.engine.assessment import RULES, JudgedFinding


class NoStandToMakeSafe(RuleBroken):
    message = "Un pavillon n’a pas de stand à lui : chaque membre remplit sa propre fiche."


class FairHasBegun(RuleBroken):
    message = (
        "Le salon est ouvert : la fiche ne se modifie plus. "
        "Signalez tout changement à l’organisation, à l’accueil des exposants."
    )


class RuleUnknown(BadInput):
    message = "Cette règle n’existe pas."


class NothingToSetAside(RuleBroken):
    message = "Les réponses ont changé : cette règle ne demande plus rien pour ce stand."


class ReasonOfOverrideMissing(BadInput):
    message = "Écrivez pourquoi cette règle est levée : le chargé de sécurité lira cette phrase."


def check_has_a_stand(is_pavilion: bool) -> None:
    if is_pavilion:
        raise NoStandToMakeSafe


def check_fair_has_not_begun(now: datetime, opens_at: datetime) -> None:
    """Answers are frozen once the *chargé de sécurité* has seen the stands."""
    if now >= opens_at:
        raise FairHasBegun


def check_override(rule: str, reason: str, findings: list[JudgedFinding]) -> None:
    """The rule exists and has a finding now; it is set aside with a reason."""
    if rule not in RULES:
        raise RuleUnknown
    if not reason.strip():
        raise ReasonOfOverrideMissing
    if all(judged.rule != rule for judged in findings):
        raise NothingToSetAside
