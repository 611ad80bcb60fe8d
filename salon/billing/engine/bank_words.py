"""Words of a bank's label: references as people write them, names, mentions of a return. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from salon.billing.models import SalesDocument, SalesKind
from salon.platform.words.texts import folded

SAME_NAME = 88
SHORTEST_NAME = 5
LEAST_OF_NAME = 0.6
"""Likeness in percent; characters below which a name must be whole; part of a name that was cut."""
CUT_FROM = 6
"""Characters of a reference that a bank cut: « F-2027-0 »."""
LETTERS = {
    SalesKind.INVOICE: r"f|fa|fac|fact|factures?|inv|invoice",
    SalesKind.QUOTE: r"d|dev|devis",
    SalesKind.ORDER: r"c|bc|cde|commande",
}
RETURNS = re.compile(r"\b(?:impayes?|rejets?|rejetes?|rej|retour|retournes?|sans provision)\b")
LEGAL_FORMS = "sarl sas sasu sa eurl sci scop snc ei association asso ste societe ets m mme"
ARTICLES = "de du la le les des et d l en au aux"
BANK_WORDS = "vir virement virements recu sepa inst instantane faveur votre"
EMPTY_WORDS = frozenset(f"{LEGAL_FORMS} {ARTICLES} {BANK_WORDS}".split())


def is_written(document: SalesDocument, text: str) -> bool:
    """Return whether a text names a document: « F2027-0012 », « fact 2027 12 », « 2027-0012 »."""
    if document.kind not in LETTERS:
        return False
    year, number = document.reference.split("-")[-2:]
    digits = "".join(character for character in text if character in "123456789")
    if f"{year[-2:]}{number}".replace("0", "") not in digits:
        return False
    return bool(_written_as(document.kind, year, number).search(text))


@lru_cache(maxsize=4_096)
def _written_as(kind: SalesKind, year: str, number: str) -> re.Pattern[str]:
    """Return the ways to write a reference, a bank's blank inside the digits included."""

    def spaced(digits: str) -> str:
        return r"\s?".join(digits)

    short = rf"(?:0\s?)*{spaced(number.lstrip('0'))}"
    lettered = (
        rf"(?:^|[^a-z])(?:{LETTERS[kind]})\s?(?:n|no|num|numero|nr)?\s?(?:ref\s?)?"
        rf"(?:{spaced(year[:2])}\s?)?{spaced(year[2:])}\s?{short}(?![0-9])"
    )
    # Without its letter, only an invoice, with all its zeros.
    bare = rf"(?<![0-9]){spaced(year)}\s?{spaced(number)}(?![0-9])"
    return re.compile(rf"{lettered}|{bare}" if kind == SalesKind.INVOICE else lettered)


def cut_references(label: str, invoices: Iterable[SalesDocument]) -> list[SalesDocument]:
    """Return the invoices whose reference begins where a bank cut its label."""
    end = folded(label).replace(" ", "")

    def is_cut(invoice: SalesDocument) -> bool:
        key = folded(invoice.reference).replace(" ", "")
        return any(end.endswith(key[:length]) for length in range(CUT_FROM, len(key)))

    return [invoice for invoice in invoices if is_cut(invoice)]


def name_key(text: str) -> str:
    """Return the words of a name that tell it from another, folded."""
    return " ".join(word for word in folded(text).split() if word not in EMPTY_WORDS)


def named_in(texts: Iterable[str], names: Sequence[Sequence[str]]) -> set[int]:
    """Return the ranks of the names that a text holds, nearly as they are written.

    `names`: the keys of each, any of which names it. A short one must be whole words.
    """
    from rapidfuzz.fuzz import partial_ratio
    from rapidfuzz.process import extract

    keys = [(key, rank) for rank, of_rank in enumerate(names) for key in of_rank]
    long_keys = {at: key for at, (key, _) in enumerate(keys) if len(key) >= SHORTEST_NAME}
    scores: dict[int, float] = defaultdict(float)
    for text in filter(None, {name_key(text) for text in texts}):
        for key, rank in keys:
            if f" {key} " in f" {text} ":
                scores[rank] = 100
        if len(text) < SHORTEST_NAME:
            continue
        for key, score, at in extract(
            text, long_keys, scorer=partial_ratio, score_cutoff=SAME_NAME, limit=None
        ):
            if len(text) >= LEAST_OF_NAME * len(key):
                rank = keys[at][1]
                scores[rank] = max(scores[rank], score)
    best = max(scores.values(), default=0)
    return {rank for rank, score in scores.items() if score == best}
