"""A point to check in words: what happened, where and when, and what is known of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from salon.badges.models.labels import printed_function
from salon.entrance.models import Conflict, ConflictKind, Direction, Scan, Settlement, Verdict
from salon.entrance.queries.conflicts import Known, Step
from salon.entrance.queries.places import DoorState
from salon.entrance.rules.conflicts import AT_ONCE, SETTLEMENTS
from salon.entrance.rules.zones import Barred, barred_message
from salon.platform.clock import local
from salon.platform.formats import day, hour, plural, short_moment

Doors = Mapping[str, DoorState]

PICTURES = {
    ConflictKind.DOUBLE: "people",
    ConflictKind.REVOKED: "x-octagon-fill",
    ConflictKind.UNKNOWN: "question-circle",
    ConflictKind.NOT_ALLOWED: "exclamation-triangle-fill",
    ConflictKind.CLOCK: "clock-history",
    ConflictKind.UNREADABLE: "exclamation-circle-fill",
}

NOBODY = {ConflictKind.UNREADABLE: "Passage refusé à l’envoi"}
"""The title, when nothing says whose scan it was."""

TOGETHER = {
    ConflictKind.DOUBLE: "Régler les {count} doubles comme la même personne",
    ConflictKind.CLOCK: "Accepter l’heure de réception de {count} passages",
    ConflictKind.REVOKED: "Noter non retrouvés les {count} porteurs de badge annulé",
    ConflictKind.UNKNOWN: "Noter non retrouvés les {count} inconnus",
    ConflictKind.NOT_ALLOWED: "Noter non retrouvés les {count} passés sans y avoir droit",
    ConflictKind.UNREADABLE: "Noter non retrouvés les {count} envois illisibles",
}


@dataclass(frozen=True)
class Line:
    """A scan as the page tells it. `is_this`: the one in question."""

    when: str
    door: str
    direction: str
    verdict: str
    shown: str
    station: str
    is_this: bool
    is_counted: bool


@dataclass(frozen=True)
class Told:
    """A conflict as a page tells it."""

    conflict: Conflict
    title: str
    sentence: str
    known: list[str]
    holder: str
    attendee_id: int | None
    last_name: str
    lines: list[Line]
    picture: str
    settlement: str
    offered: list[tuple[Settlement, str]]


def told(known: Known, doors: Doors) -> Told:
    """What a page says of it."""
    conflict, holder = known.conflict, known.holder
    settled = Settlement(conflict.settlement).label if conflict.settlement else ""
    who = ""
    if holder is not None:
        function = printed_function(holder.function, holder.function_other, holder.civility)
        who = ", ".join(text for text in (function, holder.on_behalf_of) if text)
    return Told(
        conflict=conflict,
        title=holder.full_name if holder else NOBODY.get(conflict.kind, "Personne inconnue"),
        sentence=sentence_of(known, doors),
        known=_facts(known),
        holder=who,
        attendee_id=holder.id if holder else None,
        last_name=holder.last_name if holder else "",
        lines=[_line(one, known.scan) for one in known.steps],
        picture=PICTURES[conflict.kind],
        settlement=settled,
        offered=[(one, one.label) for one in SETTLEMENTS[conflict.kind]],
    )


def together(kind: ConflictKind, count: int) -> tuple[Settlement, str]:
    """What may be decided of all the open ones of a kind, and what the button says."""
    return AT_ONCE[kind], TOGETHER[kind].format(count=count)


def sentence_of(known: Known, doors: Doors) -> str:
    """What happened, with times and doors."""
    scan, kind = known.scan, known.conflict.kind
    if scan is None or kind == ConflictKind.UNREADABLE:
        problem = known.conflict.detail.get("problem", "")
        return f"Refusé par le serveur\u00a0: {problem}" if problem else "Refusé par le serveur."
    if kind == ConflictKind.DOUBLE:
        return _double(scan, known.steps)
    at = f"porte {scan.door} à {hour(scan.happened_at)}"
    if kind == ConflictKind.REVOKED:
        badge = known.badge
        if badge is None or badge.revoked_at is None:
            return f"Inscription annulée, mais passé {at}."
        return f"Badge annulé à {_moment(badge.revoked_at, scan)}, mais passé {at}."
    if kind == ConflictKind.UNKNOWN:
        passed = "laissé passer" if scan.was_let_in else "adressé à l’accueil"
        return f"Badge que l’appareil ne connaissait pas, {passed} {at}."
    if kind == ConflictKind.NOT_ALLOWED:
        return f"Passé {at}. {_why(known, doors)}"
    return (
        f"L’appareil disait {short_moment(scan.scanned_at)}\u00a0; le passage, porte {scan.door}, "
        f"est compté à {hour(scan.happened_at)}, heure de réception."
    )


def _double(scan: Scan, steps: Sequence[Step]) -> str:
    here = f"Porte {scan.door} à {hour(scan.happened_at)}"
    others = [one.scan for one in steps if one.scan.scan_id != scan.scan_id]
    before = [one for one in others if _order(one) < _order(scan)]
    entries = [one for one in before if one.direction == Direction.IN and one.is_counted]
    if not entries:
        return f"{here}, déjà à l’intérieur."
    first = entries[-1]
    there = f"Porte {first.door} à {_moment(first.happened_at, scan)}"
    text = f"{there}, {here[0].lower()}{here[1:]}."
    outs = [one for one in before if one.direction == Direction.OUT and _order(one) > _order(first)]
    if outs:
        out = outs[-1]
        text += (
            f" Une sortie, porte {out.door} à {hour(out.happened_at)}, est arrivée depuis\u00a0: "
            "c’est un simple retour."
        )
    return text


def _order(scan: Scan) -> tuple[object, int]:
    return scan.happened_at, scan.id


def _moment(at: datetime, beside: Scan) -> str:
    """The hour, with the day when it is not that of the scan."""
    same = local(at).date() == local(beside.happened_at).date()
    return hour(at) if same else f"{hour(at)}, le {day(local(at).date())},"


def _why(known: Known, doors: Doors) -> str:
    said = known.conflict.detail.get("barred", "")
    door = doors.get(known.scan.door) if known.scan is not None else None
    if said not in set(Barred):
        return "Ce badge n’entre pas par cette porte."
    return barred_message(Barred(said), door.facts.zone if door else None)


def _facts(known: Known) -> list[str]:
    """What helps to decide, one fact a line."""
    found = []
    scan, badge, valid = known.scan, known.badge, known.valid
    if badge is not None and badge.revoked_at is not None:
        text = f"Badge annulé le {short_moment(badge.revoked_at)}"
        if valid is not None and valid.id != badge.id:
            text += f", remplacé par un autre, émis le {short_moment(valid.issued_at)}"
        found.append(text + ".")
    if known.badge_since is not None:
        found.append("Ce code est maintenant celui d’un badge de la liste.")
    elif known.conflict.kind == ConflictKind.UNKNOWN and badge is None:
        found.append("Ce code n’est toujours celui d’aucun badge.")
    entries = [one for one in known.steps if one.scan.direction == Direction.IN]
    exits = len(known.steps) - len(entries)
    if known.steps:
        text = plural(len(entries), "lecture à l’entrée", "lectures à l’entrée")
        found.append(f"En tout\u00a0: {text}, {plural(exits, 'sortie')}.")
    if scan is not None and scan.shown:
        found.append(f"L’appareil, sans réseau, a affiché «\u00a0{_word(scan.shown)}\u00a0».")
    return found


def _line(step: Step, this: Scan | None) -> Line:
    scan = step.scan
    shown = ""
    if scan.shown:
        passed = "passé" if scan.was_let_in else "non passé"
        shown = f"{_word(scan.shown)}, {passed}"
    return Line(
        when=short_moment(scan.happened_at),
        door=scan.door,
        direction=Direction(scan.direction).label,
        verdict=_word(scan.verdict),
        shown=shown,
        station=step.station,
        is_this=this is not None and this.id == scan.id,
        is_counted=scan.is_counted,
    )


def _word(verdict: str) -> str:
    """The French word of a verdict, or what the device said when it is none."""
    if verdict == "to_confirm":
        return "À confirmer"
    return Verdict(verdict).label if verdict in set(Verdict) else verdict
