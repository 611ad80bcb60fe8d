"""Set the needs of each stand, half hour by half hour, and copy them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from salon.fair.models import Edition, PartnerBody, Stand
from salon.fair.queries import bodies_of, themes_of
from salon.fair.services.acts import FairAct
from salon.platform.database import versions
from salon.platform.database.journal import write_entry
from salon.platform.database.versions import check_version
from salon.platform.settings.clock import local
from salon.staffing.actions import StaffingAction
from salon.staffing.models import Need, need_themes
from salon.staffing.queries.rota import frames, needs_of
from salon.staffing.rules import needs as rules


@dataclass(frozen=True)
class NewNeed:
    """The need of a stand for the half hour that starts at `starts_at`."""

    starts_at: datetime
    minimum: int
    wished: int
    maximum: int
    theme_ids: frozenset[int] = frozenset()

    @property
    def is_nothing(self) -> bool:
        return not self.maximum


def set_needs(
    act: FairAct,
    stand_id: int,
    needs: Sequence[NewNeed],
    stamp: str | None,
    body_ids: Collection[int] | None = None,
) -> None:
    """Replace the needs of a stand, all or nothing; a half hour left out needs none.

    `stamp`: of the needs as the author read them, None when nobody could have read any. `body_ids`:
    the bodies whose stands they may edit. Raises StandOfAnotherBody, StaleVersion,
    NoSuchNeededTheme, and what `check_needs` raises.
    """
    stand = own_stand(act.edition, stand_id, body_ids).stand
    new_needs = [need for need in needs if not need.is_nothing]
    rules.check_needs(new_needs, frames(act.edition))
    theme_ids = {theme.id for theme in themes_of(act.edition)}
    if not frozenset().union(*(need.theme_ids for need in new_needs)) <= theme_ids:
        raise rules.NoSuchNeededTheme
    with act.transaction(stand) as session:
        if stamp is not None:
            check_version(stamp, stamp_of(needs_of(act.edition).get(stand_id, [])))
        _put(session, stand, new_needs)
        write_entry(
            session,
            act.actor,
            StaffingAction.NEEDS_SET,
            f"stand:{stand_id}",
            half_hours=len(new_needs),
        )


def own_stand(
    edition: Edition, stand_id: int, body_ids: Collection[int] | None = None
) -> PartnerBody:
    """Return the body of a stand of the village that the author may edit. Raises
    StandOfAnotherBody.
    """
    for body in bodies_of(edition):
        if body.stand_id == stand_id and (body_ids is None or body.id in body_ids):
            return body
    raise rules.StandOfAnotherBody


def stamp_of(needs: Iterable[Need]) -> str:
    """Return a digest of a stand's needs, to refuse a change of needs not read."""
    facts = [
        (
            need.starts_at.isoformat(),
            *(need.minimum, need.wished, need.maximum),
            sorted(theme.id for theme in need.themes),
        )
        for need in needs
    ]
    return versions.stamp_of(facts)


def as_new(needs: Iterable[Need]) -> list[NewNeed]:
    """Return a stand's needs as new ones."""
    return [
        NewNeed(
            need.starts_at,
            need.minimum,
            need.wished,
            need.maximum,
            frozenset(theme.id for theme in need.themes),
        )
        for need in needs
    ]


def with_range(
    needs: Sequence[NewNeed], starts: Sequence[datetime], model: NewNeed
) -> list[NewNeed]:
    """Return the needs with each of the half hours `starts` set like `model`."""
    by_start = {need.starts_at: need for need in needs}
    by_start.update({at: replace(model, starts_at=at) for at in starts})
    return [by_start[at] for at in sorted(by_start)]


def copied_from_stand(edition: Edition, source_id: int) -> list[NewNeed]:
    """Return the needs of another stand. Raises NothingToCopy."""
    needs = as_new(needs_of(edition).get(source_id, []))
    if not needs:
        raise rules.NothingToCopy
    return needs


def copied_from_edition(edition: Edition, body: PartnerBody, earlier: Edition) -> list[NewNeed]:
    """Return the needs of the same body at an earlier edition, on the days and themes of this one.

    Days go by their rank and hours by the clock; what lies outside the hours of this edition, and
    themes that no longer exist, are left out. Raises NothingToCopy.
    """
    stands = {former.slug: former.stand_id for former in bodies_of(earlier)}
    before = needs_of(earlier).get(stands.get(body.slug, 0), [])
    staffed = {start for frame in frames(edition) for start in frame.starts}
    days = dict(zip((former.day_on for former in earlier.days), edition.days, strict=False))
    themes = {theme.slug: theme.id for theme in themes_of(edition)}
    needs = []
    for need in before:
        day = days.get(local(need.starts_at).date())
        if day is None:
            continue
        clock = local(need.starts_at)
        at = day.opens_at + _since_midnight(clock) - _since_midnight(local(day.opens_at))
        theme_ids = frozenset(themes[theme.slug] for theme in need.themes if theme.slug in themes)
        if at in staffed:
            needs.append(NewNeed(at, need.minimum, need.wished, need.maximum, theme_ids))
    if not needs:
        raise rules.NothingToCopy
    return needs


def _since_midnight(at: datetime) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute)


def load_needs(act: FairAct, needs: Mapping[int, Sequence[NewNeed]]) -> None:
    """Set the needs of each stand, by its id, as a file gives them. Raises what `check_needs`
    raises.
    """
    day_frames = frames(act.edition)
    for rows in needs.values():
        rules.check_needs(rows, day_frames)
    with act.transaction() as session:
        statement = select(Stand).where(Stand.edition_id == act.edition.id, Stand.id.in_(needs))
        for stand in session.scalars(statement.order_by(Stand.id)).all():
            _put(session, stand, needs[stand.id])
            write_entry(
                session,
                act.actor,
                StaffingAction.NEEDS_SET,
                f"stand:{stand.id}",
                half_hours=len(needs[stand.id]),
            )


def raise_needs(act: FairAct, busy: Mapping[int, Mapping[datetime, int]]) -> int:
    """Wish for as many agents as were busy, where fewer are wished for; lower nothing.

    `busy`: agents by half hour, by stand; half hours without a need get none. Return the number of
    half hours raised. Idempotent.
    """
    count = 0
    with act.transaction() as session:
        stands = select(Stand).where(Stand.edition_id == act.edition.id, Stand.id.in_(busy))
        needs = needs_of(act.edition)
        for stand in session.scalars(stands.order_by(Stand.id)).all():
            raised = 0
            for need in needs.get(stand.id, []):
                agents = min(busy[stand.id].get(need.starts_at, 0), rules.MOST)
                if agents > need.wished:
                    need.wished, need.maximum = agents, max(agents, need.maximum)
                    raised += 1
            if raised:
                subject = f"stand:{stand.id}"
                write_entry(
                    session, act.actor, StaffingAction.NEEDS_RAISED, subject, half_hours=raised
                )
            count += raised
    return count


def _put(session: Session, stand: Stand, needs: Sequence[NewNeed]) -> None:
    """Replace the rows of a stand's needs."""
    session.execute(
        delete(Need).where(Need.stand_id == stand.id),
        execution_options={"synchronize_session": False},
    )
    if not needs:
        return
    rows = [
        {
            "stand_id": stand.id,
            "starts_at": need.starts_at,
            "minimum": need.minimum,
            "wished": need.wished,
            "maximum": need.maximum,
        }
        for need in needs
    ]
    session.execute(insert(Need), rows)
    of_stand = select(Need.starts_at, Need.id).where(Need.stand_id == stand.id)
    ids = {row.starts_at: row.id for row in session.execute(of_stand)}
    themes = [
        {"need_id": ids[need.starts_at], "theme_id": theme_id}
        for need in needs
        for theme_id in sorted(need.theme_ids)
    ]
    if themes:
        session.execute(insert(need_themes), themes)
    session.expire_all()
