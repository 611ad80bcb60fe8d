"""Questions of the safety form of a stand, and when it is complete."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

HIGHEST_M = 20.0

Answers = Mapping[str, Any]


class Kind(StrEnum):
    YES_NO = "yes_no"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True)
class SafetyQuestion:
    """`short` names it in the register; asked when `after` is answered « oui »."""

    key: str
    text: str
    short: str
    kind: Kind = Kind.YES_NO
    hint: str = ""
    after: str = ""
    unit: str = ""
    most: float = 0


QUESTIONS = (
    SafetyQuestion(
        "machines",
        "Une machine ou un appareil fonctionne-t-il sur votre stand\u00a0?",
        "machine en fonctionnement",
        hint="Un ordinateur, un écran ou une lampe ne comptent pas.",
    ),
    SafetyQuestion(
        "machines_which", "Laquelle, et comment\u00a0?", "laquelle", Kind.TEXT, after="machines"
    ),
    SafetyQuestion(
        "moving_parts",
        "Exposez-vous une machine, même à l’arrêt, dont une partie est dangereuse\u00a0?",
        "partie dangereuse",
        hint="Lame, pièce en mouvement, surface chaude, pointe ou tranchant.",
    ),
    SafetyQuestion(
        "moving_parts_kept_off",
        "Cette partie est-elle à plus d’un mètre de l’allée, ou derrière un écran rigide\u00a0?",
        "hors de portée",
        after="moving_parts",
    ),
    SafetyQuestion(
        "vehicles",
        "Exposez-vous un véhicule ou un engin à moteur thermique\u00a0?",
        "véhicule ou engin",
    ),
    SafetyQuestion(
        "vehicles_running",
        "Son moteur tournera-t-il dans le hall\u00a0?",
        "moteur en marche",
        after="vehicles",
    ),
    SafetyQuestion(
        "vehicles_made_safe",
        "Son réservoir est-il vidé ou fermé à clé, et sa batterie hors d’atteinte\u00a0?",
        "réservoir et batterie en sûreté",
        after="vehicles",
    ),
    SafetyQuestion("gas", "Utilisez-vous du gaz, en bouteille ou par une arrivée\u00a0?", "gaz"),
    SafetyQuestion(
        "gas_which", "Quel gaz, combien de bouteilles\u00a0?", "lequel", Kind.TEXT, after="gas"
    ),
    SafetyQuestion("cooking", "Cuisez-vous ou réchauffez-vous de la nourriture\u00a0?", "cuisson"),
    SafetyQuestion(
        "cooking_kw",
        "Puissance totale de vos appareils de cuisson",
        "puissance de cuisson",
        Kind.NUMBER,
        after="cooking",
        unit="kW",
        most=500,
    ),
    SafetyQuestion(
        "flames",
        "Y a-t-il une flamme, des étincelles ou de la fumée\u00a0?",
        "flamme, étincelles ou fumée",
        hint="Bougies comprises.",
    ),
    SafetyQuestion(
        "lasers",
        "Utilisez-vous un laser\u00a0?",
        "laser",
        hint="Un pointeur de salle ne compte pas.",
    ),
    SafetyQuestion(
        "rays",
        "Exposez-vous une source radioactive ou un appareil à rayons X\u00a0?",
        "source radioactive ou rayons X",
    ),
    SafetyQuestion(
        "banned",
        "Apportez-vous l’un de ces produits\u00a0?",
        "produit interdit",
        hint="Ballons ou échantillons contenant un gaz inflammable, celluloïd, pièces d’artifice, "
        "explosifs, éther, acétone, sulfure de carbone.",
    ),
    SafetyQuestion(
        "liquids",
        "Apportez-vous un autre liquide inflammable\u00a0?",
        "liquide inflammable",
        hint="Carburant, solvant…",
    ),
    SafetyQuestion(
        "liquids_litres",
        "Combien en tout",
        "quantité",
        Kind.NUMBER,
        after="liquids",
        unit="litres",
        most=10_000,
    ),
    SafetyQuestion(
        "height_m",
        "Hauteur du point le plus haut de votre stand",
        "hauteur",
        Kind.NUMBER,
        hint="Les cloisons d’un stand équipé font 2,50\u00a0m.",
        unit="m",
        most=HIGHEST_M,
    ),
    SafetyQuestion(
        "covered",
        "Votre stand est-il couvert\u00a0?",
        "stand couvert",
        hint="Plafond, faux plafond, vélum.",
    ),
    SafetyQuestion(
        "upper_floor", "A-t-il un étage ou un plancher où l’on monte\u00a0?", "étage ou plancher"
    ),
    SafetyQuestion(
        "materials",
        "Apportez-vous vos propres cloisons, tentures, plafonds ou revêtements de sol\u00a0?",
        "décor apporté",
    ),
    SafetyQuestion(
        "materials_proven",
        "Avez-vous les procès-verbaux de leur réaction au feu (M0 à M4, ou Euroclasses)\u00a0?",
        "procès-verbaux de réaction au feu",
        after="materials",
    ),
    SafetyQuestion(
        "own_electricity",
        "Installez-vous une partie électrique vous-même, en aval du coffret livré\u00a0?",
        "installation électrique propre",
        hint="Brancher une multiprise ne compte pas.",
    ),
    SafetyQuestion(
        "people",
        "Combien de personnes au plus en même temps sur le stand, équipe comprise\u00a0?",
        "personnes au plus",
        Kind.NUMBER,
        unit="personnes",
        most=1_000,
    ),
)


SECTIONS = {
    "machines": "Machines et véhicules",
    "gas": "Gaz, feu et produits",
    "height_m": "Construction et décor",
    "own_electricity": "Électricité et public",
}
"""The first question of each part of the form, and its title."""


def sections() -> list[tuple[str, list[SafetyQuestion]]]:
    """Return the questions by part, in order."""
    parts: list[tuple[str, list[SafetyQuestion]]] = []
    for question in QUESTIONS:
        if question.key in SECTIONS:
            parts.append((SECTIONS[question.key], []))
        parts[-1][1].append(question)
    return parts


def applicable_questions(answers: Answers) -> list[SafetyQuestion]:
    """Return the questions that apply given these answers, in order."""
    return [
        question
        for question in QUESTIONS
        if not question.after or answers.get(question.after) is True
    ]


def unanswered(answers: Answers) -> list[SafetyQuestion]:
    """Return the questions that apply and have no answer yet."""
    return [
        question
        for question in applicable_questions(answers)
        if answers.get(question.key) in (None, "")
    ]


def is_complete(answers: Answers) -> bool:
    return not unanswered(answers)


def applicable_answers(answers: Answers) -> dict[str, object]:
    """Return the answers to questions that apply; those under a « non » are dropped."""
    asked_keys = {question.key for question in applicable_questions(answers)}
    return {
        key: value
        for key, value in answers.items()
        if key in asked_keys and value not in (None, "")
    }


def answer_text(question: SafetyQuestion, answers: Answers) -> str:
    """Return an answer in French; "" when there is none."""
    value = answers.get(question.key)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, int | float):
        return f"{value:g} {question.unit}".replace(".", ",").strip()
    return str(value)
