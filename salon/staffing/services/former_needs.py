"""Needs that a change of the fair takes away, as its undoing gives them back."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.fair.models import Edition, Stand, Theme
from salon.fair.queries import body_id_at, find_stand_of_body
from salon.platform.database.consequences import Consequence, Facts, Fate
from salon.staffing.models import Need
from salon.staffing.queries.rota import frames

LABEL = "Besoins des stands"


def facts_of_need(need: Need) -> Facts:
    figures = need.minimum, need.wished, need.maximum
    themes = [theme.id for theme in need.themes]
    return [need.stand_id, need.starts_at, *figures, themes, body_id_at(need.stand)]


def restore_needs(session: Session, edition: Edition, former: Facts) -> Iterator[Consequence]:
    """Make the needs again, where their stand has none at that time.

    One whose stand has no body, or at a time when stands are not staffed, stays pending.
    """
    staffed = {start for frame in frames(edition) for start in frame.starts}
    needs, left_out, pending = [], [], []
    for kind, row_id, *facts in former:
        if kind != "need":
            continue
        stand_id, at, minimum, wished, maximum, theme_ids, *body_ids = facts
        stand = find_stand_of_body(stand_id, *body_ids)
        if stand is None or at not in staffed:
            left_out.append(f"stand {session.get_one(Stand, stand_id).number}")
            pending.append([kind, row_id, *facts])
            continue
        stand_id = stand.id
        same_need = select(Need.id).where(Need.stand_id == stand_id, Need.starts_at == at)
        if session.scalar(same_need) is not None:
            continue
        themes = session.scalars(select(Theme).where(Theme.id.in_(theme_ids))).all()
        free_id = row_id if session.get(Need, row_id) is None else None
        need = Need(id=free_id, stand_id=stand_id, starts_at=at, themes=list(themes))
        need.minimum, need.wished, need.maximum = minimum, wished, maximum
        session.add(need)
        needs.append(need)
    session.flush()
    yield Consequence(Fate.RESTORED, LABEL, [need_name(need) for need in needs])
    yield Consequence(Fate.LEFT_OUT, LABEL, left_out, pending=pending)


def need_name(need: Need) -> str:
    return f"stand {need.stand.number}"
