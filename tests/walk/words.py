"""The table of states in `docs/glossary.md`, and how a page's words are read by it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

GLOSSARY = Path("docs/glossary.md")
ROW = re.compile(
    r"^\| (rendez-vous|vacation|personne|station) \| `(\w+)` \| ([^|]+?) \| ?([^|]*?) ?\|$", re.M
)


@dataclass(frozen=True)
class StateWords:
    """A row of the table: what it is about, the state, its word and the visitor's."""

    about: str
    state: str
    word: str
    visitor_word: str


@cache
def table() -> Sequence[StateWords]:
    text = GLOSSARY.read_text().partition("## Les états")[2]
    return [StateWords(*row) for row in ROW.findall(text)]


def words_about(about: str, *, is_visitor: bool = False) -> Mapping[str, frozenset[str]]:
    """Return each word about a thing, with the states that it says."""
    states: dict[str, set[str]] = {}
    for row in table():
        word = row.visitor_word if is_visitor else row.word
        if row.about == about and word:
            states.setdefault(word, set()).add(row.state)
    return {word: frozenset(names) for word, names in states.items()}


def states_said(text: str, about: str, *, is_visitor: bool = False) -> Iterator[frozenset[str]]:
    """Yield what each badge of a text says: the states of its word. A word may be agreed, and go on
    with an hour: « Absente », « Là jusqu’à 12 h ».
    """
    words = words_about(about, is_visitor=is_visitor)
    for badge in text.split("\n"):
        said = " ".join(badge.split())
        for word in sorted(words, key=len, reverse=True):
            if re.match(rf"{re.escape(word)}(e|s|es)?(?=$|,| depuis | jusqu| à \d| \d)", said):
                yield words[word]
                break
