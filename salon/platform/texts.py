"""Texts as they are kept and as they are compared."""

import re
import unicodedata

EXPANSIONS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})


def folded(text: str) -> str:
    """Words without accents, case or signs, one space between them."""
    text = unicodedata.normalize("NFKD", text.casefold().translate(EXPANSIONS))
    letters = "".join(one for one in text if not unicodedata.combining(one))
    words = re.sub(r"[^\w]+|_", " ", letters).split()
    return " ".join(words)


UNPRINTABLE = ("Cc", "Cs", "Co", "Cn")
"""Categories of Unicode: control, surrogate, private, unassigned. A form refuses them."""
UNSEEN = "Cf"
"""Of no width or of direction: they go without a word."""
BLANKS = ("Zs", "Zl", "Zp")

LOWER_PARTICLES = ("de", "du", "des", "d")
MC = re.compile(r"mc(?=[^\W\d_]{3})", re.IGNORECASE)
INITIALS = re.compile(r"[BCDFGHJKLMNPQRSTVWXZ]{2,3}")
LINKS = ("://", "www.")


def clean_name(text: str) -> str:
    """Return a line as it is kept: in NFC, nothing unseen, each run of blanks one space and none at
    an end. Names of people and of organisations, and any other line."""
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if category in BLANKS or character == "\t":
            kept.append(" ")
        elif category != UNSEEN:
            kept.append(character)
    return re.sub(" +", " ", unicodedata.normalize("NFC", "".join(kept))).strip(" ")


def person_name(text: str) -> str:
    """Return the name of a person as it is kept; all in capitals or all in lower case, in the
    case in which it is written: « DE LA TOUR-D’AUVERGNE » is « de La Tour-d’Auvergne »."""
    name = clean_name(text)
    if name != name.upper() and name != name.lower():
        return name
    words = name.split(" ")
    return " ".join(_written(word, rank < len(words) - 1) for rank, word in enumerate(words))


def holds_link(text: str) -> bool:
    """Return whether a mail program would make a link of a part of the text."""
    return any(mark in text.casefold() for mark in LINKS)


def _written(word: str, is_followed: bool) -> str:
    """One word of a name, hyphens and apostrophes included, in its usual case."""
    parts = re.split(r"([-–'’])", word)
    return "".join(
        _part(part, is_followed or rank < len(parts) - 1) for rank, part in enumerate(parts)
    )


def _part(part: str, is_followed: bool) -> str:
    if is_followed and part.casefold() in LOWER_PARTICLES:
        return part.lower()
    if INITIALS.fullmatch(part):
        return part
    scottish = MC.match(part)
    if scottish is not None:
        return f"Mc{_capital(part[scottish.end() :])}"
    return _capital(part)


def _capital(part: str) -> str:
    return part[:1].title() + part[1:].lower()
