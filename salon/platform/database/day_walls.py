"""What is live begins on a day of its edition, kept by the database whoever writes.

A shift, an appointment, a talk or a need is refused at once elsewhere. A day is not taken away from
under one: days may be replaced before what they hold follows, so this is looked at when the
transaction ends. A day says how far its clocks are from UTC (`utc_offset`, in minutes), because
SQLite knows no time zones. An edition without days has nothing to begin on, and refuses nothing.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, FromClause, event

from salon.platform.database.db import Model
from salon.platform.database.guards import UNLESS_OPENED, function_of
from salon.platform.database.invariants import Unsettled
from salon.platform.words.errors import RuleBroken

DAYS = "edition_days"
OUTSIDE = "outside_the_days"


class OutsideTheDays(RuleBroken):
    """What was asked would begin on no day of its edition; nothing was written."""

    message = (
        "Ce qui est demandé commencerait un jour où le salon n’a pas lieu. "
        "Choisissez un jour de l’édition."
    )


@dataclass(frozen=True)
class DayWall:
    """Rows of `table` begin on a day of their edition while `live`, which `columns` decide.

    `live` and `edition` are SQL, of the row `{row}`.
    """

    table: str
    columns: str
    live: str = "1 = 1"
    edition: str = "{row}.edition_id"

    @property
    def name(self) -> str:
        return f"days_of_{self.table}"

    def _is_outside(self, row: str, dialect: str) -> str:
        edition = self.edition.format(row=row)
        days = f"SELECT 1 FROM {DAYS} WHERE edition_id = {edition}"
        day_on = local_date(f"{row}.starts_at", DAYS, dialect)
        return (
            f"{self.live.format(row=row)} AND EXISTS ({days})"
            f" AND NOT EXISTS ({days} AND day_on = {day_on})"
        )

    def left_by_a_day(self, dialect: str) -> str:
        """Return the rows that the day OLD held, and no day holds."""
        edition, live = self.edition.format(row="a"), self.live.format(row="a")
        of_old, of_another = (local_date("a.starts_at", day, dialect) for day in ("OLD", DAYS))
        return (
            f"FROM {self.table} a WHERE {edition} = OLD.edition_id AND {live}"
            f" AND {of_old} = OLD.day_on AND NOT EXISTS (SELECT 1 FROM {DAYS}"
            f" WHERE edition_id = OLD.edition_id AND day_on = {of_another})"
        )

    def on_sqlite(self) -> Iterator[str]:
        outside = f"{self._is_outside('NEW', 'sqlite')} AND {UNLESS_OPENED}"
        refuse = f"SELECT RAISE(ABORT, '{OUTSIDE}') WHERE {outside}"
        settle = f"DELETE FROM unsettled WHERE name = '{self.name}' AND row_id = {{}}.id"
        yield _on_sqlite(f"{self.name}_insert", "INSERT", self.table, refuse)
        yield _on_sqlite(
            f"{self.name}_update",
            f"UPDATE OF {self.columns}",
            self.table,
            refuse,
            settle.format("NEW"),
        )
        yield _on_sqlite(f"{self.name}_delete", "DELETE", self.table, settle.format("OLD"))
        left = self.left_by_a_day("sqlite")
        unsettle = f"INSERT INTO unsettled (name, row_id) SELECT '{self.name}', a.id {left}"
        on_the_new_day = (
            f"SELECT a.id FROM {self.table} a WHERE {self.edition.format(row='a')} = NEW.edition_id"
            f" AND {local_date('a.starts_at', 'NEW', 'sqlite')} = NEW.day_on"
        )
        hold = f"DELETE FROM unsettled WHERE name = '{self.name}' AND row_id IN ({on_the_new_day})"
        yield _on_sqlite(f"{self.name}_held", "INSERT", DAYS, hold)
        yield _on_sqlite(f"{self.name}_moved", "UPDATE OF day_on", DAYS, unsettle, hold)
        yield _on_sqlite(f"{self.name}_left", "DELETE", DAYS, unsettle)

    def on_postgresql(self) -> Iterator[str]:
        outside = f"{self._is_outside('NEW', 'postgresql')} AND {UNLESS_OPENED}"
        edition = self.edition.format(row="NEW")
        lock = f"FROM {DAYS} WHERE edition_id = {edition} FOR KEY SHARE"
        yield function_of(self.name, outside, lock, raised=OUTSIDE)
        yield (
            f"CREATE TRIGGER {self.name} AFTER INSERT OR UPDATE OF {self.columns}\n"
            f"ON {self.table} FOR EACH ROW EXECUTE FUNCTION {self.name}()"
        )


WALLS = (
    DayWall("shifts", "starts_at, status", "{row}.status IN ('draft', 'published')"),
    DayWall("appointments", "starts_at, status", "{row}.status = 'booked'"),
    DayWall("programme_items", "starts_at, is_draft", "NOT {row}.is_draft"),
    DayWall(
        "needs",
        "starts_at, stand_id",
        edition="(SELECT edition_id FROM stands WHERE stands.id = {row}.stand_id)",
    ),
)


def local_date(instant: str, day: str, dialect: str) -> str:
    """Return the SQL of the date of an instant on the clocks of a day, a row or an alias."""
    if dialect == "sqlite":
        return f"date({instant}, {day}.utc_offset || ' minutes')"
    offset = f"{day}.utc_offset * interval '1 minute'"
    return f"CAST({instant} AT TIME ZONE 'UTC' + {offset} AS date)"


def statements(dialect: str) -> Iterator[str]:
    """Return the statements that install the walls, in order."""
    for wall in WALLS:
        yield from wall.on_sqlite() if dialect == "sqlite" else wall.on_postgresql()
    if dialect == "postgresql":
        name = "days_of_what_is_live"
        left = " OR ".join(f"EXISTS (SELECT 1 {wall.left_by_a_day(dialect)})" for wall in WALLS)
        yield function_of(name, left, "", raised=OUTSIDE)
        yield (
            f"CREATE CONSTRAINT TRIGGER {name} AFTER DELETE OR UPDATE OF day_on\n"
            f"ON {DAYS} DEFERRABLE INITIALLY DEFERRED\n"
            f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        )


def _on_sqlite(name: str, change: str, table: str, *steps: str) -> str:
    body = "".join(f"    {step};\n" for step in steps)
    return f"CREATE TRIGGER {name}\nAFTER {change} ON {table} FOR EACH ROW BEGIN\n{body}END"


@event.listens_for(Model.metadata, "after_create")
def _install(
    target: object, connection: Connection, tables: Collection[FromClause] = (), **_: object
) -> None:
    if Unsettled.__table__ in tables:
        for statement in statements(connection.dialect.name):
            connection.exec_driver_sql(statement)
