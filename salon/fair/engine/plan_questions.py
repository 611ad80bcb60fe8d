"""What somebody who writes « où est le stand 66 ? » looks for on the plan."""

from salon.platform.words.texts import folded

_LITTLE_WORDS = (
    "a au aux c ce d de des du en est et il j je l la le les ma me mon moi n nous on ou peut pour "
    "puis qu que quel quelle qui s sa se son sont sur svp t trouve trouver un une va vais va y "
    "aller cherche chercher plait vous voir numero no num stand stands emplacement dans"
)
LITTLE_WORDS = frozenset(_LITTLE_WORDS.split())
"""Words of a question that name nothing on a plan."""
SAME_WORDS = {
    "conseil departemental": "departement",
    "conseil general": "departement",
    "pompier": "sdis",
    "pompiers": "sdis",
}
"""What people call a body of the village, and a word of its name."""
_AMENITIES = (
    "toilette toilettes wc sanitaire sanitaires lavabo restaurant restauration repas dejeuner "
    "manger buvette bar cafe boire parking garer stationnement vestiaire vestiaires infirmerie "
    "secours accueil entree entrees sortie sorties porte portes ascenseur pmr fumer fumeur"
)
AMENITIES = frozenset(_AMENITIES.split())
"""Places that no stand holds."""


def subject_of(search: str) -> str:
    """Return the words of a search that name something, folded: « 66 » of « Où est le stand 66 ? ».

    A search of little words alone is returned whole.
    """
    text = folded(search)
    for words, name in SAME_WORDS.items():
        text = f" {text} ".replace(f" {words} ", f" {name} ").strip()
    return " ".join(word for word in text.split() if word not in LITTLE_WORDS) or text


def is_number(subject: str, number: str) -> bool:
    """Return whether a subject is the number of a stand: « 66 », « n66 », « a 12 », « 066 »."""
    written, numbered = subject.replace(" ", ""), folded(number).replace(" ", "")
    return numbered in (written, written.lstrip("0"), written.removeprefix("n"))


def is_named(subject: str, key: str) -> bool:
    """Return whether a name, folded, holds a subject; one or two letters must be a whole word."""
    return subject in key if len(subject) > 2 else subject in key.split()


def asks_for_an_amenity(subject: str) -> bool:
    """Return whether it is no stand that is looked for, but the toilets, a meal, the car park."""
    return not AMENITIES.isdisjoint(subject.split())
