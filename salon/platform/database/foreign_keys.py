"""The way from a row to the row of another table that it belongs to, by foreign keys."""

from functools import lru_cache

from sqlalchemy import ForeignKey, Select, Table, select


@lru_cache
def path_to(table: Table, target: Table) -> tuple[ForeignKey, ...] | None:
    """Return the shortest chain of foreign keys that are never NULL; None when there is none."""
    paths: list[tuple[Table, tuple[ForeignKey, ...]]] = [(table, ())]
    visited = {table}
    for current, path in paths:
        if current is target:
            return path
        for key in sorted(current.foreign_keys, key=lambda key: key.parent.name):
            if not key.parent.nullable and key.column.table not in visited:
                visited.add(key.column.table)
                paths.append((key.column.table, (*path, key)))
    return None


@lru_cache
def path_to_edition(table: Table) -> tuple[ForeignKey, ...]:
    """Return the way from a row to its edition; () for a table that belongs to no edition.

    A station may be of none, and then serves the public one. Rights are of people, whose editions
    they name.
    """
    editions = table.metadata.tables["editions"]
    if table.name == "stations":
        return tuple(table.c.edition_id.foreign_keys)
    return path_to(table, editions) or ()


def owner_key(table: Table, target: Table) -> Select[int]:
    """Return the SELECT of the key in `target` that each row of `table` belongs to.

    Raises LookupError for a table that does not belong to `target`.
    """
    path = path_to(table, target)
    if path == ():
        return select(target.c.id)
    if path is None:
        raise LookupError(f"{table.name} belongs to no {target.name}")
    statement = select(path[-1].parent).select_from(table)
    for key in path[:-1]:
        statement = statement.join(key.column.table, key.parent == key.column)
    return statement
