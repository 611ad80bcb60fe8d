"""What a typed function says of a person: elected, agent of a public body, visitor, or to be asked.

A function is cut into its titles (« Maire, vice-président de la CC »); each is read from the stem
of its first noun and from what follows it. A mandate wins over a post; what no stem decides between
a mandate and something else is asked, never guessed.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from salon.badges.engine import title_stems as stems
from salon.badges.engine.title_stems import AGENT, ELECTED, UNSURE, VISITOR, TitleKind
from salon.badges.models.labels import Function
from salon.platform.words.people import Civility
from salon.platform.words.texts import folded


@dataclass(frozen=True)
class Title:
    """A function as it is understood; `function`: that of the list which is nearest to it."""

    kind: TitleKind
    function: Function
    civility: str = ""


def read_title(text: str) -> Title:
    """Return what a typed function says of a person."""
    titles = _titles(text)
    kinds = [_kind(title) for title in titles]
    kind = next((kind for kind in (ELECTED, UNSURE, AGENT, VISITOR) if kind in kinds), UNSURE)
    is_former_shared = any(
        stems.FORMER.search(title) and following.startswith("et ")
        for title, following in pairwise(titles)
    )
    is_deputy_of_agent = kinds[:1] == [AGENT] and bool({"adjoint", "et adjoint"} & {*titles})
    if kind is ELECTED and (is_former_shared or is_deputy_of_agent):
        kind = UNSURE
    title = titles[kinds.index(kind)] if kind in kinds else ""
    return Title(kind, _function(title, kind), gender_of(text))


def _titles(text: str) -> list[str]:
    """Return the titles of a function, without what only completes the one before."""
    single = stems.DOTTED.sub(lambda match: match[0].replace(".", ""), text)
    single = stems.BOTH.sub(r"\1", stems.INCLUSIVE.sub("", single))
    single = re.sub(r"\b([A-Z])[\s-](?=[A-Z]\b)", r"\1", single)
    parts = stems.CUT.split(re.sub(r"(?i)\bvice\s*-\s*", "vice ", single))
    titles = [title for part in parts if (title := _plain(part)) and title != "et"]
    return titles[:1] + [title for title in titles[1:] if not stems.COMPLEMENT.match(title)]


def _plain(part: str) -> str:
    """Return a title in the words of the tables: whole, masculine, without accents."""
    plain: list[str] = []
    for number, word in enumerate(folded(part).split()):
        if number == 0:
            word = stems.AS_FIRST.get(word, word)
        elif plain[0] == "conseiller":
            word = stems.AFTER_COUNCILLOR.get(word, word)
        feminine, masculine = _ending(word)
        word = word.removesuffix(feminine) + masculine if feminine else word
        plain.append(stems.ABBREVIATIONS.get(word, word))
    return " ".join(plain)


def _ending(word: str) -> tuple[str, str]:
    """Return the feminine ending of a word and its masculine one, both "" without."""
    return next(((fem, masc) for fem, masc in stems.ROOTS if word.endswith(fem)), ("", ""))


def _kind(title: str) -> TitleKind:
    """Return the kind that one title gives."""
    bare = title.removeprefix("et ")
    if stems.FORMER.search(bare):
        return VISITOR
    is_candidate = stems.CANDIDATE.search(bare) or stems.YOUTH.search(bare)
    bare = stems.SKIPPED.sub("", f"{bare} ").strip()
    if is_candidate and stems.STEM.search(bare):
        return UNSURE
    head = stems.HEADS.match(bare)
    if head is None:
        return _post(bare)
    for pattern, kind in stems.TABLE.get(head["head"], ((r"", UNSURE),)):
        if re.search(pattern, head["rest"]):
            return kind
    return UNSURE


def _post(bare: str) -> TitleKind:
    """Return the kind of a title whose first noun is no mandate."""
    if stems.NO_TITLE.match(bare):
        return UNSURE
    if stems.STAFF_HEADS.match(bare):
        return VISITOR if stems.PRIVATE_POST.search(bare) else AGENT
    stem = stems.STEM.search(bare)
    if stem is None:
        return UNSURE if _is_misspelt_stem(bare) else VISITOR
    if stems.OF_STEM.search(bare):
        return VISITOR
    if stems.ADJECTIVE.search(bare):
        return UNSURE
    inner = _kind(bare[stem.start() :])
    return inner if inner is ELECTED else UNSURE


def _is_misspelt_stem(bare: str) -> bool:
    """Return whether a word is nearly a mandate: « Mair », « Presidant »."""
    from rapidfuzz.distance import OSA

    return any(
        OSA.distance(word, stem) <= (2 if len(word) > 6 else 1)
        for word in bare.split()
        if len(word) > 3 and word not in ("mairie", "maitre")
        for stem in stems.STEMS
    )


def _function(title: str, kind: TitleKind) -> Function:
    """Return the function of the list that is nearest to a title."""
    bare = stems.SKIPPED.sub("", f"{title.removeprefix('et ')} ").strip()
    if kind is ELECTED:
        if re.search(rf"^vice president.*\b{stems.EPCI}", bare):
            return Function.EPCI_VICE_PRESIDENT
        if re.search(rf"^president.*\b{stems.EPCI}", bare):
            return Function.EPCI_PRESIDENT
        matching = (function for pattern, function in stems.FUNCTIONS if re.search(pattern, bare))
        return next(matching, Function.OTHER_ELECTED)
    if kind is AGENT:
        matching = (function for pattern, function in stems.STAFF if re.search(pattern, bare))
        return next(matching, Function.OTHER)
    return Function.OTHER


def gender_of(text: str) -> str:
    """Return the civility that the words of a function mean; "" for « maire » or « adjoint(e) »."""
    if stems.INCLUSIVE.search(text) or stems.BOTH.search(text):
        return ""
    for part in stems.CUT.split(text):
        words = [word for word in folded(part).split() if word != "et"]
        if words[:1] == ["m"] and words[1:2] == ["le"]:
            return Civility.MONSIEUR.value
        for word in words:
            if word in stems.EPICENE:
                continue
            if stems.FEMININE.search(word) or _ending(word)[0]:
                return Civility.MADAME.value
            if stems.MASCULINE.search(word) or word.endswith(stems.MASCULINE_ENDINGS):
                return Civility.MONSIEUR.value
            is_neutral = word in stems.ABBREVIATIONS or stems.SKIPPED.match(f"{word} ")
            if not is_neutral:
                break
    return ""
