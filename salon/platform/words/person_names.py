"""Names of persons compared: order, particles, hyphens, titles, birth and married names, initials,
short forms, one wrong letter."""

import re
from dataclasses import dataclass
from functools import cached_property
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
SAINTS = {"st": "saint", "ste": "sainte"}
OTHER_NAME = re.compile(r"\b(?:nee?|epouse|ep|epse|veuve|vve|ve|divorcee?|dite?|alias)\b")
GENERATION = re.compile(r"\b(?:(pere|senior|sr|aine)|(fils|junior|jr|cadet))$")
SPELLINGS = tuple(
    (re.compile(pattern), letters)
    for pattern, letters in (
        (r"ph", "f"),
        (r"(?<=[tcrg])h", ""),
        (r"^h", ""),
        (r"y", "i"),
        (r"ck|qu|c(?![eihy])|q", "k"),
        (r"z", "s"),
        (r"([^aeiou])\1+", r"\1"),
    )
)
"""Spellings that are said alike; vowels stay, for « René » is not « Renée »."""
SHORT_FORMS = {
    short: name
    for name, shorts in {
        "alexandre": "alex",
        "benjamin": "ben benji",
        "catherine": "cathy kathy",
        "christophe": "chris",
        "dominique": "dom domi",
        "elisabeth": "babeth babette",
        "emmanuel": "manu",
        "frederic": "fred",
        "genevieve": "ginette",
        "gerard": "gege",
        "jacqueline": "jacotte",
        "joseph": "jo",
        "laurent": "lolo",
        "madeleine": "mado",
        "marie": "mimi",
        "maximilien": "max",
        "michel": "mich",
        "nathalie": "nath nat",
        "nicolas": "nico",
        "patricia": "pat",
        "philippe": "phil",
        "sebastien": "seb",
        "stephane": "steph",
        "suzanne": "suzie",
        "therese": "tete",
        "thierry": "titi",
        "valerie": "val",
        "vincent": "vince",
    }.items()
    for short in shorts.split()
}


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
    """A name as it is compared: words of the first name, and names of a family without spaces."""

    first: tuple[str, ...]
    last: tuple[str, ...]
    generation: str = ""

    @cached_property
    def inverted(self) -> "PersonName":
        return PersonName(tuple(_first_words(" ".join(self.last))), _units(self.first))

    @cached_property
    def sorted_letters(self) -> str:
        """The words of the name in one order, whichever is the first name."""
        return "".join(sorted(spelling(word) for word in (*self.first, *self.last)))


def read_name(first_name: str, last_name: str) -> PersonName:
    """Return a person's name as it is compared; one typed whole in a single field is cut."""
    first = folded(without_title(clean_name(first_name))[0])
    last = folded(without_title(clean_name(last_name))[0])
    generation = ""
    if mark := GENERATION.search(last):
        generation, shorter = "older" if mark[1] else "younger", last[: mark.start()].strip()
        last = shorter or last
    if not first and " " in last and last.split()[0] in FIRST_NAMES:
        first, _, last = last.partition(" ")
    elif not last:
        first, _, last = first.partition(" ")
    units = dict.fromkeys(
        unit for part in OTHER_NAME.split(last) for unit in _units(tuple(part.split()))
    )
    return PersonName(tuple(_first_words(first)), tuple(units), generation)


def _first_words(text: str) -> list[str]:
    words = text.split()
    if len(words) == 1 and re.fullmatch(r"[bcdfghjklmnpqrstvwxz]{2}", words[0]):
        return list(words[0])
    return words


def _units(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of a family, each with its particles: « de la Tour Martin » has two."""
    units, start = [], ""
    for word in words:
        start += SAINTS.get(word, word)
        if word not in PARTICLES:
            units.append(start)
            start = ""
    return (*units, start) if start else tuple(units)


def spelling(word: str) -> str:
    """Return the letters of a folded word as they are heard, its vowels as written."""
    for pattern, letters in SPELLINGS:
        word = pattern.sub(letters, word)
    return word


def _bare(unit: str) -> str:
    """Return a name of a family without its light particles: « delatour » is « tour »."""
    return re.sub(r"^(?:de(?:la|les)?|du|des|d|la|le|les|l)(?=[a-z]{4})", "", unit)


def compare(name: PersonName, other_name: PersonName) -> NameGap:
    """Return how two names differ, in the order of first and last name that brings them nearest."""
    straight = _compare(name, other_name, is_inverted=False)
    if straight.doubt == 0 or not (name.first and other_name.first):
        return straight
    inverted = _compare(name, other_name.inverted, is_inverted=True)
    return inverted if inverted.doubt < straight.doubt else straight


def _compare(name: PersonName, other_name: PersonName, *, is_inverted: bool) -> NameGap:
    first, last = (
        _first_gap(name.first, other_name.first),
        _last_gap(name.last, other_name.last),
    )
    doubt = first.doubt + last.doubt
    if is_inverted:
        words = (*name.first, *name.last)
        doubt += 2 if all(word in FIRST_NAMES for word in words) else 0
    return NameGap(first, last, is_inverted, doubt)


def _last_gap(units: tuple[str, ...], other_units: tuple[str, ...]) -> Gap:
    whole, other_whole = "".join(units), "".join(other_units)
    if whole == other_whole:
        return Gap.SAME
    if not whole or not other_whole:
        return Gap.OTHER_LAST
    if {*units} == {*other_units}:
        return Gap.MARRIED
    if _bare(whole) == _bare(other_whole):
        return Gap.PARTICLE
    if spelling(whole) == spelling(other_whole) or one_letter(whole, other_whole):
        return Gap.LETTER
    fewer, more = sorted((units, other_units), key=len)
    if len(fewer) < len(more) and all(
        len(unit) > 2 and any(_is_near(unit, longer) for longer in more) for unit in fewer
    ):
        return Gap.PART
    return Gap.OTHER_LAST


def _is_near(unit: str, other_unit: str) -> bool:
    return unit == other_unit or _bare(unit) == _bare(other_unit) or one_letter(unit, other_unit)


def _first_gap(words: tuple[str, ...], other_words: tuple[str, ...]) -> Gap:
    whole, other_whole = "".join(words), "".join(other_words)
    if whole == other_whole and whole:
        return Gap.SAME
    if not whole or not other_whole:
        return Gap.INITIAL
    if _full(words) == _full(other_words):
        return Gap.SHORT_FORM
    fewer, more = sorted((words, other_words), key=len)
    initials = _initials(fewer, more) or _initials(more, fewer)
    if initials:
        return Gap.COMPOUND if len(fewer) > 1 else Gap.INITIAL
    if spelling(whole) == spelling(other_whole):
        return Gap.SPELLING
    if len(fewer) < len(more) and {*fewer} < {*more}:
        return Gap.SECOND_NAME
    are_two_names = len(words) == len(other_words) and all(
        word == other_word or {word, other_word} <= FIRST_NAMES
        for word, other_word in zip(words, other_words, strict=True)
    )
    if not are_two_names and one_letter(whole, other_whole):
        return Gap.LETTER
    return Gap.OTHER_FIRST


def _full(words: tuple[str, ...]) -> list[str]:
    return [SHORT_FORMS.get(word, word) for word in words]


def _initials(short: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Return whether words are shortened to initials: « J. Pierre » and « Jean-Pierre »."""
    return (
        any(len(word) == 1 for word in short)
        and len(short) <= len(words)
        and all(
            word == name if len(word) > 1 else name.startswith(word)
            for word, name in zip(short, words, strict=False)
        )
    )


def one_letter(word: str, other_word: str) -> bool:
    """Return whether a letter is wrong, missing or moved; two in a long word."""
    from rapidfuzz.distance import OSA

    shortest = min(len(word), len(other_word))
    if shortest < 4:
        return False
    faults = 2 if shortest >= 10 else 1
    return OSA.distance(word, other_word, score_cutoff=faults) <= faults
