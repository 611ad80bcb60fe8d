"""Reads of an edition: a session that works in one finds no row of another.

The criterion is added to each SELECT, UPDATE and DELETE of mapped classes, joins and `get`
included; what a relationship loads is in the edition by its keys (`edition_walls.py`). Statements
in Core name their edition; a session without an edition, as the worker's, reads them all.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flask import g
from flask.globals import app_ctx
from flask_sqlalchemy.session import Session
from sqlalchemy import ColumnElement, ForeignKey, Integer, bindparam, event, inspect, select, true
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria

from salon.platform.database.db import Model
from salon.platform.database.foreign_keys import path_to_edition

FindEditionId = Callable[[], int | None]


def work_in_edition(find_edition_id: FindEditionId | None) -> None:
    """Let this request or task read the rows of one edition alone; None: of all, as at first.

    `find_edition_id` is asked at the first read of such a row; None: there is none to be read.
    """
    values = app_ctx.g
    values.find_edition_at_work, values.edition_at_work = find_edition_id, None


@contextmanager
def in_edition(edition_id: int | None) -> Iterator[None]:
    """Let the reads inside look at the rows of one edition alone; None: of all."""
    find_former, former_id = g.get("find_edition_at_work"), g.get("edition_at_work")
    g.find_edition_at_work, g.edition_at_work = None, edition_id
    try:
        yield
    finally:
        g.find_edition_at_work, g.edition_at_work = find_former, former_id


@contextmanager
def across_editions() -> Iterator[None]:
    """Let the reads inside look at every edition."""
    with in_edition(None):
        yield


def edition_at_work() -> int | None:
    """Return the edition whose rows alone this request or task reads."""
    edition_id: int | None = g.get("edition_at_work")
    find_edition_id: FindEditionId | None = g.get("find_edition_at_work")
    if edition_id is None and find_edition_id is not None:
        with across_editions():  # the edition itself is looked for among all
            edition_id = find_edition_id()
        g.edition_at_work = edition_id
    return edition_id


def _in_edition(entity: Any) -> ColumnElement[bool]:
    """Return the criterion that a row of a mapped class is of the edition at work."""
    mapper = inspect(entity, raiseerr=False)
    path = path_to_edition(mapper.mapper.local_table) if mapper is not None else ()
    if not path:
        return true()
    first, *others = path
    key: ColumnElement[object] = getattr(
        entity, mapper.mapper.get_property_by_column(first.parent).key
    )
    at_work = bindparam("edition_at_work", callable_=edition_at_work, type_=Integer)
    if not others:
        return (key == at_work) | key.is_(None) if first.parent.nullable else key == at_work
    return _leads_to(key, first, others, at_work)


def _leads_to(
    key: ColumnElement[object],
    step: ForeignKey,
    others: Sequence[ForeignKey],
    at_work: ColumnElement[int],
) -> ColumnElement[bool]:
    """Return whether a key leads, by further ones, to the edition at work: one row looked up for
    each row that is read, where a list of all the rows of the edition would be made first."""
    row = step.column.table.alias()
    following, *rest = others
    next_key = row.c[following.parent.key]
    is_there = _leads_to(next_key, following, rest, at_work) if rest else next_key == at_work
    return select(row.c[step.column.key]).where(row.c[step.column.key] == key, is_there).exists()


Model.in_edition_at_work = classmethod(_in_edition)

OF_THE_EDITION = with_loader_criteria(
    Model,
    lambda mapped: mapped.in_edition_at_work(),
    include_aliases=True,
    propagate_to_loaders=False,
)


@event.listens_for(Session, "do_orm_execute")
def _stay_in_the_edition(state: ORMExecuteState) -> None:
    is_whole = state.is_select or state.is_update or state.is_delete
    if not is_whole or state.is_column_load or state.is_relationship_load:
        return
    if g.get("edition_at_work") is not None or g.get("find_edition_at_work") is not None:
        state.statement = state.statement.options(OF_THE_EDITION)
