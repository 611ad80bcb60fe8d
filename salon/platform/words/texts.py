"""Normalisation of texts, for storage and for comparison."""

import re
import unicodedata
from collections.abc import Iterable

EXPANSIONS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})


def folded(text: str) -> str:
    """Return words without accents, case or signs, one space between them."""
    text = unicodedata.normalize("NFKD", text.casefold().translate(EXPANSIONS))
    letters = "".join(character for character in text if not unicodedata.combining(character))
    words = re.sub(r"[^\w]+|_", " ", letters).split()
    return " ".join(words)


def sorted_names(names: Iterable[str]) -> list[str]:
    """Return names as people sort them: an accent or a capital changes nothing."""
    return sorted(names, key=lambda name: (folded(name), name))


UNPRINTABLE = ("Cc", "Cs", "Co", "Cn")
"""Categories of Unicode: control, surrogate, private, unassigned. A form refuses them."""
UNSEEN = "Cf"
"""Characters without width or of direction: removed silently."""
BLANKS = ("Zs", "Zl", "Zp")

LOWER_PARTICLES = ("de", "du", "des", "d")
MC = re.compile(r"mc(?=[^\W\d_]{3})", re.IGNORECASE)
INITIALS = re.compile(r"[BCDFGHJKLMNPQRSTVWXZ]{2,3}")
LINKS = ("://", "www.")


def clean_name(text: str) -> str:
    """Return a line for storage: in NFC, without invisible characters, blanks reduced to single
    spaces and stripped.

    Names of people and of organisations, and any other line.
    """
    characters = []
    for character in text:
        category = unicodedata.category(character)
        if category in BLANKS or character == "\t":
            characters.append(" ")
        elif category != UNSEEN:
            characters.append(character)
    return re.sub(" +", " ", unicodedata.normalize("NFC", "".join(characters))).strip(" ")


def printable_line(text: str) -> str:
    """Return what is searched: one line, without characters that no database stores."""
    return "".join(character for character in clean_name(text) if character.isprintable())


def person_name(text: str) -> str:
    """Return the name of a person for storage.

    One all in capitals or in lower case gets its usual case: « DE LA TOUR-D’AUVERGNE » becomes « de
    La Tour-d’Auvergne ».
    """
    name = clean_name(text)
    if name != name.upper() and name != name.lower():
        return name
    words = name.split(" ")
    return " ".join(_written(word, rank < len(words) - 1) for rank, word in enumerate(words))


def holds_link(text: str) -> bool:
    """Return whether a mail program would make a link of a part of the text."""
    return any(mark in text.casefold() for mark in LINKS)


def _written(word: str, is_followed: bool) -> str:
    """Return one word of a name, hyphens and apostrophes included, in its usual case."""
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
