"""The walls of an edition, kept by the database whoever writes: ORM, Core, driver, SQL by hand.

A row of an edition refers to rows of the same edition, and stays in it. A row of a closed edition
is neither added, changed nor deleted. The triggers are written from the metadata: a new table has
its own with the migration that makes it.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, ForeignKey, FromClause, Table, event
from sqlalchemy.engine import Engine, ExceptionContext
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from salon.platform.database.day_walls import OUTSIDE, OutsideTheDays
from salon.platform.database.db import Model, violates
from salon.platform.database.foreign_keys import path_to_edition
from salon.platform.database.guards import RETENTION, UNLESS_OPENED, function_of
from salon.platform.database.invariants import Unsettled
from salon.platform.words.errors import RuleBroken

CLOSED, APART = "edition_is_closed", "editions_stay_apart"
EDITIONS = "editions"
TRACES = frozenset(
    {
        *("data_releases", "data_files"),
        *("lead_readings", "printings", "print_runs", "kept_figures"),
        *("read_tokens", "stations"),
        *("paper_packs", "paper_pages", "plan_proposals", "rota_runs"),
        "sales_papers",
    }
)
"""Tables that only record that something was read, printed, drawn, proposed or given to the public,
or who may read: they are written in a closed edition too."""
ACROSS = frozenset(
    {"organisation_invitations.exhibitor_id", "scans.badge_id", "conflicts.badge_id"}
)
"""Keys that lead to another edition: the exhibitor of a former one who is invited to this one, and
a badge of another one that is refused at a door."""


class EditionIsClosed(RuleBroken):
    """A row of a closed edition would have changed; nothing was written."""

    message = (
        "Cette édition est clôturée : elle se lit, mais ne change plus. "
        "L’organisation peut la rouvrir pour la corriger, à la page « Éditions »."
    )


class EditionsApart(RuleBroken):
    """A row would have referred to one of another edition; nothing was written."""

    message = "Ce qui est demandé touche deux éditions. Revenez à la page d’une seule édition."


REFUSALS = {CLOSED: EditionIsClosed, APART: EditionsApart, OUTSIDE: OutsideTheDays}


@contextmanager
def retention(connection: Session | Connection) -> Iterator[None]:
    """Let the caller's transaction change rows of closed editions, as the law asks.

    Erasure, purge, a consent withdrawn, a restored backup. `connection`: a session or a connection.
    """
    doors = Unsettled.metadata.tables[Unsettled.__tablename__]
    connection.execute(doors.insert().values(name=RETENTION))
    yield
    if hasattr(connection, "flush"):
        connection.flush()
    connection.execute(doors.delete().where(doors.c.name == RETENTION))


@dataclass(frozen=True)
class Wall:
    """A trigger of `table` that raises `refusal` when `condition` holds for a change of a row.

    On PostgreSQL, walls of the same `condition` share the function of the first of them.
    """

    table: str
    name: str
    event: str
    condition: str
    refusal: str

    def on_sqlite(self) -> Iterator[str]:
        yield (
            f"CREATE TRIGGER {self.name} AFTER {self.event} ON {self.table} FOR EACH ROW BEGIN\n"
            f"    SELECT RAISE(ABORT, '{self.refusal}') WHERE {self.condition};\n"
            "END"
        )

    def on_postgresql(self, functions: dict[str, str]) -> Iterator[str]:
        if self.condition not in functions:
            functions[self.condition] = self.name
            yield function_of(self.name, self.condition, "", raised=self.refusal)
        yield (
            f"CREATE TRIGGER {self.name} AFTER {self.event} ON {self.table}\n"
            f"FOR EACH ROW EXECUTE FUNCTION {functions[self.condition]}()"
        )


def tables_of_an_edition() -> list[Table]:
    """Return the tables whose rows belong to an edition, but that of the editions."""
    return [table for table in Model.metadata.sorted_tables if path_to_edition(table)]


def walls() -> Iterator[Wall]:
    """Return every wall of every table of an edition."""
    for table in tables_of_an_edition():
        yield from _apart(table)
        if table.name not in TRACES:
            yield from _closed(table)
    yield Wall(
        EDITIONS,
        "editions_closed_update",
        "UPDATE",
        f"OLD.state = 'closed' AND NEW.state = 'closed' AND {UNLESS_OPENED}",
        CLOSED,
    )
    yield Wall(
        EDITIONS,
        "editions_closed_delete",
        "DELETE",
        f"OLD.state = 'closed' AND {UNLESS_OPENED}",
        CLOSED,
    )


def _closed(table: Table) -> Iterator[Wall]:
    for change, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
        state = f"(SELECT state FROM editions WHERE id = {edition_of(table, row)})"
        condition = f"{state} = 'closed' AND {UNLESS_OPENED}"
        yield Wall(table.name, f"{table.name}_closed_{change.lower()}", change, condition, CLOSED)


def _apart(table: Table) -> Iterator[Wall]:
    first, links = path_to_edition(table)[0], links_of(table)
    edition = edition_of(table, "NEW")
    other = [f"{_edition_behind(key, 'NEW')} <> {edition}" for key in links]
    columns = ", ".join(key.parent.name for key in (first, *links))
    if other:
        name = f"{table.name}_apart_insert"
        yield Wall(table.name, name, "INSERT", " OR ".join(other), APART)
    moved = f"{edition_of(table, 'OLD')} <> {edition}"
    name = f"{table.name}_apart_update"
    yield Wall(table.name, name, f"UPDATE OF {columns}", " OR ".join((moved, *other)), APART)


def links_of(table: Table) -> list[ForeignKey]:
    """Return the keys of a table, but the one that says its edition, to rows of an edition."""
    first = path_to_edition(table)[0]
    return [
        key
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
        if key is not first
        and f"{table.name}.{key.parent.name}" not in ACROSS
        and path_to_edition(key.column.table)
    ]


def edition_of(table: Table, row: str) -> str:
    """Return the SQL of the edition of the row `row` (NEW or OLD) of a table."""
    first = path_to_edition(table)[0]
    return (
        f"{row}.{first.parent.name}"
        if first.column.table.name == EDITIONS
        else (_edition_behind(first, row))
    )


def _edition_behind(key: ForeignKey, row: str) -> str:
    """Return the SQL of the edition of the row that `row` refers to by a key; NULL without."""
    tables, path = [key.column.table], path_to_edition(key.column.table)
    joins = f"{tables[0].name} parent"
    last = "parent"
    for number, step in enumerate(path[:-1], 1):
        joins += (
            f" JOIN {step.column.table.name} parent_{number}"
            f" ON parent_{number}.{step.column.name} = {last}.{step.parent.name}"
        )
        last = f"parent_{number}"
    column = path[-1].parent.name
    where = f"parent.{key.column.name} = {row}.{key.parent.name}"
    return f"(SELECT {last}.{column} FROM {joins} WHERE {where})"


def statements(dialect: str) -> Iterator[str]:
    """Return the statements that install the walls, in order."""
    functions: dict[str, str] = {}
    for wall in walls():
        yield from wall.on_sqlite() if dialect == "sqlite" else wall.on_postgresql(functions)


def crossings() -> Iterator[str]:
    """Return a SELECT for each key: its name, and the key of each row that leads elsewhere."""
    for table in tables_of_an_edition():
        for key in links_of(table):
            name = f"{table.name}.{key.parent.name}"
            row_key = next(iter(table.primary_key.columns)).name
            yield (
                f"SELECT '{name}', checked.{row_key} FROM {table.name} checked"
                f" WHERE {_edition_behind(key, 'checked')} <> {edition_of(table, 'checked')}"
            )


def refusal_of(error: IntegrityError) -> RuleBroken | None:
    """Return the error that says in French which wall refused a statement, or None."""
    for name, refusal in REFUSALS.items():
        if violates(error, name):
            return refusal()
    return None


@event.listens_for(Engine, "handle_error")
def _say_which_wall(context: ExceptionContext) -> None:
    error = context.sqlalchemy_exception
    if isinstance(error, IntegrityError) and (refusal := refusal_of(error)) is not None:
        raise refusal from error


@event.listens_for(Model.metadata, "after_create")
def _install(
    target: object, connection: Connection, tables: Collection[FromClause] = (), **_: object
) -> None:
    if Unsettled.__table__ in tables:
        for statement in statements(connection.dialect.name):
            connection.exec_driver_sql(statement)
