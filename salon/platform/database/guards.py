"""A trigger that refuses a change, and two rows that no commit may leave together, in SQL."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

ERASURE = "erasure"
RETENTION = "retention"
UNLESS_ERASING = f"NOT EXISTS (SELECT 1 FROM unsettled WHERE name = '{ERASURE}')"
UNLESS_OPENED = f"NOT EXISTS (SELECT 1 FROM unsettled WHERE name IN ('{ERASURE}', '{RETENTION}'))"
ALWAYS = "1 = 1"


@dataclass(frozen=True)
class Refusal:
    """A change of a row of `table` that is refused at once, by its `name`, if `condition` holds.

    `when`: a condition on NEW and OLD alone, evaluated first. `lock`: rows that PostgreSQL locks
    before, so that two transactions cannot pass together.
    """

    name: str
    table: str
    events: Sequence[str]
    condition: str
    when: str = ""
    lock: str = ""

    def on_sqlite(self) -> Iterator[str]:
        condition = f" WHEN {self.when}" if self.when else ""
        for trigger_event in self.events:
            yield (
                f"CREATE TRIGGER {self.name}_on_{trigger_event.split()[0].lower()}\n"
                f"AFTER {trigger_event} ON {self.table} FOR EACH ROW{condition} BEGIN\n"
                f"    SELECT RAISE(ABORT, '{self.name}') WHERE {self.condition};\n"
                "END"
            )

    def on_postgresql(self) -> Iterator[str]:
        yield function_of(self.name, self.condition, self.lock)
        condition = f" WHEN ({self.when})" if self.when else ""
        yield (
            f"CREATE TRIGGER {self.name} AFTER {' OR '.join(self.events)} ON {self.table}\n"
            f"FOR EACH ROW{condition} EXECUTE FUNCTION {self.name}()"
        )


@dataclass(frozen=True)
class Contradiction:
    """Two rows, `a` and `b`, that no commit may leave together; `clash` says when they do.

    `a` and `b` are tables, each with the columns that matter; `b` None: two rows of `a`, which
    PostgreSQL keeps apart by the exclusion constraint `exclusion`. `lock` as in Refusal.
    """

    name: str
    clash: str
    a: tuple[str, str]
    b: tuple[str, str] | None = None
    exclusion: str = ""
    lock: str = ""

    @property
    def sides(self) -> Iterator[tuple[str, str, str, str]]:
        """Return (alias, table, columns, column of the row in `unsettled`)."""
        yield "a", *self.a, "row_id" if self.b else "row_id, other_id"
        if self.b:
            yield "b", *self.b, "other_id"

    @property
    def pairs(self) -> str:
        return f"FROM {self.a[0]} a, {(self.b or self.a)[0]} b WHERE {self.clash}"

    def on_sqlite(self) -> Iterator[str]:
        for alias, table, columns, places in self.sides:
            delete_sql = (
                f"DELETE FROM unsettled WHERE name = '{self.name}' AND {{}}.id IN ({places})"
            )
            insert_sql = (
                "INSERT INTO unsettled (name, row_id, other_id)\n"
                f"    SELECT '{self.name}', a.id, b.id {self.pairs} AND {alias}.id = NEW.id"
            )
            for trigger_event, *steps in (
                ("INSERT", insert_sql),
                (f"UPDATE OF {columns}", delete_sql.format("NEW"), insert_sql),
                ("DELETE", delete_sql.format("OLD")),
            ):
                body = "".join(f"    {step};\n" for step in steps)
                yield (
                    f"CREATE TRIGGER {self.name}_{table}_{trigger_event.split()[0].lower()}\n"
                    f"AFTER {trigger_event} ON {table} FOR EACH ROW BEGIN\n{body}END"
                )

    def on_postgresql(self) -> Iterator[str]:
        if self.exclusion:
            yield (
                f"ALTER TABLE {self.a[0]} ADD CONSTRAINT {self.name}\n"
                f"EXCLUDE USING gist ({self.exclusion}) DEFERRABLE INITIALLY DEFERRED"
            )
            return
        for alias, table, columns, _ in self.sides:
            function = f"{self.name}_{table}"
            condition = f"EXISTS (SELECT 1 {self.pairs} AND {alias}.id = NEW.id)"
            lock = self.lock if alias == "a" else ""
            yield function_of(function, condition, lock, raised=self.name)
            yield (
                f"CREATE CONSTRAINT TRIGGER {function} AFTER INSERT OR UPDATE OF {columns}\n"
                f"ON {table} DEFERRABLE INITIALLY DEFERRED\n"
                f"FOR EACH ROW EXECUTE FUNCTION {function}()"
            )


def function_of(name: str, condition: str, lock: str, raised: str = "") -> str:
    """Return a trigger function of PostgreSQL that raises an IntegrityError naming `raised`."""
    locking = f"    PERFORM 1 {lock};\n" if lock else ""
    raised = raised or name
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n"
        f"{locking}    IF {condition} THEN\n"
        f"        RAISE EXCEPTION '{raised}'\n"
        f"        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = '{raised}';\n"
        "    END IF;\n    RETURN NULL;\nEND $$"
    )


def truncation_of(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table}\n"
        "FOR EACH STATEMENT EXECUTE FUNCTION rows_stay()"
    )


CHANGED = ("UPDATE", "DELETE")
