"""Which commune or EPCI a text means: its name as people write it, a code, an acronym.

A text means a place only if nothing else of the territory can be meant; else the closest ones are
offered. « Agglo », « CC », « métropole » ask for an EPCI, « mairie », « ville de » for a commune.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

from salon.badges.engine.matching import (
    ARTICLES,
    LARGEST_TERRITORY,
    Affiliation,
    loose_key,
    place_key,
)
from salon.platform.words.search import nearest
from salon.platform.words.territory import FormerCommune, department_of

SUGGESTIONS = 5
SAME = 20
"""Most places of one name or one postal code that are offered."""
SIMILAR = 60
"""Similarity (percent) of two names above which one is suggested for the other."""
CODE = re.compile(r"(?<![\w])(?:\d{14}|\d{9}|\d{4,5}|2[AB]\d{3})(?!\w)", re.IGNORECASE)
CEDEX = re.compile(r"\bcedex\b\s*\d{0,2}", re.IGNORECASE)
IN_DEPARTMENT = re.compile(
    r"\(\s*(\d{2,3}|2[AB])\s*\)|(?<=\w)[\s,\-–]+(\d{2}|2[AB])$", re.IGNORECASE
)
BRACKETS = re.compile(r"^([^(]+)\(([^)]+)\)")
BRACKETED = re.compile(r"\([^)]*\)")
PARTS = re.compile(r"[,;/|]|\s[-–]\s|\bet\b")
TOWN_HALL = re.compile(
    r"^(?:l[ea] |l )?(?:mairie|maire|ville|commune|municipalite|hotel de ville|conseil municipal)"
    r"(?: nouvelle| deleguee| annexe)?(?: (?:de la|de l|de|du|des|d))? (?=\w)"
)
FIRST_KIND = re.compile(
    r"^(?:l[ea] |l )?(?:cc|ca|cu|cdc|com com|communaute (?:de communes|d agglomeration|urbaine))\b"
)
KIND_WORDS = re.compile(
    r"\b(?:communautes? (?:de communes?|d agglomeration|urbaine)|communaute|agglo|agglomeration|"
    r"agglopole|metropole|metropolitain|epci|interco|intercommunalite|comcom)\b"
)
SMALL_KIND = re.compile(r"\b(?:cc|cdc|com com|comcom|communaute de communes)\b")
SMALL_WORDS = {*ARTICLES, "au", "aux", "en"}
_NO_ACRONYM = "cci cma caf caue ccas cias cdg cpam crc sdis cnfpt cmp cas cac"
NO_ACRONYM = frozenset(_NO_ACRONYM.split())
ROMAN = {"i": 1, "v": 5, "x": 10}
DISTRICT = re.compile(
    r"^(?:(\w+) (?:arrondissement|arrdt|arr) (?:de )?)?(paris|lyon|marseille)"
    r"(?: (\w+?)(?:er|e|eme|ieme|nd)?(?: (?:arrondissement|arrdt|arr))?)?$"
)


@dataclass(frozen=True)
class KnownPlace:
    """A place and all by which people call it.

    `names`: the official one, then those of former communes; `codes`: INSEE, postal, SIREN;
    `kind`: of an EPCI; `epci_siren`: of a commune.
    """

    place: Affiliation
    names: tuple[str, ...]
    codes: frozenset[str] = frozenset()
    kind: str = ""
    epci_siren: str | None = None

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(district_key(place_key(name)) for name in (self.place.name, *self.names))

    @cached_property
    def loose_keys(self) -> frozenset[str]:
        return frozenset(loose_key(district_key(place_key(name))) for name in short_forms(self))


def known_from(
    communes: Sequence[Any], epcis: Sequence[Any], former: Mapping[str, Sequence[FormerCommune]]
) -> tuple[KnownPlace, ...]:
    """Return every commune, then every EPCI, from their rows; namesakes are told apart."""
    namesakes = Counter(row.name for row in communes)
    known = []
    for row in communes:
        name = row.name if namesakes[row.name] == 1 else f"{row.name} ({department_of(row.code)})"
        parts = former.get(row.code, ())
        codes = {row.code, row.siren, *row.postal_codes.split("|"), *(part.code for part in parts)}
        known.append(
            KnownPlace(
                Affiliation(name, commune_code=row.code),
                (row.name, *(part.name for part in parts)),
                frozenset(codes - {""}),
                epci_siren=row.epci_siren,
            )
        )
    for row in epcis:
        place = Affiliation(row.name, epci_siren=row.siren)
        known.append(KnownPlace(place, (row.name,), frozenset([row.siren]), row.kind))
    return tuple(known)


def short_forms(known: KnownPlace) -> list[str]:
    """Return the names, and of « CA Territoire de la Côte Ouest (TCO) » the two parts."""
    forms = [*known.names]
    for name in known.names:
        if known.kind and (brackets := BRACKETS.match(name)):
            forms += brackets.groups()
    return forms


@lru_cache(maxsize=LARGEST_TERRITORY)
def district_key(key: str) -> str:
    """Return « lyon 3 » for « lyon 3eme », « lyon iii », « 3e arrondissement de lyon »."""
    match = DISTRICT.match(key)
    if match is None or not (match[1] or match[3]):
        return key
    number = re.sub(r"(?<=\d)\D+$", "", match[3] or match[1])
    if number.isdecimal():
        return f"{match[2]} {int(number)}"
    number = re.sub(r"(?:eme|ieme|er|e)$", "", number)
    if not number or set(number) - set(ROMAN):
        return key
    values = [ROMAN[letter] for letter in number] + [0]
    total = sum(-value if value < following else value for value, following in pairwise(values))
    return f"{match[2]} {total}"


@lru_cache(maxsize=LARGEST_TERRITORY)
def base_of(key: str) -> str:
    """Return the words of an EPCI without its kind and articles: « lodevois larzac »."""
    bare = KIND_WORDS.sub(" ", FIRST_KIND.sub(" ", key))
    return " ".join(word for word in bare.split() if word not in SMALL_WORDS)


def bases_of(known: KnownPlace) -> frozenset[str]:
    """Return the base of an EPCI, and of « CC Grand Orb Communauté de communes en Languedoc » the
    one of « Grand Orb »."""
    bases = set()
    for form in short_forms(known):
        key = place_key(form)
        first = base_of(KIND_WORDS.split(FIRST_KIND.sub(" ", key).strip())[0])
        bases |= {base_of(key), first if " " in first else base_of(key)}
    return frozenset(bases)


@lru_cache(maxsize=LARGEST_TERRITORY)
def acronyms_of(name: str, kind: str) -> frozenset[str]:
    """Return the acronyms that an EPCI may have: « CCVH », « CABM », « POA », « MMM » (« 3M »)."""
    words = FIRST_KIND.sub("", place_key(name)).split()
    bare = KIND_WORDS.sub(" ", " ".join(words)).split()
    initials = {
        "".join(word[0] for word in name_words if keeps_articles or word not in SMALL_WORDS)
        for name_words in (words, bare)
        for keeps_articles in (True, False)
    }
    prefix = {"CC": "cc", "CA": "ca", "CU": "cu"}.get(kind, "")
    forms = initials | {prefix + letters for letters in initials}
    if kind == "CA":
        forms |= {f"{letters}a" for letters in initials}
    return frozenset(form for form in forms if len(form) > 2) - NO_ACRONYM


def match_place(text: str, places: Sequence[KnownPlace]) -> Affiliation | list[Affiliation]:
    """Return the only place that `text` can mean, else the closest ones; none when nothing is
    close."""
    meant, is_sure = _meant(text, places)
    if len(meant) == 1 and is_sure:
        return meant[0].place
    if meant:
        return _names(meant)[:SAME]
    parts = [part for part in PARTS.split(text) if place_key(part)]
    if len(parts) > 1:
        by_part = [match_place(part, places) for part in parts]
        sure_places = [place for place in by_part if isinstance(place, Affiliation)]
        if sure_places:
            return list(dict.fromkeys(sure_places))
    return closest(text, places)


def _names(places: Iterable[KnownPlace]) -> list[Affiliation]:
    return list(dict.fromkeys(known.place for known in places))


def _meant(text: str, places: Sequence[KnownPlace]) -> tuple[list[KnownPlace], bool]:
    """Return the places that a text can mean, and whether a single one is surely meant."""
    whole = district_key(place_key(text))
    if exact := [known for known in places if whole in known.keys]:
        return exact, True
    codes = {code.upper().zfill(5) for code in CODE.findall(text)}
    codes |= {code[:9] for code in codes if len(code) == 14}
    coded = [known for known in places if known.codes & codes]
    bare = CEDEX.sub(" ", CODE.sub(" ", text)).strip()
    department = IN_DEPARTMENT.search(bare)
    bare = IN_DEPARTMENT.sub(" ", bare)
    key = district_key(place_key(BRACKETED.sub(_kind_in_brackets, bare)))
    if not key:
        return coded, True
    named, is_sure = _named(key, places)
    if department is not None:
        start = (department[1] or department[2]).upper()
        inside = [
            known
            for known in named
            if known.kind or (known.place.commune_code or "").startswith(start)
        ]
        named, is_sure = (inside, is_sure) if inside else (named, False)
    if not codes or not named:
        return (named, is_sure) if named else (coded[:SAME], False)
    agreeing = [known for known in named if known.codes & codes]
    if agreeing:
        return agreeing, is_sure
    is_special = not coded and len(named) == 1
    starts = {code[:2] for code in codes}
    if is_special and {code[:2] for code in named[0].codes if len(code) == 5} & starts:
        return named, is_sure
    return [*named, *coded], False


def _kind_in_brackets(brackets: re.Match[str]) -> str:
    """Return what brackets hold where it is the kind of an EPCI: « Lunel (agglo) »."""
    key = place_key(brackets[0])
    return f" {key}" if FIRST_KIND.match(key) or KIND_WORDS.search(key) else " "


def _named(key: str, places: Sequence[KnownPlace]) -> tuple[list[KnownPlace], bool]:
    """Return the places of this name, and whether a single one is surely meant."""
    communes = [known for known in places if not known.kind]
    epcis = [known for known in places if known.kind]
    if TOWN_HALL.match(f"{key} "):
        bare = district_key(TOWN_HALL.sub("", key))
        return _same_name(bare, communes), True
    if FIRST_KIND.match(key) or KIND_WORDS.search(key):
        return _epcis(key, epcis, communes)
    if same := _same_name(key, places):
        return same, True
    if same := [known for known in epcis if _has_acronym(known, key)]:
        return same, _is_full_acronym(same[0], key)
    if same := [known for known in epcis if base_of(key) in bases_of(known)]:
        return same, True
    if key.startswith(("grand ", "le grand ", "grande ")):
        return _epcis(re.sub(r"^(?:le )?grande? ", "", key), epcis, communes)[0], False
    return [], False


def _has_acronym(known: KnownPlace, key: str) -> bool:
    """Return whether a text is an acronym of an EPCI, alone or beside words of its name."""
    key = re.sub(r"\b([2-9]) ?([a-z])\b", lambda match: match[2] * int(match[1]), key)
    acronyms = acronyms_of(known.names[0], known.kind)
    if key.replace(" ", "") in acronyms:
        return True
    words = set(base_of(key).split())
    return bool(words & acronyms) and words - acronyms <= set(
        base_of(place_key(known.names[0])).split()
    )


def _is_full_acronym(known: KnownPlace, key: str) -> bool:
    """Return whether an acronym says the kind of its EPCI, as « CABM » does; « SAM » alone may be
    another body."""
    acronym = key.replace(" ", "")
    with_kind = acronym.startswith(known.kind.lower()) and len(acronym) > 3
    is_beside_words = " " in key and max(map(len, key.split())) > 2
    return with_kind or known.kind == "Métropole" or is_beside_words


def _same_name(key: str, places: Sequence[KnownPlace]) -> list[KnownPlace]:
    exact = [known for known in places if key in known.keys]
    return exact or [known for known in places if loose_key(key) in known.loose_keys]


def _epcis(
    key: str, epcis: Sequence[KnownPlace], communes: Sequence[KnownPlace]
) -> tuple[list[KnownPlace], bool]:
    """Return the EPCI of this name. One that holds the commune whose name begins its own is surely
    meant: « Agglo Sète »; the others are offered."""
    base = base_of(key)
    is_small = SMALL_KIND.search(key) is not None
    if not base:
        same_kind = [known for known in epcis if (known.kind == "CC") == is_small]
        return same_kind[:SUGGESTIONS], False
    same = [known for known in epcis if base in bases_of(known)]
    same = same or [known for known in epcis if _has_acronym(known, key)]
    if same:
        own_kind = [known for known in same if (known.kind == "CC") == is_small]
        return own_kind or same, True
    towns = {known.epci_siren for known in communes if base in known.loose_keys}
    holders = [known for known in epcis if known.place.epci_siren in towns]
    bases = {known: base_of(place_key(known.names[0])) for known in epcis}
    begun = [known for known in holders if f"{bases[known]} ".startswith(f"{base} ")]
    if len(begun) == 1:
        return begun, (begun[0].kind == "CC") == is_small
    near = [known for known in epcis if _holds_words(bases[known], base.split())]
    return list(dict.fromkeys([*holders, *near])), False


def closest(text: str, places: Sequence[KnownPlace]) -> list[Affiliation]:
    """Return the places closest to a text.

    First those whose name it holds, then those that hold its words, those whose words are near
    them, those whose whole name is spelt almost the same. Only EPCI where the text names a kind.
    """
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import extract

    key = place_key(CODE.sub(" ", text)) or place_key(text)
    if FIRST_KIND.match(key) or KIND_WORDS.search(key):
        places = [known for known in places if known.kind]
        key = base_of(key)
    key = TOWN_HALL.sub("", key)
    affiliations = [known.place for known in places]
    keys = [place_key(place.name) for place in affiliations]
    loose = [loose_key(candidate) for candidate in keys]
    words = f" {loose_key(key)} "
    held = [place for place, own in zip(affiliations, loose, strict=True) if f" {own} " in words]
    matches = dict.fromkeys([*held, *containing(key, affiliations, keys)])
    near_places = nearest(loose_key(key), zip(affiliations, loose, strict=True), SUGGESTIONS)
    similar = extract(loose_key(key), loose, scorer=ratio, limit=SUGGESTIONS, score_cutoff=SIMILAR)
    matches |= dict.fromkeys([*near_places, *(affiliations[number] for *_, number in similar)])
    return list(matches)[:SUGGESTIONS]


def containing(key: str, places: Sequence[Affiliation], keys: Sequence[str]) -> list[Affiliation]:
    """Return places in whose key each word of `key` begins a word; those that begin with it come
    first."""
    words = [word for word in key.split() if word not in ARTICLES] or key.split()
    if not words:
        return []
    matches = [
        (not place_key.startswith(key), len(place_key), place_key, place)
        for place, place_key in zip(places, keys, strict=True)
        if _holds_words(place_key, words)
    ]
    return [place for *_, place in sorted(matches, key=lambda row: row[:3])]


def _holds_words(key: str, parts: Iterable[str]) -> bool:
    """Return whether each part begins a word of a key."""
    return all(any(word.startswith(part) for word in key.split()) for part in parts)
