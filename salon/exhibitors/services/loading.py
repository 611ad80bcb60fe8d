"""Load the exhibitors' terms of an edition from its folder."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from salon.exhibitors.actions import ExhibitorAction
from salon.exhibitors.models import AddedTask, AnswerKind, ExhibitorTerms, Task, VatRegime
from salon.exhibitors.models.terms import LONGEST_PAYMENT_DAYS
from salon.exhibitors.rules.terms import check_fees_grow
from salon.exhibitors.services.prices import HEADS, load_prices
from salon.fair.imports.seed_tables import (
    NBSP,
    FileNotUnderstood,
    read_table,
    read_toml,
    typeset,
    value_of,
)
from salon.fair.models import StandCategory
from salon.fair.services.acts import FairAct
from salon.platform.database.db import violation_as
from salon.platform.database.journal import write_entry
from salon.platform.settings.clock import current_zone, in_zone
from salon.platform.words.errors import RuleBroken

TERMS = "exhibitors.toml"
PRICES = "prices.csv"
Key = TypeVar("Key")

TASK_KEYS = {
    "presentation": Task.PROFILE,
    "logo": Task.LOGO,
    "accord_reglement": Task.REGULATIONS,
    "contrat": Task.CONTRACT,
    "assurance": Task.INSURANCE,
    "securite": Task.SAFETY,
    "equipe": Task.STAFF,
    "reglement": Task.INVOICE,
}
REGIME = "regime_tva"
"""A key that a file may lack: the VAT number then says the regime."""
SELLER_KEYS = {
    "nom": "name",
    "adresse": "address",
    "code_postal": "postal_code",
    "ville": "city",
    "siret": "siret",
    "tva": "vat_number",
    REGIME: "vat_regime",
    "iban": "iban",
    "bic": "bic",
}
ADDED_SELLER_KEYS = {  # a folder of before says nothing of them
    "forme_juridique": "legal_form",
    "rcs": "rcs_city",
    "rna": "rna",
    "tva_sur_debits": "vat_on_debits",
    "compte_clients": "account_customers",
    "compte_ventes": "account_sales",
    "compte_acomptes": "account_deposits",
    "compte_tva": "account_vat",
    "compte_banque": "account_bank",
}
ANSWER_WORDS = {
    AnswerKind.TICK: "case",
    AnswerKind.TEXT: "texte",
    AnswerKind.DOCUMENT: "document",
}
CATEGORY_WORDS: dict[StandCategory | None, str] = {
    None: "tous",
    StandCategory.STANDARD: "standard",
    StandCategory.PREMIUM: "premium",
    StandCategory.BARE: "nu",
}


class TermsAlreadyLoaded(RuleBroken):
    message = "Les conditions des exposants de cette édition sont déjà chargées."


def load_terms(act: FairAct, folder: Path) -> ExhibitorTerms | None:
    """Write the terms and the price list of an edition, all or nothing.

    Returns None when the folder has no exhibitors.toml: an edition may be shown without
    applications. Raises FileNotUnderstood, TermsAlreadyLoaded.
    """
    if not check_terms(folder):
        return None
    with in_zone(act.edition.time_zone):
        terms = _read_terms(folder / TERMS)
    terms.edition_id = act.edition.id
    unique = "uq_exhibitor_terms_edition_id", "exhibitor_terms.edition_id"
    with violation_as(TermsAlreadyLoaded, *unique), act.transaction() as session:
        session.add(terms)
        session.flush()
        load_prices(session, act.edition, folder / PRICES)
        write_entry(
            session, act.actor, ExhibitorAction.EXHIBITOR_TERMS_LOADED, f"edition:{act.edition.id}"
        )
    return terms


def check_terms(folder: Path) -> bool:
    """Return whether a folder has terms; check that they can be read, with their prices.

    Called before an edition is loaded, so that a typing error leaves nothing behind. Raises
    FileNotUnderstood.
    """
    if not (folder / TERMS).exists():
        return False
    _read_terms(folder / TERMS)
    read_table(folder / PRICES, *HEADS)
    return True


def _read_terms(path: Path) -> ExhibitorTerms:
    content = read_toml(path)
    applications = value_of(path, content, "candidatures", dict)
    badges = value_of(path, content, "badges", dict)
    on_site = value_of(path, content, "sur_place", dict)
    seller = {REGIME: "", **value_of(path, content, "vendeur", dict)}
    if seller[REGIME] not in ("", *VatRegime):
        raise FileNotUnderstood(path, f"le régime de TVA est l’un de {', '.join(VatRegime)}.")
    opens_at = _moment(value_of(path, applications, "ouvrent", datetime))
    closes_at = _moment(value_of(path, applications, "ferment", datetime))
    if closes_at <= opens_at:
        raise FileNotUnderstood(path, "les candidatures ferment avant d’ouvrir.")
    minimum = _count(path, applications, "surface_minimale")
    maximum = _count(path, applications, "surface_maximale")
    if maximum < minimum:
        raise FileNotUnderstood(path, "la surface maximale est plus petite que la minimale.")
    payment_days = _count(path, applications, "jours_pour_payer")
    if payment_days > LONGEST_PAYMENT_DAYS:
        raise FileNotUnderstood(
            path, f"une facture se paie en {LONGEST_PAYMENT_DAYS} jours au plus (C. com., L441-10)."
        )
    return ExhibitorTerms(
        applications_open_at=opens_at,
        applications_close_at=closes_at,
        answer_by_on=_day(path, applications, "reponse_le"),
        minimum_area=minimum,
        maximum_area=maximum,
        offer_days=_count(path, applications, "jours_pour_repondre"),
        payment_days=payment_days,
        deposit_percent=_percent(path, applications),
        deposit_due_on=_day(path, applications, "acompte_le")
        if "acompte_le" in applications
        else None,
        cancellation_fees=_cancellation_fees(path, applications),
        badges_base=_count(path, badges, "compris"),
        badges_base_area=_count(path, badges, "surface"),
        badges_area_step=_count(path, badges, "tranche"),
        deadlines=_read_deadlines(path, value_of(path, content, "echeances", dict)),
        set_up=value_of(path, on_site, "montage", str),
        dismantling=value_of(path, on_site, "demontage", str),
        to_bring=[typeset(str(item)) for item in value_of(path, on_site, "a_apporter", list)],
        guide=_read_sections(path, content.get("guide", [])),
        regulations=_read_sections(path, content.get("reglement", [])),
        regulations_dated_on=(
            _day(path, applications, "reglement_du") if content.get("reglement") else None
        ),
        seller={
            **{name: value_of(path, seller, key, str) for key, name in SELLER_KEYS.items()},
            **{
                name: value_of(path, seller, key, str)
                for key, name in ADDED_SELLER_KEYS.items()
                if key in seller
            },
        },
        added_tasks=[
            AddedTask(
                title=value_of(path, entry, "titre", str),
                explanation=value_of(path, entry, "explication", str),
                due_on=_day(path, entry, "echeance"),
                stand_category=_key_of(path, entry, "stands", CATEGORY_WORDS),
                expects=_key_of(path, entry, "attend", ANSWER_WORDS),
                is_withdrawn=value_of(path, {"retiree": False, **entry}, "retiree", bool),
                rank=rank,
            )
            for rank, entry in enumerate(content.get("taches", []))
        ],
    )


def _key_of(path: Path, entry: dict[str, object], name: str, words: Mapping[Key, str]) -> Key:
    """Return what a word of the file stands for."""
    word = value_of(path, entry, name, str)
    for key, own_word in words.items():
        if own_word == word:
            return key
    choices = " ou ".join(words.values())
    raise FileNotUnderstood(path, f"«{NBSP}{name}{NBSP}» attend {choices}.")


def _read_sections(path: Path, sections: list[dict[str, object]]) -> list[dict[str, str]]:
    return [
        {
            "title": value_of(path, section, "titre", str),
            "text": value_of(path, section, "texte", str),
        }
        for section in sections
    ]


def _read_deadlines(path: Path, deadlines: dict[str, object]) -> dict[str, str]:
    """Return an ISO date by task; a task left out has no deadline."""
    if unknown := sorted(set(deadlines) - set(TASK_KEYS)):
        raise FileNotUnderstood(path, f"l’échéance «{NBSP}{unknown[0]}{NBSP}» n’existe pas.")
    return {TASK_KEYS[key].value: _day(path, deadlines, key).isoformat() for key in deadlines}


def _count(path: Path, table: dict[str, object], key: str) -> int:
    """Return a whole number above zero."""
    number = table.get(key)
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise FileNotUnderstood(
            path, f"il manque «{NBSP}{key}{NBSP}» (un nombre entier, au moins 1)."
        )
    return number


def _percent(path: Path, table: dict[str, object]) -> int:
    """Return the share of a deposit, 0 where a folder says nothing of it."""
    percent = value_of(path, {"acompte": 0, **table}, "acompte", int)
    if not 0 <= percent < 100:
        raise FileNotUnderstood(path, "un acompte va de 0 à 99 %.")
    return int(percent)


def _cancellation_fees(path: Path, table: dict[str, object]) -> list[list[int]]:
    """Return the steps of the fees, none where a folder says nothing of them."""
    steps = value_of(path, {"desistement": [], **table}, "desistement", list)
    for step in steps:
        if not (isinstance(step, list) and [type(part) for part in step] == [int, int]):
            raise FileNotUnderstood(path, "un palier de « desistement » est [jours, pour cent].")
    check_fees_grow(steps)
    return list(steps)


def _day(path: Path, table: dict[str, object], key: str) -> date:
    """Return a day; of a datetime, its day."""
    value = value_of(path, table, key, date)
    return value.date() if isinstance(value, datetime) else value


def _moment(read: datetime) -> datetime:
    """Return a datetime, in Europe/Paris unless it has an offset."""
    return read if read.tzinfo else read.replace(tzinfo=current_zone())
