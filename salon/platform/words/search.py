"""Fuzzy search: forgives accents, case, hyphens, a typing fault, and words that sound alike.

Keys are compared (`texts.folded`): words without accents or signs, one space between them. A key
matches a search when each searched word is near one of its words. Rows are scored word by word: a
word that many rows share is scored once.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, literal
from sqlalchemy.orm import InstrumentedAttribute

from salon.platform.words.texts import folded

Row = TypeVar("Row")

MOST_WORDS = 8
FEW = 5
"""With so many exact matches, near ones are not searched."""

LONG_WORD = 7
SHORTEST_WORD = 4
"""A fault is forgiven in words of four letters and more; two, in words of seven and more."""

EXACT, SAME_SOUND, ONE_FAULT, TWO_FAULTS = 3, 2, 1, 0

SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ph", "f"),
        (r"sch|ch|sh", "x"),
        (r"h", ""),
        (r"w", "v"),
        (r"y", "i"),
        (r"gn", "n"),
        (r"c(?=[ei])|z", "s"),
        (r"ck|qu|[cq]", "k"),
        (r"g(?=[ei])", "j"),
        (r"gu(?=[ei])", "g"),
        (r"m(?=[bp])", "n"),
        (r"(?<=..)[tdsp]+$", ""),
        (r"(?<=.)[aeiou]+", ""),
        (r"^[aeiou]", "a"),
        (r"(.)\1+", r"\1"),
    )
)
"""Phonetic rules of French: the consonants that are heard, and whether the word begins with a
vowel."""

HEARD_ALIKE = 2
"""Number of consonants of a word that must be heard right; a fault comes later."""


@lru_cache(maxsize=100_000)
def sound(word: str) -> str:
    """Return the consonants of a folded word as they are heard: « belkasem », « belkacem »."""
    for pattern, consonants in SOUNDS:
        word = pattern.sub(consonants, word)
    return word


def searched_words(text: str) -> list[str]:
    """Return the words of a search, folded."""
    return folded(text).split()[:MOST_WORDS]


def nearest(text: str, rows: Iterable[tuple[Row, str]], limit: int) -> list[Row]:
    """Return the rows whose key matches a search, the nearest first, then in their order.

    `rows`: (row, key). An empty search matches nothing.
    """
    words = searched_words(text)
    if not words:
        return []
    candidates = [(row, key.split()) for row, key in rows]
    vocabulary = list({word for _, key in candidates for word in key})
    scores = [_scores(word, vocabulary) for word in words]
    matches: list[tuple[int, int, Row]] = []
    for place, (row, key) in enumerate(candidates):
        score = 0
        for near in scores:
            best = max((near[word] for word in key if word in near), default=None)
            if best is None:
                break
            score += best
        else:
            matches.append((-score, place, row))
    matches.sort(key=lambda answer: answer[:2])
    return [row for _, _, row in matches[:limit]]


def sounds_of(key: str) -> str:
    """Return the sounds of a key's words, each between two spaces, to be stored beside it in a
    large table."""
    return f" {' '.join(sound(word) for word in key.split())} "


def may_be_near(sounds: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """Return the condition that narrows a large table for `nearest`.

    `sounds`: the column of `sounds_of`. A fault is forgiven after the first two consonants heard.
    """
    conditions = []
    for word in searched_words(text):
        consonants = sound(word)
        start = (
            f" {consonants[:HEARD_ALIKE]}" if len(consonants) >= HEARD_ALIKE else f" {consonants} "
        )
        conditions.append(sounds.contains(start, autoescape=True))
    return and_(*conditions) if conditions else literal(False)


def _scores(word: str, vocabulary: list[str]) -> dict[str, int]:
    """Return the score of each word near `word`."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cdist

    faults = 2 if len(word) >= LONG_WORD else 1 if len(word) >= SHORTEST_WORD else 0
    consonants = sound(word)
    scores: dict[str, int] = {}
    if faults:
        # What is being typed is compared with the beginning of a longer word.
        beginnings = [candidate[: len(word) + 1] for candidate in vocabulary]
        for compared in (vocabulary, beginnings):
            distances = cdist([word], compared, scorer=OSA.distance, score_cutoff=faults)[0]
            for place in (distances <= faults).nonzero()[0]:
                candidate, score = (
                    vocabulary[place],
                    ONE_FAULT if distances[place] < 2 else TWO_FAULTS,
                )
                scores[candidate] = max(score, scores.get(candidate, score))
    for candidate in vocabulary:
        if candidate.startswith(word):
            scores[candidate] = EXACT
        elif len(consonants) > 1 and sound(candidate) == consonants:
            scores[candidate] = max(SAME_SOUND, scores.get(candidate, 0))
    return scores
