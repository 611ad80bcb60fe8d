"""Sentences of the page of the editions: their states, and each act before it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from salon.fair.models import Edition, EditionState
from salon.fair.rules.lifecycle import EditionAct, acts_on, state_once_replaced

MEANINGS = {
    EditionState.DRAFT: (
        "Elle se prépare : le public ne la voit pas. Les pages publiques s’ouvrent en aperçu, pour "
        "les organisateurs et les agents connectés."
    ),
    EditionState.OPEN: "C’est celle que le public voit : inscriptions, catalogue, rendez-vous.",
    EditionState.HELD: (
        "Le salon a eu lieu. Factures, avoirs, paiements, relances, espaces des exposants, suivi "
        "des rendez-vous et papiers continuent."
    ),
    EditionState.CLOSED: (
        "Tout s’y lit, rien n’y change. Les durées de conservation des données continuent."
    ),
}
STATE_KINDS = {
    EditionState.DRAFT: "warning",
    EditionState.OPEN: "ok",
    EditionState.HELD: "info",
    EditionState.CLOSED: "neutral",
}


@dataclass(frozen=True)
class EditionLine:
    edition: Edition
    meaning: str
    acts: Sequence[EditionAct]


def edition_lines(editions: Sequence[Edition], now: datetime) -> list[EditionLine]:
    """Return the lines of the page, in the order of the editions."""
    return [_line(edition, now) for edition in editions]


def _line(edition: Edition, now: datetime) -> EditionLine:
    meaning = MEANINGS[edition.state]
    if edition.state == EditionState.HELD and edition.is_current:
        meaning += " Le public la voit encore, jusqu’à l’ouverture d’une autre."
    return EditionLine(edition, meaning, acts_on(edition, now))


def consequences_of(
    edition: Edition, act: EditionAct, public: Edition | None, now: datetime
) -> list[str]:
    """Return what an act changes, one sentence for each thing, before it is done."""
    match act:
        case EditionAct.OPEN:
            return _consequences_of_opening(edition, public, now)
        case EditionAct.WITHDRAW:
            return [
                "Le public ne voit plus cette édition ; l’accueil du site dit qu’aucun salon n’est "
                "annoncé.",
                "Les badges, les espaces des exposants et les liens déjà envoyés restent valables.",
                "Pour revenir en arrière : « Ouvrir au public ».",
            ]
        case EditionAct.HOLD:
            return [
                "Le public voit encore cette édition, jusqu’à l’ouverture d’une autre.",
                "Factures, relances, suivi des rendez-vous et papiers continuent.",
                "Pour revenir en arrière : « Ouvrir au public ».",
            ]
        case EditionAct.CLOSE:
            return [
                "Plus rien ne change dans cette édition : ni facture, ni paiement, ni compte "
                "rendu.",
                "Les relances et les autres tâches automatiques s’arrêtent.",
                "Pages, fichiers et documents se lisent toujours ; l’effacement des données "
                "personnelles continue.",
                "Pour revenir en arrière : « Rouvrir pour corriger ».",
            ]
        case EditionAct.REOPEN:
            return [
                "L’édition redevient « tenue » : elle se corrige, et ses relances reprennent.",
                "Pour revenir en arrière : « Clôturer ».",
            ]


def _consequences_of_opening(edition: Edition, public: Edition | None, now: datetime) -> list[str]:
    sentences = [
        f"Le public voit cette édition ({edition.day_label}) à l’adresse du site.",
    ]
    if public is not None and public is not edition:
        former = f"« {public.name} » ({public.day_label})"
        if state_once_replaced(public, now) == EditionState.HELD:
            sentences += [
                f"{former} passe à l’état « tenue » : ses factures, relances, espaces et papiers "
                "continuent ; le public en voit la page d’archives.",
            ]
        else:
            sentences += [
                f"{former} n’a pas encore eu lieu : elle redevient un brouillon, que le public ne "
                "voit plus. Ses badges et ses liens déjà envoyés restent valables.",
            ]
        sentences += [
            "Les stations d’entrée sans édition propre contrôlent les badges de la nouvelle : ceux "
            "de l’ancienne y sont refusés.",
            "Pour revenir en arrière : ouvrir de nouveau l’ancienne.",
        ]
    else:
        sentences += ["Pour revenir en arrière : « Retirer de la vue du public »."]
    return sentences
