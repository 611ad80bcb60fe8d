"""From a need in plain words to what answers it. Pure functions."""

from collections.abc import Collection, Sequence
from typing import Any

from salon.platform.texts import folded

SHORTEST = 3
EMPTY_WORDS = frozenset(
    (
        *("les", "des", "une", "pour", "sur", "dans", "avec", "par", "aux", "que", "qui", "quoi"),
        *("mon", "mes", "notre", "nos", "votre", "vos", "est", "sont", "comment"),
        *("besoin", "aide", "question", "probleme", "projet", "commune", "village"),
    )
)
"""What any need may hold, whatever it is about."""


def words_of(text: str) -> list[str]:
    """The words of a need that say something, without accents nor the mark of the plural."""
    words = [one for one in folded(text).split() if len(one) >= SHORTEST]
    telling = [one for one in words if one not in EMPTY_WORDS] or words
    return [one.rstrip("sx") if len(one) > SHORTEST else one for one in telling]


def match(wanted: Sequence[str], *texts: str) -> int:
    """How many of the words begin a word of the texts."""
    known = folded(" ".join(texts)).split()
    return sum(any(one.startswith(part) for one in known) for part in wanted)


def answering(topics: Collection[Any], text: str) -> list[Any]:
    """The topics that hold the most words of a need, in their order; none when none is held."""
    wanted = words_of(text)
    scores = {
        one: match(wanted, one.name, one.words, *(theme.name for theme in one.themes))
        for one in topics
    }
    best = max(scores.values(), default=0)
    return [one for one, score in scores.items() if best and score == best]


def themes_named(themes: Collection[Any], text: str) -> list[Any]:
    """The themes whose own name, or whose body's, holds the most words of a need."""
    wanted = words_of(text)
    scores = {one: match(wanted, one.name, one.body.short_name) for one in themes}
    best = max(scores.values(), default=0)
    return [one for one, score in scores.items() if best and score == best]
