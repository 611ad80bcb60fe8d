"""What each stand needs, half hour by half hour; copied from a stand or an edition to another."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from salon.fair.models import Edition, PartnerBody, Stand
from salon.fair.queries import bodies_of, themes_of
from salon.platform.clock import local
from salon.platform.db import transaction
from salon.platform.identity import Identity
from salon.platform.journal import write_entry
from salon.staffing.models import Need, need_themes
from salon.staffing.queries.rota import frames, needs_of
from salon.staffing.rules import needs as rules


@dataclass(frozen=True)
class NewNeed:
    """What a stand needs for the half hour that starts at `starts_at`."""

    starts_at: datetime
    minimum: int
    wished: int
    maximum: int
    theme_ids: frozenset[int] = frozenset()

    @property
    def is_nothing(self) -> bool:
        return not self.maximum


def set_needs(
    edition: Edition,
    stand_id: int,
    needs: Sequence[NewNeed],
    stamp: str | None,
    by: Identity,
    body_ids: Collection[int] | None = None,
) -> None:
    """Makes a stand's needs what is said, all or nothing; a half hour that is not said needs none.

    `stamp`: of the needs as the author read them, None when nobody could have read any.
    `body_ids`: the bodies whose stands are theirs. Raises StandOfAnotherBody, NeedsChanged,
    NoSuchNeededTheme, and what `check_needs` raises.
    """
    stand = own_stand(edition, stand_id, body_ids).stand
    kept = [one for one in needs if not one.is_nothing]
    rules.check_needs(kept, frames(edition))
    known = {one.id for one in themes_of(edition)}
    if not frozenset().union(*(one.theme_ids for one in kept)) <= known:
        raise rules.NoSuchNeededTheme
    with transaction(stand) as session:
        if stamp is not None:
            rules.check_needs_stamp(stamp, stamp_of(needs_of(edition).get(stand_id, [])))
        _put(session, stand, kept)
        write_entry(session, by, "needs.set", f"stand:{stand_id}", half_hours=len(kept))


def own_stand(
    edition: Edition, stand_id: int, body_ids: Collection[int] | None = None
) -> PartnerBody:
    """The body of a stand of the village, when it is the author's. Raises StandOfAnotherBody."""
    for body in bodies_of(edition):
        if body.stand_id == stand_id and (body_ids is None or body.id in body_ids):
            return body
    raise rules.StandOfAnotherBody


def stamp_of(needs: Iterable[Need]) -> str:
    """Says a stand's needs in sixteen letters: what is changed is what was read (R-12)."""
    facts = [
        (
            one.starts_at.isoformat(),
            *(one.minimum, one.wished, one.maximum),
            sorted(theme.id for theme in one.themes),
        )
        for one in needs
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def as_new(needs: Iterable[Need]) -> list[NewNeed]:
    """A stand's needs as they could be said again."""
    return [
        NewNeed(
            *(one.starts_at, one.minimum, one.wished, one.maximum),
            frozenset(theme.id for theme in one.themes),
        )
        for one in needs
    ]


def with_range(
    needs: Sequence[NewNeed], starts: Sequence[datetime], wanted: NewNeed
) -> list[NewNeed]:
    """The needs with each of the half hours `starts` made what `wanted` says."""
    by_start = {one.starts_at: one for one in needs}
    by_start.update({at: replace(wanted, starts_at=at) for at in starts})
    return [by_start[at] for at in sorted(by_start)]


def copied_from_stand(edition: Edition, source_id: int) -> list[NewNeed]:
    """The needs of another stand. Raises NothingToCopy."""
    found = as_new(needs_of(edition).get(source_id, []))
    if not found:
        raise rules.NothingToCopy
    return found


def copied_from_edition(edition: Edition, body: PartnerBody, earlier: Edition) -> list[NewNeed]:
    """The needs of the same body at an earlier edition, on the days and themes of this one.

    Days go by their rank and hours by the clock; what lies outside the hours of this edition, and
    themes that are no more, are left out. Raises NothingToCopy.
    """
    stands = {one.slug: one.stand_id for one in bodies_of(earlier)}
    before = needs_of(earlier).get(stands.get(body.slug, 0), [])
    staffed = {start for frame in frames(edition) for start in frame.starts}
    days = dict(zip((one.day_on for one in earlier.days), edition.days, strict=False))
    themes = {one.slug: one.id for one in themes_of(edition)}
    found = []
    for need in before:
        day = days.get(local(need.starts_at).date())
        if day is None:
            continue
        clock = local(need.starts_at)
        at = day.opens_at + _since_midnight(clock) - _since_midnight(local(day.opens_at))
        kept = frozenset(themes[one.slug] for one in need.themes if one.slug in themes)
        if at in staffed:
            found.append(NewNeed(at, need.minimum, need.wished, need.maximum, kept))
    if not found:
        raise rules.NothingToCopy
    return found


def _since_midnight(at: datetime) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute)


def load_needs(edition: Edition, needs: Mapping[int, Sequence[NewNeed]], by: Identity) -> None:
    """Gives each stand, by its id, the needs that a file says. Raises what `check_needs` raises."""
    known = frames(edition)
    for rows in needs.values():
        rules.check_needs(rows, known)
    with transaction() as session:
        wanted = select(Stand).where(Stand.edition_id == edition.id, Stand.id.in_(needs))
        for stand in session.scalars(wanted.order_by(Stand.id)).all():
            _put(session, stand, needs[stand.id])
            write_entry(
                session, by, "needs.set", f"stand:{stand.id}", half_hours=len(needs[stand.id])
            )


def _put(session: Session, stand: Stand, needs: Sequence[NewNeed]) -> None:
    """Writes the needs of a stand in place of those it had."""
    session.execute(
        delete(Need).where(Need.stand_id == stand.id),
        execution_options={"synchronize_session": False},
    )
    if not needs:
        return
    rows = [
        {
            "stand_id": stand.id,
            "starts_at": one.starts_at,
            "minimum": one.minimum,
            "wished": one.wished,
            "maximum": one.maximum,
        }
        for one in needs
    ]
    session.execute(insert(Need), rows)
    of_stand = select(Need.starts_at, Need.id).where(Need.stand_id == stand.id)
    ids = {row.starts_at: row.id for row in session.execute(of_stand)}
    themes = [
        {"need_id": ids[one.starts_at], "theme_id": theme_id}
        for one in needs
        for theme_id in sorted(one.theme_ids)
    ]
    if themes:
        session.execute(insert(need_themes), themes)
    session.expire_all()
