"""Keys that compare addresses, names and places however they are written."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from salon.platform.words.search import nearest
from salon.platform.words.texts import folded

ABBREVIATIONS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
ARTICLES = {"le", "la", "les", "l", "de", "du", "des", "d", "et"}
KINDS = re.compile(
    r"^(?:(?:cc|ca|cu)|communaute (?:de communes|d agglomeration|urbaine)"
    r"|(?:agglo|agglomeration|metropole))(?= )"
)
NOISE = re.compile(
    r"\([^)]*\)|\b\d{5}\b|\b(?:mairie|commune|ville)\s+d(?:e\s|u\s|es\s|['’\s])", re.IGNORECASE
)
BRACKETS = re.compile(r"^([^(]+)\(([^)]+)\)")
LARGEST_TERRITORY = 8192
"""Names whose keys are kept: a large département with its neighbours."""
SUGGESTIONS = 5
SIMILAR = 60
"""Similarity (percent) of two names above which one is suggested for the other."""


def email_key(address: str) -> str:
    """Return the address without case, blanks, compatibility forms and `+tag`."""
    text = unicodedata.normalize("NFKC", address).casefold()
    text = re.sub(r"\s+", "", text)
    local, at, domain = text.rpartition("@")
    return f"{local.split('+', 1)[0] or local}{at}{domain}" if at else text


def name_key(first_name: str, last_name: str) -> str:
    """Return `last first` without accents, case, hyphens and apostrophes, and with single
    spaces."""
    return f"{folded(last_name) or last_name.strip()} {folded(first_name) or first_name.strip()}"


@lru_cache(maxsize=LARGEST_TERRITORY)
def place_key(name: str) -> str:
    """Return the search key of a commune: « St-Gervais » and « Saint Gervais » have the same."""
    return " ".join(ABBREVIATIONS.get(word, word) for word in folded(name).split())


@lru_cache(maxsize=LARGEST_TERRITORY)
def loose_key(key: str) -> str:
    """Return a search key without its articles and without the kind of EPCI before its name."""
    bare = KINDS.sub("", key).strip()
    return " ".join(word for word in bare.split() if word not in ARTICLES) or key


@lru_cache(maxsize=LARGEST_TERRITORY)
def usual_keys(name: str) -> frozenset[str]:
    """Return the loose keys of a name and of its short forms.

    « CA Territoire de la Côte Ouest (TCO) » is also « Territoire de la Côte Ouest » and « TCO ».
    """
    brackets = BRACKETS.match(name)
    names = (name, *brackets.groups()) if brackets else (name,)
    return frozenset(loose_key(place_key(form)) for form in names)


@dataclass(frozen=True)
class Affiliation:
    """The commune, the EPCI or (both codes None) the organisation that a person represents."""

    name: str
    commune_code: str | None = None
    epci_siren: str | None = None

    @property
    def organisation(self) -> str:
        return "" if self.commune_code or self.epci_siren else self.name

    @property
    def kind(self) -> str:
        return "commune" if self.commune_code else "epci" if self.epci_siren else "organisation"


def match_place(text: str, places: Sequence[Affiliation]) -> Affiliation | list[Affiliation]:
    """Return the only place that `text` can mean, else the closest ones; none when nothing is
    close."""
    whole_key = place_key(text)
    key = place_key(NOISE.sub(" ", text)) or whole_key
    keys = [place_key(place.name) for place in places]
    exact = [place for place, known_key in zip(places, keys, strict=True) if known_key == whole_key]
    exact = exact or [place for place, name in zip(places, keys, strict=True) if name == key]
    if len(exact) == 1:
        return exact[0]
    similar_places = [place for place in places if loose_key(key) in usual_keys(place.name)]
    if len(similar_places) == 1:
        return similar_places[0]
    return exact or similar_places or closest(key, places, keys)


def closest(key: str, places: Sequence[Affiliation], keys: Sequence[str]) -> list[Affiliation]:
    """Return the places closest to `key`.

    First those that hold its words, then those whose words are near them, then those whose whole
    name is spelt almost the same.
    """
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import extract

    matches = {place.name: place for place in containing(key, places, keys)}
    loose = [loose_key(candidate) for candidate in keys]
    for place in nearest(loose_key(key), zip(places, loose, strict=True), SUGGESTIONS):
        matches.setdefault(place.name, place)
    similar = extract(loose_key(key), loose, scorer=ratio, limit=SUGGESTIONS, score_cutoff=SIMILAR)
    for _, _, number in similar:
        matches.setdefault(places[number].name, places[number])
    return list(matches.values())[:SUGGESTIONS]


def containing(key: str, places: Sequence[Affiliation], keys: Sequence[str]) -> list[Affiliation]:
    """Return places in whose key each word of `key` begins a word; those that begin with it come
    first."""
    words = [word for word in key.split() if word not in ARTICLES] or key.split()
    if not words:
        return []
    matches = [
        (not place_key.startswith(key), len(place_key), place_key, place)
        for place, place_key in zip(places, keys, strict=True)
        if all(any(word.startswith(part) for word in place_key.split()) for part in words)
    ]
    return [place for *_, place in sorted(matches, key=lambda row: row[:3])]
