"""What the pages of duplicates show: registrations side by side, reasons, what a merge does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from salon.badges.models import Attendee, Category, MergedPerson
from salon.badges.models.labels import printed_function
from salon.badges.presenters import registration_words
from salon.badges.queries import short_code
from salon.duplicates import queries
from salon.duplicates.queries import Candidates, Pair
from salon.duplicates.rules import SPEAK_AGAINST, BadgeUse, OrganisationReason, held_badge
from salon.duplicates.services.merging import PARTS
from salon.exhibitors.models import Exhibitor
from salon.fair.models import Edition
from salon.platform.words import formats
from salon.platform.words.likeness import Likeness, Reason, Verdict
from salon.platform.words.person_names import Gap
from salon.staffing.queries.agents import agents_of

AGAINST = {
    *(Reason.SHARED_ADDRESS, Reason.OTHER_FUNCTION, Reason.OTHER_PLACE, Reason.OTHER_ADDRESS),
    *(Reason.OTHER_CIVILITY, Reason.OTHER_GENERATION, Gap.OTHER_FIRST, Gap.OTHER_LAST),
}
PART_LABELS = {
    "name": "Nom imprimé",
    "function": "Fonction imprimée",
    "place": "Commune ou organisme imprimé",
    "contact": "Adresse électronique et téléphone",
}


@dataclass(frozen=True)
class Card:
    """A registration as it is compared with others: how it was made, what became of its badge."""

    person: Attendee
    function: str
    registered: str
    badge: str
    uses: Sequence[tuple[str, str, str]]
    """State of the badge: kind, words and icon of each mark."""
    appointments: int
    is_kept: bool


@dataclass(frozen=True)
class Reasons:
    """Why two registrations, or two agents, are one person or are not."""

    first: Any
    second: Any
    score: int
    is_almost_sure: bool
    speaks_for: str
    speaks_against: str

    @property
    def ids(self) -> str:
        return f"{self.first.id},{self.second.id}"


@dataclass(frozen=True)
class Group:
    """Registrations that may be of one person."""

    cards: Sequence[Card]
    reasons: Sequence[Reasons]

    @property
    def names(self) -> str:
        return ", ".join(dict.fromkeys(card.person.full_name for card in self.cards))

    @property
    def score(self) -> int:
        return max(reasons.score for reasons in self.reasons)

    @property
    def ids(self) -> list[int]:
        return [card.person.id for card in self.cards]


def present_groups(edition_id: int, candidates: Sequence[Candidates]) -> list[Group]:
    """Return the groups of a page, read with as many statements for one as for fifty."""
    ids = {number for group in candidates for number in group.ids}
    cards = {card.person.id: card for card in present_people(edition_id, sorted(ids))}
    people = {number: card.person for number, card in cards.items()}
    return [
        Group(
            [card for number, card in cards.items() if number in group.ids],
            [_reasons(pair, people) for pair in sorted(group.pairs, key=_likeliest_first)],
        )
        for group in candidates
        if cards.keys() >= set(group.ids)
    ]


def present_people(edition_id: int, ids: Sequence[int], held: BadgeUse | None = None) -> list[Card]:
    """Return registrations, the first made first; `held`: the badge that a merge keeps."""
    people = queries.people_of(edition_id, ids)
    uses = {use.attendee_id: use for use in queries.badge_uses(ids)}
    counts = queries.count_rows(ids)
    return [
        _card(person, uses.get(person.id), counts.get(person.id, {}), held) for person in people
    ]


def _card(
    person: Attendee, use: BadgeUse | None, counts: Mapping[str, int], held: BadgeUse | None
) -> Card:
    badge = next((badge for badge in person.badges if badge.is_valid), None)
    return Card(
        person=person,
        function=printed_function(person.function, person.function_other, person.civility),
        registered=registration_words(person),
        badge=short_code(badge.code) if badge else "",
        uses=_uses(use),
        appointments=counts.get("appointments", 0),
        is_kept=held is not None and held.attendee_id == person.id,
    )


def _uses(use: BadgeUse | None) -> list[tuple[str, str, str]]:
    if use is None:
        return [("danger", "Badge révoqué", "slash-circle")]
    marks = []
    if use.scanned_at is not None:
        word = "À l’intérieur depuis" if use.is_inside else "Passé à une porte"
        marks.append(("ok", f"{word} {formats.short_moment(use.scanned_at)}", "door-open"))
    if use.printed_at is not None:
        marks.append(("ok", f"Imprimé {formats.short_moment(use.printed_at)}", "printer"))
    return marks or [("neutral", "Ni imprimé ni passé", "circle")]


def _likeliest_first(pair: Pair) -> tuple[int, int, int]:
    return -pair[2].score, pair[0], pair[1]


def _reasons(pair: Pair, people: Mapping[int, object]) -> Reasons:
    first_id, second_id, likeness = pair
    return Reasons(
        people[first_id],
        people[second_id],
        likeness.score,
        likeness.verdict is Verdict.SAME,
        *split_reasons(likeness),
    )


def present_agents(edition: Edition, groups: Sequence[Candidates]) -> list[Reasons]:
    """Return the pairs of agents who may be one person, the likeliest first."""
    agents = {agent.id: agent for agent in agents_of(edition)}
    pairs = [pair for group in groups for pair in group.pairs]
    return [_reasons(pair, agents) for pair in sorted(pairs, key=_likeliest_first)]


@dataclass(frozen=True)
class AlikeExhibitors:
    """Two applications that may be of one organisation, and why."""

    exhibitors: Sequence[Exhibitor]
    speaks_for: str
    speaks_against: str

    @property
    def ids(self) -> str:
        return ",".join(str(exhibitor.id) for exhibitor in self.exhibitors)


def present_exhibitors(
    pairs: Sequence[tuple[Exhibitor, Exhibitor, Sequence[OrganisationReason]]],
) -> list[AlikeExhibitors]:
    """Return the pairs of applications, those for which most speaks first."""
    shown = []
    for first, second, reasons in pairs:
        against = [reason.label for reason in reasons if reason in SPEAK_AGAINST]
        for_one = [reason.label for reason in reasons if reason not in SPEAK_AGAINST]
        row = AlikeExhibitors((first, second), ", ".join(for_one), ", ".join(against))
        shown.append((len(against) - len(for_one), row))
    return [row for _, row in sorted(shown, key=lambda ranked: ranked[0])]


def split_reasons(likeness: Likeness) -> tuple[str, str]:
    """Return what speaks for one person and what speaks for two, « même nom, même fonction »."""
    speaks_for = [reason.label for reason in likeness.reasons if reason not in AGAINST]
    speaks_against = [reason.label for reason in likeness.reasons if reason in AGAINST]
    return ", ".join(speaks_for), ", ".join(speaks_against)


def why_held(use: BadgeUse) -> str:
    """Return why this badge is the one that the person holds."""
    if use.is_inside:
        return "C’est avec lui que la personne est entrée."
    if use.scanned_at is not None:
        return "C’est le dernier à être passé à une porte."
    if use.printed_at is not None:
        return "C’est le dernier à avoir été imprimé."
    return "Aucun n’est imprimé ni passé à une porte : c’est le premier émis."


def part_choices(people: Sequence[Attendee]) -> dict[str, dict[str, str]]:
    """Return for each part on which registrations differ: which gives what, the first of each."""
    choices: dict[str, dict[str, str]] = {}
    for part in PARTS:
        words: dict[str, str] = {}
        for person in people:
            text = _part_words(part, person)
            if text not in words.values():
                words[str(person.id)] = text
        if len(words) > 1:
            choices[part] = words
    return choices


def _part_words(part: str, person: Attendee) -> str:
    if part == "name":
        return person.full_name
    if part == "function":
        word = Category(person.category).word(person.civility)
        words = printed_function(person.function, person.function_other, person.civility)
        return f"{words} (badge {word})" if words else f"Badge {word}"
    if part == "place":
        return person.on_behalf_of
    return ", ".join(filter(None, (person.email, person.phone))) or "Aucune"


def default_sources(people: Sequence[Attendee], held: BadgeUse) -> dict[str, int]:
    """Return which registration gives each part unless the organiser chooses: that of the badge,
    or the first with an address."""
    first = next(person for person in people if person.id == held.attendee_id)
    reachable = next((person for person in (first, *people) if person.email), first)
    return {part: (reachable if part == "contact" else first).id for part in PARTS}


def held_of(people: Sequence[Attendee]) -> BadgeUse:
    """Return the badge that a merge of these registrations keeps. Raises NoValidBadge."""
    return held_badge(queries.badge_uses([person.id for person in people]))


def clash_choices(ids: Sequence[int]) -> list[dict[str, str]]:
    """Return the appointments among which one stays, for each clash."""
    return [
        {
            str(appointment.id): f"{formats.short_moment(appointment.starts_at)}, "
            f"{appointment.theme.name}, {appointment.agent.polite_name}"
            for appointment in clash
        }
        for clash in queries.clashes_of(ids)
    ]


@dataclass(frozen=True)
class MadeMerge:
    """A merge as the list of those made shows it."""

    kept: Attendee
    former: Sequence[Attendee]
    when: str
    who: str
    is_last: bool


def present_merges(edition_id: int) -> list[MadeMerge]:
    """Return the merges of an edition, the last first."""
    batches: dict[tuple[int, datetime], list[MergedPerson]] = {}
    for merge in queries.merges_of(edition_id, MergedPerson):
        batches.setdefault((merge.kept_id, merge.merged_at), []).append(merge)
    seen: set[int] = set()
    merges = []
    for (kept_id, at), rows in batches.items():
        former = [row.attendee for row in rows]
        is_last = kept_id not in seen
        seen.add(kept_id)
        words = formats.short_moment(at)
        merges.append(MadeMerge(rows[0].kept, former, words, rows[0].merged_by, is_last))
    return merges


def what_follows(people: Sequence[Attendee], held: BadgeUse) -> list[str]:
    """Return what a merge does, sentence by sentence."""
    former = [person for person in people if person.id != held.attendee_id]
    totals: dict[str, int] = {}
    for counts in queries.count_rows([person.id for person in former]).values():
        for table, count in counts.items():
            totals[table] = totals.get(table, 0) + count
    moved = [
        formats.plural(totals[table], *words)
        for table, words in ROW_WORDS.items()
        if totals.get(table)
    ]
    addresses = sorted({person.email for person in former if person.email})
    count = len(former)
    badge = (
        "L’autre badge n’ouvre plus" if count == 1 else f"Les {count} autres badges n’ouvrent plus"
    )
    sentences = [f"{badge} aucune porte : à l’écran, l’hôte lit le numéro de celui-ci."]
    if moved:
        sentences.append(f"Suivent la personne : {', '.join(moved)}.")
    sentences.append(
        "Passages aux portes, consentements, historique et liens privés mènent à l’inscription "
        "gardée."
    )
    if addresses:
        sentences.append(f"Un courriel donne le badge qui reste à : {', '.join(addresses)}.")
    return sentences


ROW_WORDS = {
    "appointments": ("rendez-vous", "rendez-vous"),
    "waiting_entries": ("place en liste d’attente", "places en liste d’attente"),
    "queue_tickets": ("numéro de file", "numéros de file"),
    "leads": ("contact laissé à un exposant", "contacts laissés à des exposants"),
}
