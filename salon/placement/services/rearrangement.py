"""Follow a rearrangement: exhibitors of the stands given up have none, until it is undone."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.exhibitors.services.lifecycle import notify_exhibitor
from salon.fair.models import Stand, Theme
from salon.placement.rules import body_keys
from salon.placement.services import free_in, put_on_stand
from salon.platform.database.act import Act
from salon.platform.database.consequences import (
    Consequence,
    Consequences,
    Facts,
    Fate,
    Follower,
    Rearrangement,
)

EXHIBITORS = "Exposants"


class PlacementFollower(Follower[Rearrangement]):
    """Exhibitors: their stand, the hall they wished for, the themes they are listed under."""

    name = "placement"

    def follow(self, session: Session, change: Rearrangement) -> Consequences:
        followed = [_move(session, change), *_follow_stands(session, change)]
        if change.is_undo:
            return [*followed, *_restore(session, change, change.former.get(self.name, ()))]
        freed = _free(session, change)
        return [*followed, freed, _forget_themes(session, change), _wishes(session, change)]


def _move(session: Session, change: Rearrangement) -> Consequence:
    """Move the exhibitors that are bodies of the village with their body."""
    exhibitors = _exhibitors(session, Exhibitor.stand_id.in_(change.moves))
    names = [_name(exhibitor) for exhibitor in exhibitors]
    for exhibitor in exhibitors:
        assert exhibitor.stand is not None
        stand = session.get_one(Stand, change.moves[exhibitor.stand.id])
        put_on_stand(Act(change.actor), session, exhibitor, stand, exhibitor.stand.number)
    return Consequence(Fate.RELOCATED, EXHIBITORS, names)


def _follow_stands(session: Session, change: Rearrangement) -> Iterator[Consequence]:
    """Tell the exhibitors of the stands that have another number, or are elsewhere."""
    for fate, stand_ids in (
        (Fate.UPDATED, change.renumbered.keys()),
        (Fate.RELOCATED, change.displaced),
    ):
        exhibitors = _exhibitors(session, Exhibitor.stand_id.in_(stand_ids))
        for exhibitor in exhibitors:
            assert exhibitor.stand is not None
            number, hall = exhibitor.stand.number, exhibitor.stand.hall.name
            former = change.renumbered.get(exhibitor.stand.id, number)
            context = {"stand": number, "hall": hall, "former": former, "note": change.words}
            notify_exhibitor(session, exhibitor, "stand_given", **context)
        yield Consequence(fate, EXHIBITORS, [_name(exhibitor) for exhibitor in exhibitors])


def _free(session: Session, change: Rearrangement) -> Consequence:
    exhibitors = _exhibitors(session, Exhibitor.stand_id.in_(change.lost_stands))
    names = [_name(exhibitor) for exhibitor in exhibitors]
    former = [["stand", exhibitor.id, exhibitor.stand_id] for exhibitor in exhibitors]
    for exhibitor in exhibitors:
        free_in(Act(change.actor), session, exhibitor, change.note)
    return Consequence(Fate.UNPLACED, EXHIBITORS, names, former)


def _forget_themes(session: Session, change: Rearrangement) -> Consequence:
    """Take the withdrawn themes from the exhibitors listed under them."""
    is_withdrawn = (Theme.edition_id == change.edition_id) & Theme.withdrawn_at.is_not(None)
    exhibitors = _exhibitors(session, Exhibitor.themes.any(is_withdrawn))
    former = []
    for exhibitor in exhibitors:
        withdrawn_themes = [theme for theme in exhibitor.themes if theme.withdrawn_at is not None]
        former += [["theme", exhibitor.id, theme.id] for theme in withdrawn_themes]
        for theme in withdrawn_themes:
            exhibitor.themes.remove(theme)
    session.flush()
    names = [exhibitor.name for exhibitor in exhibitors]
    return Consequence(Fate.REMOVED, "Exposants rattachés à ces thèmes", names, former)


def _wishes(session: Session, change: Rearrangement) -> Consequence:
    exhibitors = _exhibitors(session, Exhibitor.wished_hall_id.in_(change.halls))
    names = [exhibitor.name for exhibitor in exhibitors]
    return Consequence(Fate.KEPT, "Exposants qui souhaitent ce hall", names)


def _restore(session: Session, change: Rearrangement, former: Facts) -> Consequences:
    """Give stands back to who has none, where nobody else is; give themes back."""
    placed, listed = [], []
    for kind, exhibitor_id, row_id in former:
        exhibitor = session.get_one(Exhibitor, exhibitor_id)
        if kind == "theme":
            theme = session.get_one(Theme, row_id)
            if theme not in exhibitor.themes:
                exhibitor.themes.append(theme)
                listed.append(exhibitor.name)
            continue
        stand = session.get(Stand, row_id)
        if stand is not None and _may_return(exhibitor, stand):
            put_on_stand(Act(change.actor), session, exhibitor, stand, "")
            placed.append(_name(exhibitor))
    session.flush()
    return [
        Consequence(Fate.RESTORED, EXHIBITORS, placed),
        Consequence(Fate.RESTORED, "Exposants rattachés à ces thèmes", listed),
    ]


def _may_return(exhibitor: Exhibitor, stand: Stand) -> bool:
    """Return whether the exhibitor still has no stand, and nobody else has this one."""
    is_own = stand.body is None or exhibitor.name_key in body_keys(stand.body)
    is_free = stand.exhibitor is None and stand.hall.closed_at is None and is_own
    is_waiting = exhibitor.status == ApplicationStatus.ACCEPTED and exhibitor.stand_id is None
    return is_free and is_waiting


def _exhibitors(session: Session, condition: ColumnElement[bool]) -> Sequence[Exhibitor]:
    statement = select(Exhibitor).where(condition).order_by(Exhibitor.name_key, Exhibitor.id)
    return session.scalars(statement).all()


def _name(exhibitor: Exhibitor) -> str:
    return f"{exhibitor.name}, stand {exhibitor.stand.number}" if exhibitor.stand else ""
