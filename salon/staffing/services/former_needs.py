"""Needs that a change of the fair takes away, as its undoing gives them back."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.fair.models import Theme
from salon.platform.database.consequences import Facts
from salon.staffing.models import Need


def facts_of_need(need: Need) -> Facts:
    figures = need.minimum, need.wished, need.maximum
    return [need.stand_id, need.starts_at.isoformat(), *figures, [t.id for t in need.themes]]


def restore_needs(session: Session, former: Facts) -> list[Need]:
    """Make the needs again, where their stand has none at that time; return them."""
    needs = []
    for kind, _, *facts in former:
        if kind != "need":
            continue
        stand_id, starts_at, minimum, wished, maximum, theme_ids = facts
        at = datetime.fromisoformat(starts_at)
        same_need = select(Need.id).where(Need.stand_id == stand_id, Need.starts_at == at)
        if session.scalar(same_need) is not None:
            continue
        themes = session.scalars(select(Theme).where(Theme.id.in_(theme_ids))).all()
        need = Need(stand_id=stand_id, starts_at=at, themes=list(themes))
        need.minimum, need.wished, need.maximum = minimum, wished, maximum
        session.add(need)
        needs.append(need)
    session.flush()
    return needs


def need_name(need: Need) -> str:
    return f"stand {need.stand.number}"
