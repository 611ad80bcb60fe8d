"""Names of persons compared: order, particles, hyphens, titles, birth and married names, initials,
short forms, one wrong letter."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from salon.platform.words.first_names import FIRST_NAMES
from salon.platform.words.labels import LabelledEnum
from salon.platform.words.people import without_title
from salon.platform.words.texts import clean_name, folded

_PARTICLES = (
    "de du des d da di do dos del della den der van von vom zu la le les l el al ben bel ait st "
    "ste sts stes saint sainte mac mc o abd"
)
PARTICLES = frozenset(_PARTICLES.split())
_LIGHT = "de du des d da di do dos la le les l von van den der"
LIGHT = frozenset(_LIGHT.split())
"""Particles that are often left out."""
SAINTS = {"st": "saint", "ste": "sainte"}
CIVIL_TITLE = re.compile(r"^(?:m|mr|mme|monsieur|madame)\.? l[ea] ", re.IGNORECASE)
OTHER_NAME = re.compile(r"\b(?:nee?|epouse|ep|epse|veuve|vve|ve|divorcee?|dite?|alias)\b")
GENERATION = re.compile(r"\b(?:(pere|senior|sr|aine)|(fils|junior|jr|cadet))$")
SPELLINGS = tuple(
    (re.compile(pattern), letters)
    for pattern, letters in (
        (r"ph", "f"),
        (r"(?<=[tcrg])h", ""),
        (r"^h", ""),
        (r"ck|qu|c(?![eihy])|q", "k"),
        (r"c(?=[eiy])|z", "s"),
        (r"y", "i"),
        (r"([^aeiou])\1+", r"\1"),
        (r"(?<=[aeiou])[dstx]$", ""),
    )
)
"""Spellings that are said alike; vowels stay, for « René » is not « Renée »."""
_SHORT_FORMS = (
    "babeth:elisabeth babette:elisabeth cathy:catherine dede:andre fatou:fatoumata gege:gerard "
    "ginette:genevieve jeannot:jean jo:joseph jojo:joseph kathy:catherine mado:madeleine "
    "manu:emmanuel nico:nicolas titi:thierry toni:antoine"
)
SHORT_FORMS = {
    short: name for short, _, name in (pair.partition(":") for pair in _SHORT_FORMS.split())
}
"""Short forms that are not the beginning of the name, or are as common as it."""

WORDS_KEPT = 65_536
"""Words whose spelling is kept: the names of a large fair."""


class Gap(LabelledEnum):
    """How two names differ; `doubt`: 0 for the same name, 1 nearly, 2 perhaps, 4 not the same."""

    doubt: int

    def __new__(cls, value: str, label: str, doubt: int) -> "Gap":
        member = str.__new__(cls, value)
        member._value_, member.label, member.doubt = value, label, doubt
        return member

    SAME = "same", "même nom", 0
    PARTICLE = "particle", "une particule en plus ou en moins", 0
    MARRIED = "married", "nom de naissance et nom d’usage", 1
    COMPOUND = "compound", "initiales d’un prénom composé", 1
    SHORT_FORM = "short_form", "diminutif", 1
    SPELLING = "spelling", "même nom, écrit autrement", 1
    PART = "part", "l’un des deux noms de l’autre", 2
    SECOND_NAME = "second_name", "un prénom en plus ou en moins", 2
    INITIAL = "initial", "une initiale, ou pas de prénom", 2
    LETTER = "letter", "une lettre d’écart", 2
    OTHER_FIRST = "other_first", "prénoms différents", 4
    OTHER_LAST = "other_last", "noms différents", 4


class NameGap(NamedTuple):
    """How two persons' names differ."""

    first: Gap
    last: Gap
    is_inverted: bool
    doubt: int


@dataclass(frozen=True)
class PersonName:
    """A name as it is compared: words of the first name, and names of a family without spaces, with
    all their particles (`last`) or without the light ones (`bare`)."""

    first: tuple[str, ...]
    last: tuple[str, ...]
    bare: tuple[str, ...]
    generation: str = ""

    @cached_property
    def inverted(self) -> "PersonName":
        return PersonName(self.last, _units(self.first), _units(self.first, LIGHT))

    @cached_property
    def letters(self) -> str:
        """The letters of the name in alphabetical order: no matter its order and its spaces."""
        return "".join(sorted("".join((*self.first, *self.last))))


def read_name(first_name: str, last_name: str) -> PersonName:
    """Return a person's name as it is compared; one typed whole in a single field is cut."""
    first, last = (
        folded(without_title(CIVIL_TITLE.sub("", clean_name(name)))[0])
        for name in (first_name, last_name)
    )
    generation = ""
    if (mark := GENERATION.search(last)) and mark.start():
        generation, last = "older" if mark[1] else "younger", last[: mark.start()].strip()
    if not first or not last:
        first, last = _cut(first or last)
    parts = [part.split() for part in OTHER_NAME.split(last)]
    units = dict.fromkeys(unit for part in parts for unit in _units(part))
    bare = dict.fromkeys(unit for part in parts for unit in _units(part, LIGHT))
    return PersonName(tuple(first.split()), tuple(units), tuple(bare), generation)


def _cut(name: str) -> tuple[str, str]:
    """Return the first and the last name of a whole one; a single word is a last name."""
    head, _, tail = name.partition(" ")
    start, _, end = name.rpartition(" ")
    if end in FIRST_NAMES and head not in FIRST_NAMES and head != end:
        return end, start
    return (head, tail) if tail else ("", name)


def _units(words: Iterable[str], omitted: Collection[str] = ()) -> tuple[str, ...]:
    """Return the names of a family, each with its particles: « de la Tour Martin » has two."""
    units, start = [], ""
    for word in words:
        if word not in omitted:
            start += SAINTS.get(word, word)
        if word not in PARTICLES:
            units.append(start)
            start = ""
    return (*units, start) if start else tuple(units)


@lru_cache(maxsize=WORDS_KEPT)
def spelling(word: str) -> str:
    """Return the letters of a folded word as they are heard, its vowels as written."""
    for pattern, letters in SPELLINGS:
        word = pattern.sub(letters, word)
    return word


def compare(name: PersonName, other_name: PersonName) -> NameGap:
    """Return how two names differ, in the order of first and last name that brings them nearest."""
    straight = _compare(name, other_name, is_inverted=False)
    if straight.doubt == 0 or not (name.first and other_name.first):
        return straight
    inverted = min(
        _compare(name, other_name.inverted, is_inverted=True),
        _compare(name.inverted, other_name, is_inverted=True),
        key=lambda gap: gap.doubt,
    )
    return inverted if inverted.doubt < straight.doubt else straight


def _compare(name: PersonName, other_name: PersonName, *, is_inverted: bool) -> NameGap:
    first, last = _first_gap(name.first, other_name.first), _last_gap(name, other_name)
    doubt = first.doubt + last.doubt
    if is_inverted and FIRST_NAMES.issuperset((*name.first, *name.last)):
        doubt += 2
    return NameGap(first, last, is_inverted, doubt)


def _last_gap(name: PersonName, other_name: PersonName) -> Gap:
    whole, other_whole = "".join(name.last), "".join(other_name.last)
    if not whole or not other_whole:
        return Gap.OTHER_LAST
    if whole == other_whole:
        return Gap.SAME
    if {*name.last} == {*other_name.last}:
        return Gap.MARRIED
    if "".join(name.bare) == "".join(other_name.bare):
        return Gap.PARTICLE
    if is_near(whole, other_whole):
        return Gap.LETTER
    fewer, more = sorted((name.bare, other_name.bare), key=len)
    if len(fewer) < len(more) and all(
        len(unit) > 2 and any(unit == longer or is_near(unit, longer) for longer in more)
        for unit in fewer
    ):
        return Gap.PART
    return Gap.OTHER_LAST


def _first_gap(words: tuple[str, ...], other_words: tuple[str, ...]) -> Gap:
    whole, other_whole = "".join(words), "".join(other_words)
    if whole == other_whole and whole:
        return Gap.SAME
    if not whole or not other_whole:
        return Gap.INITIAL
    fewer, more = sorted((words, other_words), key=len)
    if _are_initials(fewer, more) or _are_initials(more, fewer):
        return Gap.INITIAL if len(whole) == 1 or len(other_whole) == 1 else Gap.COMPOUND
    if _is_short_form(whole, other_whole) or _is_short_form(other_whole, whole):
        return Gap.SHORT_FORM
    if spelling(whole) == spelling(other_whole):
        return Gap.SPELLING
    if {*fewer} <= {*more}:
        return Gap.SECOND_NAME
    are_two_names = len(words) == len(other_words) and all(
        word == other_word or {word, other_word} <= FIRST_NAMES
        for word, other_word in zip(words, other_words, strict=True)
    )
    return Gap.OTHER_FIRST if are_two_names or not is_near(whole, other_whole) else Gap.LETTER


def _is_short_form(short: str, name: str) -> bool:
    """Return whether a first name is shortened: « Fred », « Manu »."""
    is_beginning = len(short) > 2 and short not in FIRST_NAMES and name.startswith(short)
    return SHORT_FORMS.get(short) == name or (
        is_beginning and (name in FIRST_NAMES or len(short) > 4)
    )


def _are_initials(short: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Return whether words are shortened to initials: « J. Pierre » and « Jean-Pierre »."""
    if len(words) > 1 and [*"".join(short)] == [word[0] for word in words]:
        return True
    if len(short) == 1:
        return len(short[0]) == 1 and any(word.startswith(short[0]) for word in words)
    return (
        any(len(word) == 1 for word in short)
        and len(short) <= len(words)
        and all(
            word == name if len(word) > 1 else name.startswith(word)
            for word, name in zip(short, words, strict=False)
        )
    )


def is_near(word: str, other_word: str) -> bool:
    """Return whether two words are said alike, or a letter is wrong, missing or moved; two in a
    long word."""
    from rapidfuzz.distance import OSA

    shortest = min(len(word), len(other_word))
    if shortest < 4:
        return False
    heard, other_heard = spelling(word), spelling(other_word)
    if heard == other_heard or (shortest >= 8 and OSA.distance(heard, other_heard) == 1):
        return True
    return OSA.distance(word, other_word) <= (2 if shortest >= 10 else 1)
