"""Judge the safety answers of a stand by the rules of exhibition halls (type T).

An aid to make up the file: it does not replace the *chargé de sécurité*. Source: arrêté du 25 juin
1980, chapter on type T (arrêté du 18 novembre 1987), articles T 2 to T 46. Each rule names its
article; T 8 only says whose duty it is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from salon.platform.words.labels import LabelledEnum
from salon.safety.engine.questions import Answers

AID = "Aide à la constitution du dossier, ne remplace pas le chargé de sécurité."
TEXTS = "Arrêté du 25 juin 1980, établissements de type T (arrêté du 18 novembre 1987)"
COOKING_KW = 20
"""Cooking appliances of a stand stay below it (T 38-1)."""
HIGH_M = 3.0
"""Above it the organiser wants to see the plans; the height of stands is not in type T."""


class Verdict(LabelledEnum):
    """From the mildest to the gravest."""

    NOTHING = "nothing", "Rien à signaler"
    DECLARE = "declare", "Déclaration requise"
    ADVICE = "advice", "Avis du chargé de sécurité"
    FORBIDDEN = "forbidden", "Interdit"

    @property
    def gravity(self) -> int:
        return list(Verdict).index(self)


@dataclass(frozen=True)
class Finding:
    """Result of a rule on the answers."""

    verdict: Verdict
    text: str


@dataclass(frozen=True)
class Rule:
    """`check` gets the answers and the area in m²; it returns None when there is nothing to say."""

    label: str
    article: str
    check: Callable[[Answers, int], Finding | None]


@dataclass(frozen=True)
class JudgedFinding:
    """A finding with its rule; `reason`, `author` and `at`, when an organiser set it aside."""

    rule: str
    label: str
    article: str
    finding: Finding
    reason: str = ""
    author: str = ""
    at: datetime | None = None

    @property
    def verdict(self) -> Verdict:
        return Verdict.NOTHING if self.reason else self.finding.verdict


def _machines(answers: Answers, area: int) -> Finding | None:
    if answers.get("machines"):
        return Finding(
            Verdict.DECLARE,
            "Machine présentée en fonctionnement\u00a0: à déclarer à l’organisateur.",
        )
    return None


def _moving_parts(answers: Answers, area: int) -> Finding | None:
    if not answers.get("moving_parts"):
        return None
    if answers.get("moving_parts_kept_off") is False:
        return Finding(
            Verdict.FORBIDDEN,
            "Partie dangereuse à portée du public\u00a0: reculez-la à plus d’un mètre "
            "de l’allée, ou mettez un écran rigide.",
        )
    return Finding(
        Verdict.DECLARE, "Partie dangereuse tenue hors de portée\u00a0: à montrer au contrôle."
    )


def _vehicles(answers: Answers, area: int) -> Finding | None:
    if not answers.get("vehicles"):
        return None
    if answers.get("vehicles_running"):
        return Finding(
            Verdict.ADVICE, "Moteur en marche\u00a0: les gaz doivent être évacués hors de la salle."
        )
    if answers.get("vehicles_made_safe") is False:
        return Finding(
            Verdict.FORBIDDEN,
            "Réservoir à vider ou à fermer par un bouchon à clé, cosses de batterie à protéger.",
        )
    return Finding(Verdict.DECLARE, "Véhicule à l’arrêt, réservoir et batterie en sûreté.")


def _gas(answers: Answers, area: int) -> Finding | None:
    if answers.get("gas"):
        return Finding(
            Verdict.ADVICE,
            "Gaz sur le stand\u00a0: nombre et place des bouteilles à faire valider.",
        )
    return None


def _cooking(answers: Answers, area: int) -> Finding | None:
    if not answers.get("cooking"):
        return None
    power = answers.get("cooking_kw")
    if power is not None and power >= COOKING_KW:
        return Finding(
            Verdict.FORBIDDEN,
            f"Cuisson de {COOKING_KW} kW ou plus\u00a0: interdite sur un stand, sauf cuisine "
            "isolée ou module spécialisé.",
        )
    return Finding(
        Verdict.DECLARE,
        f"Cuisson de moins de {COOKING_KW} kW\u00a0: à 3 m au moins de celle d’un autre stand.",
    )


def _flames(answers: Answers, area: int) -> Finding | None:
    if answers.get("flames"):
        return Finding(
            Verdict.ADVICE,
            "Flamme, étincelles ou fumée\u00a0: démonstration à faire valider avant.",
        )
    return None


def _lasers(answers: Answers, area: int) -> Finding | None:
    if answers.get("lasers"):
        return Finding(
            Verdict.ADVICE,
            "Laser\u00a0: déclaration à l’autorité administrative, avec note technique, plan et "
            "attestation de l’installateur\u00a0; le public n’est jamais dans le faisceau.",
        )
    return None


def _rays(answers: Answers, area: int) -> Finding | None:
    if answers.get("rays"):
        return Finding(
            Verdict.ADVICE,
            "Source radioactive ou rayons X\u00a0: autorisation à demander d’avance.",
        )
    return None


def _banned(answers: Answers, area: int) -> Finding | None:
    if answers.get("banned"):
        return Finding(Verdict.FORBIDDEN, "Produit interdit dans une salle d’exposition.")
    return None


def _liquids(answers: Answers, area: int) -> Finding | None:
    if answers.get("liquids"):
        return Finding(
            Verdict.ADVICE,
            "Liquide inflammable\u00a0: la quantité par stand est limitée, à faire valider.",
        )
    return None


def _structure(answers: Answers, area: int) -> Finding | None:
    height = answers.get("height_m")
    features = [
        f"hauteur de {height:g} m".replace(".", ",") if height and height > HIGH_M else "",
        "stand couvert" if answers.get("covered") else "",
        "étage ou plancher où l’on monte" if answers.get("upper_floor") else "",
    ]
    summary = ", ".join(feature for feature in features if feature)
    if not summary:
        return None
    return Finding(
        Verdict.ADVICE,
        f"{summary[0].upper()}{summary[1:]} : plans cotés à soumettre avant le montage.",
    )


def _materials(answers: Answers, area: int) -> Finding | None:
    if not answers.get("materials"):
        return None
    if answers.get("materials_proven") is False:
        return Finding(
            Verdict.ADVICE, "Procès-verbaux de réaction au feu manquants pour vos matériaux."
        )
    return Finding(Verdict.DECLARE, "Procès-verbaux de réaction au feu à tenir sur le stand.")


def _electricity(answers: Answers, area: int) -> Finding | None:
    if answers.get("own_electricity"):
        return Finding(
            Verdict.DECLARE,
            "Installation de l’exposant en aval du coffret\u00a0: sous sa responsabilité.",
        )
    return None


def _people(answers: Answers, area: int) -> Finding | None:
    people = answers.get("people")
    if people is not None and area and people > area:
        return Finding(
            Verdict.ADVICE,
            f"{people:g} personnes pour {area} m²\u00a0: au-delà d’une personne par m².",
        )
    return None


RULES = {
    "machines": Rule("Machines en fonctionnement", "T 39", _machines),
    "moving_parts": Rule("Parties dangereuses", "T 40", _moving_parts),
    "vehicles": Rule("Véhicules et moteurs thermiques", "T 41", _vehicles),
    "gas": Rule("Gaz", "T 31", _gas),
    "cooking": Rule("Appareils de cuisson", "T 38-1", _cooking),
    "flames": Rule("Flammes et étincelles", "T 39", _flames),
    "lasers": Rule("Lasers", "T 44", _lasers),
    "rays": Rule("Substances radioactives, rayons X", "T 43", _rays),
    "banned": Rule("Matériaux, produits et gaz interdits", "T 45", _banned),
    "liquids": Rule("Liquides inflammables", "T 46", _liquids),
    "structure": Rule("Hauteur, couverture, étage", "T 8", _structure),
    "materials": Rule("Matériaux du décor", "T 8", _materials),
    "electricity": Rule("Installation électrique du stand", "T 32", _electricity),
    "people": Rule("Nombre de personnes", "T 2", _people),
}


def judge(
    answers: Answers, area: int, overrides: Mapping[str, Mapping[str, str]] | None = None
) -> list[JudgedFinding]:
    """Return the findings, gravest first; one set aside keeps its text and carries the reason."""
    overrides_by_rule = overrides or {}
    findings = []
    for key, rule in RULES.items():
        finding = rule.check(answers, area)
        if finding is not None:
            judged = JudgedFinding(key, rule.label, rule.article, finding)
            findings.append(
                _set_aside(judged, overrides_by_rule[key]) if key in overrides_by_rule else judged
            )
    return sorted(findings, key=lambda judged: -judged.finding.verdict.gravity)


def _set_aside(judged: JudgedFinding, override: Mapping[str, str]) -> JudgedFinding:
    at = override.get("at")
    return replace(
        judged,
        reason=override["reason"],
        author=override.get("by", ""),
        at=datetime.fromisoformat(at) if at else None,
    )


def gravest_verdict(findings: Sequence[JudgedFinding]) -> Verdict:
    """Return the verdict of a stand: the gravest finding that no organiser set aside."""
    return max(
        (judged.verdict for judged in findings),
        key=lambda verdict: verdict.gravity,
        default=Verdict.NOTHING,
    )
