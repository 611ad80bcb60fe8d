"""Files of the exhibitors' terms in an edition's folder; `services.loading` reads them."""

from datetime import date
from pathlib import Path

from salon.exhibitors.models import ExhibitorTerms
from salon.exhibitors.queries.exhibitors import find_terms
from salon.exhibitors.services.loading import (
    ADDED_SELLER_KEYS,
    ANSWER_WORDS,
    CATEGORY_WORDS,
    SELLER_KEYS,
    TASK_KEYS,
    TERMS,
)
from salon.fair.documents.edition_files import sections, write_toml
from salon.fair.models import Edition


def write_exhibitors(edition: Edition, folder: Path) -> None:
    """Write the terms; nothing where none are set."""
    if (terms := find_terms(edition)) is not None:
        write_toml(folder / TERMS, _terms_values(terms))


def _terms_values(terms: ExhibitorTerms) -> dict[str, object]:
    return {
        "candidatures": {
            "ouvrent": terms.applications_open_at,
            "ferment": terms.applications_close_at,
            "reponse_le": terms.answer_by_on,
            "reglement_du": terms.regulations_dated_on,
            "surface_minimale": terms.minimum_area,
            "surface_maximale": terms.maximum_area,
            "jours_pour_repondre": terms.offer_days,
            "jours_pour_payer": terms.payment_days,
            "acompte": terms.deposit_percent,
            "acompte_le": terms.deposit_due_on,
            "desistement": terms.cancellation_fees,
        },
        "badges": {
            "compris": terms.badges_base,
            "surface": terms.badges_base_area,
            "tranche": terms.badges_area_step,
        },
        "echeances": {
            key: date.fromisoformat(terms.deadlines[task])
            for key, task in TASK_KEYS.items()
            if terms.deadlines.get(task)
        },
        "sur_place": {
            "montage": terms.set_up,
            "demontage": terms.dismantling,
            "a_apporter": terms.to_bring,
        },
        "vendeur": {
            key: terms.seller.get(column, "")
            for key, column in (SELLER_KEYS | ADDED_SELLER_KEYS).items()
        },
        "guide": sections(terms.guide),
        "reglement": sections(terms.regulations),
        "taches": [
            {
                "titre": task.title,
                "explication": task.explanation,
                "echeance": task.due_on,
                "stands": CATEGORY_WORDS[task.stand_category],
                "attend": ANSWER_WORDS[task.expects],
                "retiree": task.is_withdrawn,
            }
            for task in sorted(terms.added_tasks, key=lambda task: task.is_withdrawn)
        ],
    }
