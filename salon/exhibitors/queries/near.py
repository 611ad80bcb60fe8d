"""Exhibitors whose name is near a text: a fault of typing, another spelling of the same sound."""

from typing import Any

from sqlalchemy import select

from salon.db import session
from salon.exhibitors.models import CoExhibitor, Exhibitor
from salon.search import nearest

NEAREST = 20


def near_exhibitors(which: Any, text: str) -> list[int]:
    """Return the exhibitors that a condition keeps and whose name, or a co-exhibitor's, is near a
    text: NEAREST of them. All names are read: a fair has some hundreds."""
    names = select(Exhibitor.id, Exhibitor.name_key).where(which).order_by(Exhibitor.name_key)
    shared = (
        select(Exhibitor.id, CoExhibitor.name_key)
        .join(CoExhibitor, CoExhibitor.exhibitor_id == Exhibitor.id)
        .where(which)
        .order_by(CoExhibitor.name_key)
    )
    rows = [(number, key) for one in (names, shared) for number, key in session().execute(one)]
    return list(dict.fromkeys(nearest(text, rows, NEAREST)))
