"""How people are called: civility, agreement, salutation, and what stands around a name."""

import re

from salon.platform.words.labels import LabelledEnum
from salon.platform.words.texts import clean_name, folded, person_name


class Civility(LabelledEnum):
    """Civility of a person; "" where nobody gave it: every text is then neutral."""

    MADAME = "madame", "Madame"
    MONSIEUR = "monsieur", "Monsieur"


CIVILITY_WORDS = {
    **dict.fromkeys(("madame", "mme", "mdme", "mlle", "mademoiselle", "f", "femme"), "madame"),
    **dict.fromkeys(("monsieur", "m", "mr", "h", "homme"), "monsieur"),
}
"""Words of a cell, folded, and the civility that they mean."""

_CIVILITIES = r"m|mr|mme|mlle|mdme|madame|monsieur|mademoiselle"
_TITLES = (
    r"dr|docteure?|pr|prof|professeure?|me|ma[iî]tre|mgr|monseigneur|abb[eé]|p[eè]re|s(?:œ|oe)ur|"
    r"g[eé]n[eé]rale?|colonel(?:le)?|cne|capitaine|cdt|commandante?|lieutenante?|lt|adjudante?|"
    r"adj|adc|sergente?|sgt|sch|cch|cpl|caporale?|brigadi(?:er|[eè]re)|major|ltn|lcl|amirale?|"
    r"(?:lt|lieutenant)-colonel(?:le)?|pr[eé]fète?|pr[eé]fet"
)
FRONT = re.compile(
    rf"(?:(?:{_CIVILITIES}|{_TITLES})\b(?:\.\s*(?=[^\W\d_]{{3}})|\.?\s+))+", re.IGNORECASE
)
COUPLE = re.compile(r"(?<=[^\W\d_])\.?(?:\s(?:et|ou)\s|\s?[&+/,;]\s?)(?=[^\W\d_])", re.IGNORECASE)


def without_title(name: str) -> tuple[str, str]:
    """Return a name and what stands in front of it: « Dr MARTIN » is « MARTIN » and « Dr »."""
    front = FRONT.match(name)
    if front is None or not name[front.end() :].strip():
        return name, ""
    return name[front.end() :].strip(), front[0].strip()


def bare_name(text: str) -> str:
    """Return the first or the last name of a person for storage, without a title."""
    return person_name(without_title(clean_name(text))[0])


def civility_of(text: str) -> str:
    """Return the civility that a cell or a title means: « Mme la Maire », « M. le Dr »; else ""."""
    words = folded(text).split()
    civilities = {CIVILITY_WORDS[word] for word in words if word in CIVILITY_WORDS}
    return civilities.pop() if len(civilities) == 1 else ""


def names_several_people(text: str) -> bool:
    """Return whether a name is that of two people: « Paul et Anne », « M. et Mme Blanc »."""
    return COUPLE.search(text) is not None


def agreed(civility: str) -> str:
    """Return the ending that a participle takes: « e », nothing, « (e) » without civility."""
    return {Civility.MADAME.value: "e", Civility.MONSIEUR.value: ""}.get(civility, "(e)")


def civility_label(civility: str) -> str:
    """Return « Madame », « Monsieur » or ""."""
    return Civility(civility).label if civility else ""


def polite_name(civility: str, name: str) -> str:
    """Return « Mme Agnès Roqueblave », the name alone without civility."""
    short = {Civility.MADAME.value: "Mme\u00a0", Civility.MONSIEUR.value: "M.\u00a0"}
    return short.get(civility, "") + name


def salutation(civility: str, title: str = "") -> str:
    """Return the opening of a letter: « Madame la Maire », « Monsieur », « Bonjour ».

    `title`: the civil title, agreed, « la Maire ».
    """
    if not civility:
        return "Bonjour"
    return f"{Civility(civility).label} {title}".strip()
