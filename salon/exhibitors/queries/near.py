"""Exhibitors whose name is near a text: a typing error, another spelling of the same sound."""

from typing import Any

from sqlalchemy import literal, select, union_all

from salon.exhibitors.models import CoExhibitor, Exhibitor
from salon.platform.db import current_session
from salon.platform.search import nearest

NEAREST = 20


def near_exhibitors(which: Any, text: str) -> list[int]:
    """Return the ids of the NEAREST exhibitors with a name or co-exhibitor near a text.

    Reads all names that meet the condition: a fair has some hundreds.
    """
    own_names = select(literal(0).label("kind"), Exhibitor.id, Exhibitor.name_key).where(which)
    shared_names = (
        select(literal(1), Exhibitor.id, CoExhibitor.name_key)
        .join(CoExhibitor, CoExhibitor.exhibitor_id == Exhibitor.id)
        .where(which)
    )
    names = union_all(own_names, shared_names).order_by("kind", "name_key")
    rows = [(number, key) for _, number, key in current_session().execute(names)]
    return list(dict.fromkeys(nearest(text, rows, NEAREST)))
