"""Conflicts with the scans and badges they rest on."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from salon.accounts.models import Station
from salon.badges.engine.qr import code_in
from salon.badges.models import Attendee, Badge
from salon.badges.models.code_hash import hash_of_code
from salon.entrance.models import Conflict, ConflictKind, Scan
from salon.platform.database.db import current_session
from salon.platform.pages.lists.listing import Column, Listing, Page, PageRequest

MOST_OF_A_CODE = 50
"""Most scans shown of a code without badge: repeated readings would fill a page."""


def get_conflict(edition_id: int, conflict_id: int) -> Conflict:
    """Return a conflict read anew, since somebody may be settling it. Raises NoResultFound."""
    statement = (
        select(Conflict)
        .where(Conflict.edition_id == edition_id, Conflict.id == conflict_id)
        .options(joinedload(Conflict.station), joinedload(Conflict.badge))
        .execution_options(populate_existing=True)
    )
    return current_session().scalars(statement).one()


@dataclass(frozen=True)
class ConflictFilter:
    """Filters of the conflicts. `state`: "" for the open ones, "settled" or "all"."""

    state: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Tally:
    """Counts of a kind of conflict; `newest_open`: id of the last open one."""

    open: int = 0
    settled: int = 0
    newest_open: int = 0


def tallies_of(edition_id: int) -> dict[ConflictKind, Tally]:
    """Return counts by kind, for the kinds that have any conflict."""
    is_open = (Conflict.settlement == "").label("is_open")
    statement = (
        select(Conflict.kind, is_open, func.count(), func.max(Conflict.id))
        .where(Conflict.edition_id == edition_id)
        .group_by(Conflict.kind, is_open)
    )
    counts: dict[ConflictKind, dict[str, int]] = {}
    for kind, is_open_row, count, newest in current_session().execute(statement):
        values = {"open": count, "newest_open": newest} if is_open_row else {"settled": count}
        counts.setdefault(kind, {}).update(values)
    return {kind: Tally(**counts[kind]) for kind in ConflictKind if kind in counts}


def count_open(edition_id: int) -> int:
    """Return the number of open conflicts."""
    statement = select(func.count()).where(
        Conflict.edition_id == edition_id, Conflict.settlement == ""
    )
    return current_session().scalar(statement) or 0


CONFLICTS = Listing(
    {"received": Column("Arrivée", Conflict.id), "kind": Column("Nature", Conflict.kind)},
    ties=(Conflict.id.desc(),),
    length=40,
)


def conflicts_page(edition_id: int, filters: ConflictFilter, request: PageRequest) -> Page:
    """Return a page of conflicts, the open ones first, then the newest."""
    is_open = Conflict.settlement == ""
    statement = select(Conflict).where(Conflict.edition_id == edition_id)
    if filters.kind:
        statement = statement.where(Conflict.kind == ConflictKind(filters.kind))
    if filters.state != "all":
        statement = statement.where(~is_open if filters.state == "settled" else is_open)
    statement = statement.order_by(~is_open, Conflict.id.desc())
    return CONFLICTS.page(
        statement, request, joinedload(Conflict.station), joinedload(Conflict.badge)
    )


@dataclass(frozen=True)
class StationScan:
    """A scan with the name of its station."""

    scan: Scan
    station: str


@dataclass(frozen=True)
class ConflictFacts:
    """A conflict with the scans and badges that explain it.

    `scan`: the scan of the conflict; None when the server refused it. `steps`: all scans of the
    same badge or code, by time. `valid`: the badge that its holder has now. `badge_since`: the
    badge to which an unknown code belongs by now.
    """

    conflict: Conflict
    scan: Scan | None
    steps: list[StationScan] = field(default_factory=list)
    badge: Badge | None = None
    valid: Badge | None = None
    badge_since: Badge | None = None

    @property
    def holder(self) -> Attendee | None:
        badge = self.badge or self.badge_since
        return badge.attendee if badge else None


def conflict_facts(conflicts: Sequence[Conflict]) -> list[ConflictFacts]:
    """Return the facts of each conflict, in their order, with at most five SELECT."""
    if not conflicts:
        return []
    own_steps = _scans_where(
        conflicts, Scan.scan_id.in_({conflict.scan_id for conflict in conflicts})
    )
    by_id = {step.scan.scan_id: step.scan for step in own_steps}
    badge_ids = {conflict.badge_id for conflict in conflicts} | {
        step.scan.badge_id for step in own_steps
    }
    badge_ids.discard(None)
    codes = {step.scan.code for step in own_steps if step.scan.badge_id is None and step.scan.code}
    related = _scans_where(
        conflicts,
        or_(Scan.badge_id.in_(badge_ids), Scan.badge_id.is_(None) & Scan.code.in_(codes)),
    )
    hashes = {
        conflict.id: _hash_of(conflict, by_id.get(conflict.scan_id)) for conflict in conflicts
    }
    badges = _badges_where(or_(Badge.id.in_(badge_ids), Badge.code_hash.in_(set(hashes.values()))))
    badge_by_id = {badge.id: badge for badge in badges}
    badge_by_hash = {badge.code_hash: badge for badge in badges}
    valid_by_holder = _valid_badges({badge.attendee_id for badge in badges})
    facts = []
    for conflict in conflicts:
        scan = by_id.get(conflict.scan_id)
        badge_id = conflict.badge_id or (scan.badge_id if scan else None)
        badge = badge_by_id.get(badge_id or 0)
        badge_since = badge_by_hash.get(hashes[conflict.id]) if badge is None else None
        known_badge = badge or badge_since
        steps = _steps_of(scan, badge_id, related)
        valid_badge = valid_by_holder.get(known_badge.attendee_id) if known_badge else None
        facts.append(ConflictFacts(conflict, scan, steps, badge, valid_badge, badge_since))
    return facts


def _steps_of(
    scan: Scan | None, badge_id: int | None, steps: Sequence[StationScan]
) -> list[StationScan]:
    if badge_id is not None:
        return [step for step in steps if step.scan.badge_id == badge_id]
    if scan is None or not scan.code:
        return []
    same_code = [
        step for step in steps if step.scan.badge_id is None and step.scan.code == scan.code
    ]
    return same_code[-MOST_OF_A_CODE:]


def _hash_of(conflict: Conflict, scan: Scan | None) -> str:
    """Return the hash of the code, from the conflict's detail or from its scan."""
    code_hash = conflict.detail.get("code_hash", "")
    code = code_in(scan.code) if scan is not None and not code_hash else None
    return hash_of_code(code) if code else code_hash


def _scans_where(conflicts: Sequence[Conflict], condition: object) -> list[StationScan]:
    editions = {conflict.edition_id for conflict in conflicts}
    statement = (
        select(Scan, Station.name)
        .join(Station, Station.id == Scan.station_id)
        .where(Scan.edition_id.in_(editions), condition)  # type: ignore[arg-type]
        .order_by(Scan.happened_at, Scan.id)
    )
    return [StationScan(scan, station) for scan, station in current_session().execute(statement)]


def _badges_where(condition: object) -> Sequence[Badge]:
    holder = joinedload(Badge.attendee)
    statement = select(Badge).where(condition)  # type: ignore[arg-type]
    statement = statement.options(
        holder.joinedload(Attendee.commune), holder.joinedload(Attendee.epci)
    )
    return current_session().scalars(statement).all()


def _valid_badges(attendee_ids: set[int]) -> dict[int, Badge]:
    statement = select(Badge).where(Badge.attendee_id.in_(attendee_ids), Badge.revoked_at.is_(None))
    return {badge.attendee_id: badge for badge in current_session().scalars(statement)}
