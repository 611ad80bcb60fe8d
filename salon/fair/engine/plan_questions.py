"""What somebody who writes « où est le stand 66 ? » looks for on the plan."""

import re
from collections.abc import Iterable, Sequence

from salon.fair.models import Landmark, LandmarkKind
from salon.platform.words.texts import folded

_LITTLE_WORDS = (
    "a au aux avec c ce comment d dans de des du en est et faire fait il ils j je l la le les ma "
    "me mes moi mon n nous on ou par peut plait pour puis qu que quel quelle qui s sa se "
    "ses son sont sur svp t trouve trouver un une va vais va y aller cherche chercher vers voir "
    "vous numero no num stand stands emplacement proche plus pres salon bonjour merci"
)
LITTLE_WORDS = frozenset(_LITTLE_WORDS.split())
"""Words of a question that name nothing on a plan."""
SAME_WORDS = {
    "conseil departemental": "departement",
    "conseil general": "departement",
    "conseil d architecture": "caue",
    "pompier": "sdis",
    "pompiers": "sdis",
    "subvention": "aides",
    "subventions": "aides",
    "moustique": "demoustication",
    "moustiques": "demoustication",
}
"""What people call a body of the village, and a word of its name."""
_WORDS_OF_KINDS = {
    LandmarkKind.ENTRANCE: "entree entrees entre entrer entrent rentre rentrer porte portes sortie "
    "sorties sortir",
    LandmarkKind.RECEPTION: "accueil reception renseignement renseignements information "
    "informations hotesse hotesses badge badges",
    LandmarkKind.TOILETS: "toilette toilettes wc sanitaire sanitaires lavabo lavabos pipi urinoir",
    LandmarkKind.FOOD: "restaurant restaurants restauration repas dejeuner dejeune manger mange "
    "buvette bar cafe cafeteria boire boit sandwich sandwichs faim soif buffet midi",
    LandmarkKind.ROOM: "salle salles conference conferences amphitheatre amphi auditorium",
    LandmarkKind.FIRST_AID: "infirmerie infirmier infirmiere secours secouriste secouristes "
    "medecin docteur malaise malade blesse blessure defibrillateur soins",
    LandmarkKind.CLOAKROOM: "vestiaire vestiaires manteau manteaux bagage bagages consigne valise "
    "valises",
    LandmarkKind.PARKING: "parking parkings garer stationner stationnement voiture voitures",
}
KINDS_BY_WORD = {word: kind for kind, words in _WORDS_OF_KINDS.items() for word in words.split()}
_STEP_FREE = (
    "pmr handicape handicapes handicapee handicap fauteuil accessible accessibles adapte adaptee "
    "adaptees adaptes roulant"
)
STEP_FREE_WORDS = frozenset(_STEP_FREE.split())
_ELSEWHERE = "ascenseur ascenseurs fumer fumeur fumeurs navette gare"
ELSEWHERE = frozenset(_ELSEWHERE.split())
"""Words of places that are seldom on a plan."""
HALL = re.compile(r"\bhall (\w+)\b")


def subject_of(search: str) -> str:
    """Return the words of a search that name something, folded: « 66 » of « Où est le stand 66 ? ».

    A search of little words alone is returned whole.
    """
    text = folded(search)
    for words, name in SAME_WORDS.items():
        text = f" {text} ".replace(f" {words} ", f" {name} ").strip()
    return " ".join(word for word in text.split() if word not in LITTLE_WORDS) or text


def hall_meant(search: str, names: Iterable[str]) -> tuple[str, str]:
    """Return (name of the hall that a search names, the search without it); "" without a hall."""
    by_key = {folded(name): name for name in names}
    text = folded(search)
    match = HALL.search(text)
    if match is None or match[1] not in by_key:
        return "", search
    return by_key[match[1]], (text[: match.start()] + text[match.end() :]).strip()


def kinds_meant(subject: str) -> set[LandmarkKind]:
    """Return the kinds of landmark that a search asks for."""
    return {KINDS_BY_WORD[word] for word in subject.split() if word in KINDS_BY_WORD}


def landmarks_meant(search: str, landmarks: Sequence[Landmark], is_alone: bool) -> list[Landmark]:
    """Return the landmarks that a search asks for, by their kind or their name.

    Words that say neither are put up with where nothing else answers (`is_alone`). One that is
    named more fully hides the others: « entrée B »; so does one usable in a wheelchair, if asked.
    """
    subject, words = subject_of(search), set(folded(search).split())
    kinds, wants_step_free = kinds_meant(subject), not STEP_FREE_WORDS.isdisjoint(words)
    rest = set(subject.split()) - KINDS_BY_WORD.keys() - STEP_FREE_WORDS
    keys = {landmark: folded(f"{landmark.kind.label} {landmark.name}") for landmark in landmarks}
    matches = [
        landmark
        for landmark, key in keys.items()
        if (landmark.kind in kinds and (is_alone or rest <= set(key.split())))
        or (not kinds and rest and is_named(" ".join(subject.split()), folded(landmark.name)))
        or (not kinds and not rest and wants_step_free and landmark.is_step_free)
    ]
    if wants_step_free:
        matches = [landmark for landmark in matches if landmark.is_step_free] or matches
    scores = {landmark: len(words & set(folded(landmark.name).split())) for landmark in matches}
    best = max(scores.values(), default=0)
    return [landmark for landmark in matches if scores[landmark] == best]


def is_number(subject: str, number: str) -> bool:
    """Return whether a subject is the number of a stand: « 66 », « n66 », « a 12 », « 066 »."""
    written, numbered = subject.replace(" ", ""), folded(number).replace(" ", "")
    return numbered in (written, written.lstrip("0"), written.removeprefix("n"))


def is_named(subject: str, key: str) -> bool:
    """Return whether a name, folded, holds a subject; one or two letters must be a whole word."""
    return subject in key if len(subject) > 2 else subject in key.split()


def asks_for_a_place(subject: str) -> bool:
    """Return whether it is no stand that is looked for, but the toilets, a meal, the car park."""
    words = subject.split()
    known = KINDS_BY_WORD.keys() | STEP_FREE_WORDS | ELSEWHERE
    return not known.isdisjoint(words)
