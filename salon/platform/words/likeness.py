"""Whether two entries of lists are the same person: names first, then what stands beside them.

Nothing here merges: `SAME` is said where no human would hesitate, `LIKELY` is asked. A mailbox that
several people share says nothing of a person.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import combinations, product

from salon.platform.words.first_names import FIRST_NAMES
from salon.platform.words.identities import LITTLE_WORDS, Entry, Identity
from salon.platform.words.labels import LabelledEnum
from salon.platform.words.person_names import (
    SHORT_FORMS,
    Gap,
    NameGap,
    PersonName,
    compare,
    is_near,
)
from salon.platform.words.search import sound
from salon.platform.words.texts import folded

__all__ = (
    "Identity",
    "Likeness",
    "Reason",
    "Verdict",
    "are_organisations_alike",
    "likely_pairs",
    "likeness",
    "resembling",
    "shared_mailboxes",
)
LEGAL_WORDS = LITTLE_WORDS.union(
    ("sarl", "sas", "sasu", "sa", "eurl", "sci", "scop", "snc", "ste", "societe", "ets"),
    ("etablissements", "entreprise", "groupe", "association", "cie", "compagnie", "france"),
)
"""Words of the name of an organisation that do not tell it from another."""
NEIGHBOURS = 20
"""In a block of more than twice as many entries, each is compared with so many that follow it."""
MOST_COMPARED = 20_000
"""Pairs of a block of newcomers and registered people."""


class Verdict(Enum):
    SAME = "same"
    LIKELY = "likely"
    DIFFERENT = "different"


class Reason(LabelledEnum):
    """What speaks for or against two entries being one person, apart from their names."""

    INVERTED = "inverted", "nom et prénom inversés"
    PERSONAL_ADDRESS = "personal_address", "même adresse personnelle"
    SHARED_ADDRESS = "shared_address", "adresse partagée"
    MOBILE = "mobile", "même téléphone portable"
    TELEPHONE = "telephone", "même téléphone"
    UNIQUE_FUNCTION = "unique_function", "même fonction unique au même endroit"
    SAME_FUNCTION = "same_function", "même fonction"
    OTHER_FUNCTION = "other_function", "fonctions différentes"
    SAME_PLACE = "same_place", "même commune ou organisme"
    OTHER_PLACE = "other_place", "communes ou organismes différents"
    OTHER_ADDRESS = "other_address", "adresses différentes"
    OTHER_CIVILITY = "other_civility", "civilités différentes"
    OTHER_GENERATION = "other_generation", "père et fils"


BOUNDS = {Verdict.SAME: (85, 100), Verdict.LIKELY: (40, 84), Verdict.DIFFERENT: (0, 39)}
POINTS = {
    Reason.PERSONAL_ADDRESS: 30,
    Reason.UNIQUE_FUNCTION: 20,
    Reason.MOBILE: 20,
    Reason.SAME_PLACE: 10,
    Reason.SHARED_ADDRESS: 5,
    Reason.TELEPHONE: 5,
    Reason.SAME_FUNCTION: 5,
    Reason.OTHER_FUNCTION: -10,
    Reason.OTHER_PLACE: -20,
    Reason.OTHER_CIVILITY: -20,
}
BESIDE_UNIQUE = (Reason.SAME_PLACE, Reason.SAME_FUNCTION, Reason.OTHER_FUNCTION)
"""What a function that one person has in a place says already."""


@dataclass(frozen=True)
class Likeness:
    """Whether two entries are one person; `reasons`: for, then against, with French labels."""

    verdict: Verdict
    score: int
    reasons: tuple[Gap | Reason, ...]

    @property
    def words(self) -> str:
        """The reasons in one line: « même nom, même adresse personnelle »."""
        return ", ".join(reason.label for reason in self.reasons)


def likeness(
    identity: Identity, other: Identity, shared_mailboxes: Collection[str] = ()
) -> Likeness:
    """Return whether two identities are one person, and why.

    `shared_mailboxes`: those that several people use (`shared_mailboxes`), besides the addresses
    that are an office's by their words.
    """
    return _judge(Entry(identity), Entry(other), shared_mailboxes)


def are_organisations_alike(name: str, other_name: str) -> bool:
    """Return whether two names may be one organisation: « SARL Dupont », « Dupont Frères »."""
    words, other_words = _telling_words(name), _telling_words(other_name)
    if not words or not other_words:
        return False
    whole, other_whole = "".join(words), "".join(other_words)
    is_part = {*words} <= {*other_words} or {*other_words} <= {*words}
    return is_part or whole == other_whole or is_near(whole, other_whole)


@lru_cache(maxsize=1_000)
def _telling_words(name: str) -> tuple[str, ...]:
    """Return the words that tell an organisation from another; a list compares each name often."""
    return tuple(word for word in folded(name).split() if word not in LEGAL_WORDS)


def shared_mailboxes(identities: Collection[Identity]) -> frozenset[str]:
    """Return the mailboxes that people of different names use."""
    return _shared([Entry(identity) for identity in identities])


def likely_pairs(identities: Mapping[int, Identity]) -> Iterator[tuple[int, int, Likeness]]:
    """Return the pairs that are, or may be, one person: (lower key, higher key, likeness)."""
    keys = sorted(identities)
    entries = [Entry(identities[key]) for key in keys]
    for rank, other_rank, answer in _judged(entries, _candidates(entries)):
        yield keys[rank], keys[other_rank], answer


def resembling(
    newcomers: Sequence[Identity], registered: Mapping[int, Identity]
) -> list[list[tuple[int, Likeness]]]:
    """Return for each newcomer the registered people who are or may be the same, nearest first."""
    keys, first = list(registered), len(registered)
    entries = [Entry(identity) for identity in (*registered.values(), *newcomers)]
    answers: list[list[tuple[int, Likeness]]] = [[] for _ in newcomers]
    for rank, other_rank, answer in _judged(entries, _candidates(entries, first)):
        answers[other_rank - first].append((keys[rank], answer))
    for matches in answers:
        matches.sort(key=lambda match: (-match[1].score, match[0]))
    return answers


def _judged(
    entries: Sequence[Entry], pairs: Collection[tuple[int, int]]
) -> Iterator[tuple[int, int, Likeness]]:
    """Return those of the pairs, by rank, that are or may be one person."""
    shared = _shared(entries)
    for rank, other_rank in sorted(pairs):
        answer = _judge(entries[rank], entries[other_rank], shared)
        if answer.verdict is not Verdict.DIFFERENT:
            yield rank, other_rank, answer


def _shared(entries: Collection[Entry]) -> frozenset[str]:
    users: dict[str, PersonName] = {}
    shared = set()
    for entry in entries:
        if not entry.mailbox or entry.mailbox in shared:
            continue
        user = users.setdefault(entry.mailbox, entry.name)
        if user is not entry.name and compare(user, entry.name).first is Gap.OTHER_FIRST:
            shared.add(entry.mailbox)
    return frozenset(shared)


def _candidates(entries: Sequence[Entry], first: int | None = None) -> set[tuple[int, int]]:
    """Return the pairs that share a key of `_block_keys`, by rank, the lower first.

    `first`: the rank of the first newcomer, of whom each is compared with the entries before alone.
    """
    blocks: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for rank, entry in enumerate(entries):
        for block_key in _block_keys(entry):
            blocks[block_key].append(rank)
    pairs: set[tuple[int, int]] = set()
    for ranks in blocks.values():
        if first is None:
            is_small = len(ranks) <= 2 * NEIGHBOURS
            block = combinations(ranks, 2) if is_small else _near(ranks, entries)
        else:
            split = bisect_left(ranks, first)
            most = MOST_COMPARED // max(1, len(ranks) - split)
            block = product(ranks[: min(split, most)], ranks[split:])
        pairs.update(block)
    return pairs


def _near(ranks: Sequence[int], entries: Sequence[Entry]) -> Iterator[tuple[int, int]]:
    """Return the pairs of a large block whose entries are beside one another."""
    ordered = sorted(ranks, key=lambda rank: _beside(entries[rank]))
    for place, rank in enumerate(ordered):
        for other_rank in ordered[place + 1 : place + 1 + NEIGHBOURS]:
            yield min(rank, other_rank), max(rank, other_rank)


def _beside(entry: Entry) -> tuple[str, ...]:
    return (entry.name.letters, entry.identity.place_code or "", entry.mailbox)


def _block_keys(entry: Entry) -> set[tuple[str, ...]]:
    """Return what two entries of one person have in common, one of these at least."""
    name = entry.name
    keys: set[tuple[str, ...]] = set()
    place = entry.identity.place_code or " ".join(sorted(entry.organisation))
    if FIRST_NAMES.issuperset(name.last) and not FIRST_NAMES.issuperset(name.first):
        name = name.inverted
    initials = {SHORT_FORMS.get(word, word)[:1] for word in name.first}
    for unit in {*name.last, *name.bare, "".join(name.last)}:
        keys |= {("last", sound(unit), beside) for beside in (*initials, place)}
    letters = name.letters
    keys |= {("letters", letters[:place] + letters[place + 1 :]) for place in range(len(letters))}
    keys.add(("letters", letters))
    if entry.mailbox and not entry.is_office:
        keys.add(("mailbox", entry.mailbox))
    if entry.telephone:
        keys.add(("telephone", entry.telephone))
    if place:
        keys |= {("role", place, role) for role in entry.roles}
    return keys


def _judge(entry: Entry, other: Entry, shared: Collection[str]) -> Likeness:
    gap = compare(entry.name, other.name)
    signs = _signs(entry, other, shared, gap)
    if _is_same(gap, signs):
        verdict = Verdict.SAME
    else:
        verdict = Verdict.LIKELY if _is_likely(gap, signs, entry, other) else Verdict.DIFFERENT
    names = sorted({gap.last, gap.first}, key=lambda kind: (kind.doubt, kind))
    if len(names) > 1:
        names = [kind for kind in names if kind is not Gap.SAME]
    hidden = BESIDE_UNIQUE if Reason.UNIQUE_FUNCTION in signs else ()
    shown = [sign for sign in Reason if sign in signs and sign not in hidden]
    return Likeness(verdict, _score(verdict, gap, signs), (*names, *shown))


def _signs(entry: Entry, other: Entry, shared: Collection[str], gap: NameGap) -> set[Reason]:
    """Return what stands for and against beside two names."""
    same_mailbox = bool(entry.mailbox) and entry.mailbox == other.mailbox
    is_office = entry.is_office or other.is_office or entry.mailbox in shared
    same_telephone = bool(entry.telephone) and entry.telephone == other.telephone
    is_mobile = same_telephone and entry.telephone[0] in "67"
    place = _same_place(entry, other)
    function = _same_function(entry.function, other.function)
    holds = {
        Reason.INVERTED: gap.is_inverted,
        Reason.PERSONAL_ADDRESS: same_mailbox and not is_office,
        Reason.MOBILE: is_mobile,
        Reason.TELEPHONE: same_telephone and not is_mobile,
        Reason.UNIQUE_FUNCTION: place is True and bool(entry.roles & other.roles),
        Reason.SAME_PLACE: place is True,
        Reason.SAME_FUNCTION: function is True,
        Reason.SHARED_ADDRESS: same_mailbox and is_office,
        Reason.OTHER_PLACE: place is False,
        Reason.OTHER_FUNCTION: function is False,
        Reason.OTHER_ADDRESS: bool(entry.mailbox and other.mailbox) and not same_mailbox,
        Reason.OTHER_CIVILITY: len({entry.civility, other.civility} - {""}) > 1,
        Reason.OTHER_GENERATION: entry.name.generation != other.name.generation,
    }
    return {sign for sign, is_true in holds.items() if is_true}


def _same_place(entry: Entry, other: Entry) -> bool | None:
    """Return whether the places are one; None: one is missing, or is an EPCI beside a commune."""
    code, other_code = entry.identity.place_code, other.identity.place_code
    if code and other_code:
        return code == other_code if len(code) == len(other_code) else None
    words, other_words = entry.organisation, other.organisation
    if not words or not other_words:
        return None
    return words <= other_words or other_words <= words


def _same_function(words: frozenset[str], other_words: frozenset[str]) -> bool | None:
    """Return whether the functions are one; None: one is missing, or says less than the other."""
    if words == other_words and words:
        return True
    return None if words <= other_words or other_words <= words else False


def _is_same(gap: NameGap, signs: set[Reason]) -> bool:
    """Return whether nobody would hesitate."""
    if signs & {Reason.OTHER_CIVILITY, Reason.OTHER_GENERATION}:
        return False
    is_personal = Reason.PERSONAL_ADDRESS in signs
    is_unique = Reason.UNIQUE_FUNCTION in signs
    if gap.doubt == 0:
        here = {Reason.MOBILE, Reason.SAME_PLACE}
        as_before = {Reason.SHARED_ADDRESS, Reason.SAME_PLACE, Reason.SAME_FUNCTION}
        return is_personal or is_unique or here <= signs or as_before <= signs
    if gap.doubt == 1:
        return is_personal or is_unique
    is_last_misspelt = gap.last is Gap.LETTER and gap.first is Gap.SAME
    if gap.doubt == 2 and (is_last_misspelt or gap.first is Gap.INITIAL):
        return is_personal and (is_unique or is_last_misspelt)
    return False


def _is_likely(gap: NameGap, signs: set[Reason], entry: Entry, other: Entry) -> bool:
    """Return whether the organiser is asked."""
    is_personal = Reason.PERSONAL_ADDRESS in signs
    is_unique = Reason.UNIQUE_FUNCTION in signs
    is_near = bool(signs & {Reason.SAME_PLACE, Reason.PERSONAL_ADDRESS, Reason.MOBILE})
    if Reason.OTHER_CIVILITY in signs and not (gap.doubt == 0 and is_near):
        return False
    if {entry.name.generation, other.name.generation} == {"older", "younger"}:
        return False
    if gap.doubt <= 2:
        return is_near or Reason.OTHER_PLACE not in signs
    if gap.doubt == 3:
        return is_near and Reason.OTHER_FUNCTION not in signs
    if gap.first is Gap.OTHER_FIRST:
        return is_unique and gap.last.doubt == 0
    if gap.last is Gap.OTHER_LAST:
        is_man = "monsieur" in (entry.civility, other.civility)
        may_have_married = not is_man and (is_unique or Reason.MOBILE in signs)
        return gap.first.doubt == 0 and (is_personal or may_have_married)
    return is_personal or is_unique


def _score(verdict: Verdict, gap: NameGap, signs: set[Reason]) -> int:
    """Return the likeness in hundredths, within the bounds of its verdict."""
    points = 65 - 10 * gap.doubt + sum(POINTS.get(sign, 0) for sign in signs)
    lowest, highest = BOUNDS[verdict]
    return min(max(points, lowest), highest)
