"""Conflicts in French sentences: the event, the place, the time, the facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from salon.badges.models.labels import printed_function
from salon.entrance.models import Conflict, ConflictKind, Direction, Scan, Settlement, Verdict
from salon.entrance.queries.conflicts import ConflictFacts, StationScan
from salon.entrance.queries.places import DoorState
from salon.entrance.rules.conflicts import AT_ONCE, SETTLEMENTS
from salon.entrance.rules.zones import Barred, barred_message
from salon.platform.settings.clock import local
from salon.platform.words.formats import day, hour, plural, short_moment

Doors = Mapping[str, DoorState]

PICTURES = {
    ConflictKind.DOUBLE: "people",
    ConflictKind.REVOKED: "x-octagon-fill",
    ConflictKind.UNKNOWN: "question-circle",
    ConflictKind.NOT_ALLOWED: "exclamation-triangle-fill",
    ConflictKind.CLOCK: "clock-history",
    ConflictKind.UNREADABLE: "exclamation-circle-fill",
    ConflictKind.UNHEARD: "hourglass-split",
}

NOBODY = {ConflictKind.UNREADABLE: "Passage refusé à l’envoi"}
"""Titles of conflicts without a known holder."""

KIND_BUTTONS = {
    ConflictKind.DOUBLE: "Régler les {count} doubles comme la même personne",
    ConflictKind.CLOCK: "Accepter l’heure de réception de {count} passages",
    ConflictKind.REVOKED: "Noter non retrouvés les {count} porteurs de badge annulé",
    ConflictKind.UNKNOWN: "Noter non retrouvés les {count} inconnus",
    ConflictKind.NOT_ALLOWED: "Noter non retrouvés les {count} passés sans y avoir droit",
    ConflictKind.UNREADABLE: "Noter non retrouvés les {count} envois illisibles",
    ConflictKind.UNHEARD: "Noter non retrouvés les {count} passages sans réponse à temps",
}


@dataclass(frozen=True)
class ScanLine:
    """A scan as a line of the page. `is_this`: the scan of the conflict."""

    when: str
    door: str
    direction: str
    verdict: str
    shown: str
    station: str
    is_this: bool
    is_counted: bool


@dataclass(frozen=True)
class ConflictReport:
    """A conflict as shown on a page."""

    conflict: Conflict
    title: str
    sentence: str
    facts: list[str]
    holder: str
    attendee_id: int | None
    last_name: str
    lines: list[ScanLine]
    picture: str
    settlement: str
    offered: list[tuple[Settlement, str]]


def describe_conflict(facts: ConflictFacts, doors: Doors) -> ConflictReport:
    """Return the texts that a page shows of a conflict."""
    conflict, holder = facts.conflict, facts.holder
    settled = Settlement(conflict.settlement).label if conflict.settlement else ""
    description = ""
    if holder is not None:
        function = printed_function(holder.function, holder.function_other, holder.civility)
        description = ", ".join(text for text in (function, holder.on_behalf_of) if text)
    return ConflictReport(
        conflict=conflict,
        title=holder.full_name if holder else NOBODY.get(conflict.kind, "Personne inconnue"),
        sentence=sentence_of(facts, doors),
        facts=_facts(facts),
        holder=description,
        attendee_id=holder.id if holder else None,
        last_name=holder.last_name if holder else "",
        lines=[_line(step, facts.scan) for step in facts.steps],
        picture=PICTURES[conflict.kind],
        settlement=settled,
        offered=[(settlement, settlement.label) for settlement in SETTLEMENTS[conflict.kind]],
    )


def kind_settlement(kind: ConflictKind, count: int) -> tuple[Settlement, str]:
    """Return the settlement offered for all open conflicts of a kind, and the button's text."""
    return AT_ONCE[kind], KIND_BUTTONS[kind].format(count=count)


def sentence_of(facts: ConflictFacts, doors: Doors) -> str:
    """Return the sentence of the event, with times and doors."""
    scan, kind = facts.scan, facts.conflict.kind
    if kind == ConflictKind.UNHEARD:
        return _unheard(scan, facts.conflict)
    if scan is None or kind == ConflictKind.UNREADABLE:
        problem = facts.conflict.detail.get("problem", "")
        return f"Refusé par le serveur\u00a0: {problem}" if problem else "Refusé par le serveur."
    if kind == ConflictKind.DOUBLE:
        return _double(scan, facts.steps)
    at = f"porte {scan.door} à {hour(scan.happened_at)}"
    if kind == ConflictKind.REVOKED:
        badge = facts.badge
        if badge is None or badge.revoked_at is None:
            return f"Inscription annulée, mais passé {at}."
        return f"Badge annulé à {_moment(badge.revoked_at, scan)}, mais passé {at}."
    if kind == ConflictKind.UNKNOWN:
        passed = "laissé passer" if scan.was_let_in else "adressé à l’accueil"
        return f"Badge que l’appareil ne connaissait pas, {passed} {at}."
    if kind == ConflictKind.NOT_ALLOWED:
        return f"Passé {at}. {_why(facts, doors)}"
    return (
        f"L’appareil disait {short_moment(scan.scanned_at)}\u00a0; le passage, porte {scan.door}, "
        f"est compté à {hour(scan.happened_at)}, heure de réception."
    )


def _unheard(scan: Scan | None, conflict: Conflict) -> str:
    act = "Laissé passer" if conflict.detail["was_let_in"] else "Arrêté"
    if scan is None:
        return f"{act}, faute de réponse à temps."
    return (
        f"{act} porte {scan.door} à {hour(scan.happened_at)}, faute de réponse à temps\u00a0; le "
        f"salon répondait «\u00a0{_word(scan.verdict)}\u00a0»."
    )


def _double(scan: Scan, steps: Sequence[StationScan]) -> str:
    this_entry = f"Porte {scan.door} à {hour(scan.happened_at)}"
    other_scans = [step.scan for step in steps if step.scan.scan_id != scan.scan_id]
    before = [earlier_scan for earlier_scan in other_scans if _order(earlier_scan) < _order(scan)]
    entries = [entry for entry in before if entry.direction == Direction.IN and entry.is_counted]
    if not entries:
        return f"{this_entry}, déjà à l’intérieur."
    first = entries[-1]
    first_entry = f"Porte {first.door} à {_moment(first.happened_at, scan)}"
    if first_entry == this_entry:  # one door and one minute, but two devices
        names = {step.scan.scan_id: step.station for step in steps}
        first_entry += f" ({names[first.scan_id]})"
        this_entry += f" ({names[scan.scan_id]})"
    text = f"{first_entry}, {this_entry[0].lower()}{this_entry[1:]}."
    outs = [
        exit_scan
        for exit_scan in before
        if exit_scan.direction == Direction.OUT and _order(exit_scan) > _order(first)
    ]
    if outs:
        out = outs[-1]
        text += (
            f" Une sortie, porte {out.door} à {hour(out.happened_at)}, est arrivée depuis\u00a0: "
            "c’est un simple retour."
        )
    return text


def _order(scan: Scan) -> tuple[object, int]:
    return scan.happened_at, scan.id


def _moment(at: datetime, scan: Scan) -> str:
    """Return the hour, with the day when it differs from the scan's."""
    is_same_day = local(at).date() == local(scan.happened_at).date()
    return hour(at) if is_same_day else f"{hour(at)}, le {day(local(at).date())},"


def _why(facts: ConflictFacts, doors: Doors) -> str:
    reason = facts.conflict.detail.get("barred", "")
    scan = facts.scan
    if scan is None or reason not in set(Barred):
        return "Ce badge n’entre pas par cette porte."
    door = doors.get(scan.door)
    return barred_message(Barred(reason), door.facts.zone if door else None, scan.happened_at)


def _facts(facts: ConflictFacts) -> list[str]:
    """Return facts that help to decide, one sentence each."""
    sentences = []
    scan, badge, valid = facts.scan, facts.badge, facts.valid
    if badge is not None and badge.revoked_at is not None:
        text = f"Badge annulé le {short_moment(badge.revoked_at)}"
        if valid is not None and valid.id != badge.id:
            text += f", remplacé par un autre, émis le {short_moment(valid.issued_at)}"
        sentences.append(text + ".")
    if facts.badge_since is not None:
        sentences.append("Ce code est maintenant celui d’un badge de la liste.")
    elif facts.conflict.kind == ConflictKind.UNKNOWN and badge is None:
        sentences.append("Ce code n’est toujours celui d’aucun badge.")
    entries = [step for step in facts.steps if step.scan.direction == Direction.IN]
    exits = len(facts.steps) - len(entries)
    if facts.steps:
        text = plural(len(entries), "lecture à l’entrée", "lectures à l’entrée")
        sentences.append(f"En tout\u00a0: {text}, {plural(exits, 'sortie')}.")
    if facts.conflict.kind == ConflictKind.UNHEARD:
        shown_word = _word(facts.conflict.detail["shown"])
        sentences.append(f"L’appareil, faute de réponse, a affiché «\u00a0{shown_word}\u00a0».")
    if scan is not None and scan.shown:
        sentences.append(f"L’appareil, sans réseau, a affiché «\u00a0{_word(scan.shown)}\u00a0».")
    return sentences


def _line(step: StationScan, conflict_scan: Scan | None) -> ScanLine:
    scan = step.scan
    shown_word = ""
    if scan.shown:
        passed = "passé" if scan.was_let_in else "non passé"
        shown_word = f"{_word(scan.shown)}, {passed}"
    return ScanLine(
        when=short_moment(scan.happened_at),
        door=scan.door,
        direction=Direction(scan.direction).label,
        verdict=_word(scan.verdict),
        shown=shown_word,
        station=step.station,
        is_this=conflict_scan is not None and conflict_scan.id == scan.id,
        is_counted=scan.is_counted,
    )


def _word(verdict: str) -> str:
    """Return the French word of a verdict, or the device's own text when it is none."""
    if verdict == "to_confirm":
        return "À confirmer"
    return Verdict(verdict).label if verdict in set(Verdict) else verdict
