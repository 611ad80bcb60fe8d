"""What waits for a person's judgement, and all that is known of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from salon.accounts.models import Station
from salon.badges.engine.qr import code_in
from salon.badges.models import Attendee, Badge
from salon.badges.models.code_hash import hash_of_code
from salon.entrance.models import Conflict, ConflictKind, Scan
from salon.platform.db import current_session, db

PAGE = 40
MOST_OF_A_CODE = 50
"""Scans shown of a code that is no badge: one that is read again and again would fill a page."""


def get_conflict(edition_id: int, conflict_id: int) -> Conflict:
    """Read anew: somebody may be settling it. Raises NoResultFound."""
    wanted = (
        select(Conflict)
        .where(Conflict.edition_id == edition_id, Conflict.id == conflict_id)
        .options(joinedload(Conflict.station), joinedload(Conflict.badge))
        .execution_options(populate_existing=True)
    )
    return current_session().scalars(wanted).one()


@dataclass(frozen=True)
class Tally:
    """How many of a kind there are; `newest_open`: the number of the last one that is open."""

    open: int = 0
    settled: int = 0
    newest_open: int = 0


def tallies_of(edition_id: int) -> dict[ConflictKind, Tally]:
    """How many there are of each kind that there is any of."""
    is_open = (Conflict.settlement == "").label("is_open")
    wanted = (
        select(Conflict.kind, is_open, func.count(), func.max(Conflict.id))
        .where(Conflict.edition_id == edition_id)
        .group_by(Conflict.kind, is_open)
    )
    found: dict[ConflictKind, dict[str, int]] = {}
    for kind, opened, count, newest in current_session().execute(wanted):
        values = {"open": count, "newest_open": newest} if opened else {"settled": count}
        found.setdefault(kind, {}).update(values)
    return {kind: Tally(**found[kind]) for kind in ConflictKind if kind in found}


def count_open(edition_id: int) -> int:
    """How many wait for somebody."""
    wanted = select(func.count()).where(
        Conflict.edition_id == edition_id, Conflict.settlement == ""
    )
    return current_session().scalar(wanted) or 0


def conflicts_page(
    edition_id: int, kind: ConflictKind | None, is_open: bool | None, page: int
) -> Pagination:
    """A page of them, the open ones first, then the newest."""
    wanted = (
        select(Conflict)
        .where(Conflict.edition_id == edition_id)
        .options(joinedload(Conflict.station), joinedload(Conflict.badge))
        .order_by(Conflict.settlement != "", Conflict.id.desc())
    )
    if kind is not None:
        wanted = wanted.where(Conflict.kind == kind)
    if is_open is not None:
        empty = Conflict.settlement == ""
        wanted = wanted.where(empty if is_open else ~empty)
    return db.paginate(wanted, page=page, per_page=PAGE, max_per_page=PAGE, error_out=False)


@dataclass(frozen=True)
class Step:
    """A scan, and the name of the station that made it."""

    scan: Scan
    station: str


@dataclass(frozen=True)
class Known:
    """All that is known of a conflict.

    `scan`: the one that it is about; none when the server never took it. `steps`: every scan of
    the same badge, or of the same code, in time. `valid`: the badge that its holder has now.
    `badge_since`: whose badge an unknown code turned out to be.
    """

    conflict: Conflict
    scan: Scan | None
    steps: list[Step] = field(default_factory=list)
    badge: Badge | None = None
    valid: Badge | None = None
    badge_since: Badge | None = None

    @property
    def holder(self) -> Attendee | None:
        badge = self.badge or self.badge_since
        return badge.attendee if badge else None


def known_of(conflicts: Sequence[Conflict]) -> list[Known]:
    """What is known of each, in their order: five SELECT at most, however many they are."""
    if not conflicts:
        return []
    own = _scans_where(conflicts, Scan.scan_id.in_({one.scan_id for one in conflicts}))
    by_id = {one.scan.scan_id: one.scan for one in own}
    badge_ids = {one.badge_id for one in conflicts} | {one.scan.badge_id for one in own}
    badge_ids.discard(None)
    codes = {one.scan.code for one in own if one.scan.badge_id is None and one.scan.code}
    related = _scans_where(
        conflicts,
        or_(Scan.badge_id.in_(badge_ids), Scan.badge_id.is_(None) & Scan.code.in_(codes)),
    )
    hashes = {one.id: _hash_of(one, by_id.get(one.scan_id)) for one in conflicts}
    badges = _badges_where(or_(Badge.id.in_(badge_ids), Badge.code_hash.in_(set(hashes.values()))))
    by_badge = {one.id: one for one in badges}
    by_hash = {one.code_hash: one for one in badges}
    valid = _valid_badges({one.attendee_id for one in badges})
    found = []
    for one in conflicts:
        scan = by_id.get(one.scan_id)
        badge_id = one.badge_id or (scan.badge_id if scan else None)
        badge = by_badge.get(badge_id or 0)
        since = by_hash.get(hashes[one.id]) if badge is None else None
        holding = badge or since
        steps = _steps_of(scan, badge_id, related)
        of_holder = valid.get(holding.attendee_id) if holding else None
        found.append(Known(one, scan, steps, badge, of_holder, since))
    return found


def _steps_of(scan: Scan | None, badge_id: int | None, among: Sequence[Step]) -> list[Step]:
    if badge_id is not None:
        return [one for one in among if one.scan.badge_id == badge_id]
    if scan is None or not scan.code:
        return []
    same = [one for one in among if one.scan.badge_id is None and one.scan.code == scan.code]
    return same[-MOST_OF_A_CODE:]


def _hash_of(conflict: Conflict, scan: Scan | None) -> str:
    """The hash of the code that was read, kept with the conflict or found in the reading."""
    kept = conflict.detail.get("code_hash", "")
    code = code_in(scan.code) if scan is not None and not kept else None
    return hash_of_code(code) if code else kept


def _scans_where(conflicts: Sequence[Conflict], condition: object) -> list[Step]:
    editions = {one.edition_id for one in conflicts}
    wanted = (
        select(Scan, Station.name)
        .join(Station, Station.id == Scan.station_id)
        .where(Scan.edition_id.in_(editions), condition)  # type: ignore[arg-type]
        .order_by(Scan.happened_at, Scan.id)
    )
    return [Step(scan, station) for scan, station in current_session().execute(wanted)]


def _badges_where(condition: object) -> Sequence[Badge]:
    holder = joinedload(Badge.attendee)
    wanted = select(Badge).where(condition)  # type: ignore[arg-type]
    wanted = wanted.options(holder.joinedload(Attendee.commune), holder.joinedload(Attendee.epci))
    return current_session().scalars(wanted).all()


def _valid_badges(attendee_ids: set[int]) -> dict[int, Badge]:
    wanted = select(Badge).where(Badge.attendee_id.in_(attendee_ids), Badge.revoked_at.is_(None))
    return {one.attendee_id: one for one in current_session().scalars(wanted)}
