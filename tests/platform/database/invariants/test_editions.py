"""Each wall of each table of an edition, attacked by SQL alone on both databases.

The rows are those of the former release, whose fair fills every table; migrated, its second edition
is closed. A wall is attacked alone: other triggers, foreign keys and checks are set aside.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from sqlalchemy import (
    Connection,
    Engine,
    ForeignKey,
    NullPool,
    RowMapping,
    Table,
    and_,
    create_engine,
    delete,
    insert,
    select,
    text,
    update,
)

from salon.platform.database.db import db
from salon.platform.database.edition_walls import (
    APART,
    CLOSED,
    EDITIONS,
    RETENTION,
    TRACES,
    EditionIsClosed,
    EditionsApart,
    Wall,
    edition_of,
    links_of,
    tables_of_an_edition,
    walls,
)
from salon.platform.database.foreign_keys import path_to_edition
from salon.platform.database.guards import ERASURE
from tests.commands import start
from tests.conftest import copy_data
from tests.former_release.rows import load_postgresql
from tests.postgres import Server
from tests.tables import each

ADDED = (
    "INSERT INTO book_filters (edition_id, name, query) SELECT id, 'a', 'state=sent' FROM editions",
    "INSERT INTO refunds (payment_id, amount, method, refunded_on, reference, recorded_at,"
    " recorded_by, cancelled_at, cancel_reason) SELECT id, amount, method, received_on, '',"
    " recorded_at, '', recorded_at, '' FROM payments",
    "INSERT INTO sales_papers (document_id, stored_name, sha256, made_at)"
    " SELECT id, id || '.pdf', '', created_at FROM sales_documents",
    "INSERT INTO statement_lines (edition_id, identity, booked_on, amount, label, payer, reference,"
    " is_return, imported_at, imported_by, settled_by) SELECT id, 'a', '2021-09-01', 1, 'VIR', '',"
    " '', false, '2021-09-01 10:00:00', '', '' FROM editions",
    "INSERT INTO negotiated_lines (exhibitor_id, item_id, label, unit_price, supply, reason,"
    " granted_by, granted_at, withdrawn_by) SELECT exhibitors.id, price_items.id, 'Angle', 0,"
    " 'stand', '', '', '2021-09-01 10:00:00', '' FROM exhibitors"
    " JOIN price_items ON price_items.edition_id = exhibitors.edition_id",
    "INSERT INTO merged_people (attendee_id, kept_id, merged_at, merged_by, brought, moved, ended)"
    " SELECT max(id), min(id), '2021-09-01 10:00:00', '', '{}', '{}', '{}' FROM attendees"
    " GROUP BY edition_id HAVING count(*) > 1",
    "INSERT INTO distinct_people (first_id, second_id, decided_at, decided_by)"
    " SELECT min(id), max(id), '2021-09-01 10:00:00', '' FROM attendees"
    " GROUP BY edition_id HAVING count(*) > 1",
    "INSERT INTO merged_agents (agent_id, kept_id, merged_at, merged_by, gained)"
    " SELECT max(id), min(id), '2021-09-01 10:00:00', '', '{}' FROM agents"
    " GROUP BY edition_id HAVING count(*) > 1",
    "INSERT INTO distinct_exhibitors (first_id, second_id, decided_at, decided_by)"
    " SELECT min(id), max(id), '2021-09-01 10:00:00', '' FROM exhibitors"
    " GROUP BY edition_id HAVING count(*) > 1",
    "INSERT INTO distinct_agents (first_id, second_id, decided_at, decided_by)"
    " SELECT min(id), max(id), '2021-09-01 10:00:00', '' FROM agents"
    " GROUP BY edition_id HAVING count(*) > 1",
    "INSERT INTO undo_records (entry_id, edition_id, version, act, facts)"
    " SELECT journal.id, editions.id, 1, '', '{}' FROM editions"
    " JOIN (SELECT id, row_number() OVER (ORDER BY id) AS rank FROM journal_entries) AS journal"
    " ON journal.rank = editions.id",
    "INSERT INTO landmarks (edition_id, hall_id, kind, name, x, y, is_step_free)"
    " SELECT edition_id, id, 'toilets', name, 1, 1, true FROM halls",
    "INSERT INTO mailings (edition_id, version, subject, text, audience, filters, reply_to, state,"
    " author, created_at) SELECT id, 1, '', '', 'people', '{}', '', 'draft', '',"
    " '2021-09-01 10:00:00' FROM editions",
    "INSERT INTO mailing_recipients (mailing_id, key, address, address_key, name, greeting,"
    " commune, organisation, path, others, state, reason, drawn_at)"
    " SELECT id, '', '', '', '', '', '', '', '', 0, 'waiting', '', created_at FROM mailings",
)
"""Rows of the tables that migrations leave empty."""
EDITION_IDS = (2, 1)
ELSEWHERE = 999
WALLS = list(walls())
CLOSED_WALLS = [wall for wall in WALLS if wall.refusal == CLOSED and wall.table != EDITIONS]
APART_WALLS = [wall for wall in WALLS if wall.refusal == APART]
LINKS = [(wall, key) for wall in APART_WALLS for key in links_of(db.metadata.tables[wall.table])]
MOVES = [wall for wall in APART_WALLS if wall.event.startswith("UPDATE")]


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def fair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("former")
    if request.param == "sqlite":
        copy_data(request.getfixturevalue("former_fair"), folder)
        address = f"sqlite:///{folder / 'salon.sqlite'}"
    else:
        postgres: Server = request.getfixturevalue("postgres")
        address = load_postgresql(postgres, "walls")
        start(folder, "db", "upgrade", DATABASE_URL=address)
    engine = create_engine(address, poolclass=NullPool)
    with engine.begin() as connection:
        for statement in ADDED:
            connection.execute(text(statement))
        connection.execute(text("UPDATE editions SET is_current = NULL, state = 'closed'"))
        if request.param == "sqlite":
            put_walls_aside(connection)
    yield engine
    engine.dispose()
    if request.param == "postgresql":
        postgres.drop_database("walls")


def put_walls_aside(connection: Connection) -> None:
    """Move all triggers to a table, once: there are hundreds to drop, and one is attacked."""
    aside = "CREATE TABLE walls AS SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    connection.execute(text(aside))
    for name in connection.scalars(text("SELECT name FROM walls")).all():
        connection.execute(text(f"DROP TRIGGER {name}"))


@contextmanager
def attacked(engine: Engine, wall: Wall | None) -> Iterator[Connection]:
    """Yield a connection on which one wall stands alone, or none; all is rolled back."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA foreign_keys = OFF")
            driver.execute("PRAGMA ignore_check_constraints = ON")
            if wall is not None:
                trigger = text("SELECT sql FROM walls WHERE name = :name")
                driver.execute(connection.execute(trigger, {"name": wall.name}).scalar_one())
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            checks = text(
                "SELECT conrelid::regclass || ' DROP CONSTRAINT ' || conname FROM pg_constraint"
                " WHERE contype = 'c' AND conrelid = to_regclass(:name)"
            )
            for dropped in connection.scalars(checks, {"name": wall and wall.table}).all():
                connection.execute(text(f"ALTER TABLE {dropped}"))
            if wall is not None:
                enabled = f"ALTER TABLE {wall.table} ENABLE ALWAYS TRIGGER {wall.name}"
                connection.execute(text(enabled))
        yield connection
        connection.rollback()


def a_row(connection: Connection, table: Table, *conditions: str) -> RowMapping:
    """Return a row of an edition that fulfils the conditions."""
    for edition_id in EDITION_IDS:
        condition = " AND ".join((f"{edition_of(table, table.name)} = {edition_id}", *conditions))
        row = connection.execute(select(table).where(text(condition)).limit(1)).mappings().first()
        if row is not None:
            return row
    raise LookupError(f"{table.name} {conditions}")


def of_row(table: Table, row: RowMapping) -> Any:
    return and_(*(key == row[key.name] for key in table.primary_key.columns))


def change(connection: Connection, wall: Wall, row: RowMapping) -> None:
    """Add, change or delete the row, as the wall watches."""
    table, event = db.metadata.tables[wall.table], wall.event.split()[0]
    if event == "INSERT":
        connection.execute(delete(table).where(of_row(table, row)))
        connection.execute(insert(table).values(**row))
    elif event == "UPDATE":
        keys = [path_to_edition(table)[0], *links_of(table)]
        same_values = {key.parent.name: row[key.parent.name] for key in keys}
        connection.execute(update(table).where(of_row(table, row)).values(**same_values))
    else:
        connection.execute(delete(table).where(of_row(table, row)))


def name_of(case: Any) -> str:
    wall, *keys = case if isinstance(case, tuple) else (case,)
    return " ".join((wall.name, *(key.parent.name for key in keys)))


def test_each_table_of_an_edition_has_its_walls() -> None:
    tables = {table.name for table in tables_of_an_edition()}
    assert tables >= TRACES
    assert len(tables) > 80
    assert len(CLOSED_WALLS) == 3 * len(tables - TRACES)
    assert {wall.table for wall in MOVES} == tables


@each("wall", CLOSED_WALLS, ids=name_of)
def test_no_row_of_a_closed_edition_is_added_changed_or_deleted(fair: Engine, wall: Wall) -> None:
    with attacked(fair, wall) as connection:
        row = a_row(connection, db.metadata.tables[wall.table])
        with pytest.raises(EditionIsClosed):
            change(connection, wall, row)


@each("wall", CLOSED_WALLS, ids=name_of)
def test_without_its_wall_it_would_be(fair: Engine, wall: Wall) -> None:
    """The control."""
    with attacked(fair, None) as connection:
        change(connection, wall, a_row(connection, db.metadata.tables[wall.table]))


@each("wall, key", LINKS, ids=name_of)
def test_no_row_leads_to_another_edition(fair: Engine, wall: Wall, key: ForeignKey) -> None:
    table, column = db.metadata.tables[wall.table], key.parent.name
    with attacked(fair, wall) as connection:
        row = parted(connection, table, a_row_with(connection, table, key), key)
        change(connection, wall, row)
        with pytest.raises(EditionsApart):  # a row of its own table cannot even be moved
            move_away(connection, key.column.table, row[column])
            change(connection, wall, row)


def a_row_with(connection: Connection, table: Table, key: ForeignKey) -> RowMapping:
    """Return a row that leads to another by a key, made to where none does."""
    name = f"{table.name}.{key.parent.name}"
    with suppress(LookupError):
        return a_row(connection, table, f"{name} IS NOT NULL")
    row = a_row(connection, table)
    own_edition = select(text(edition_of(table, table.name))).select_from(table)
    edition_id = connection.scalars(own_edition.where(of_row(table, row))).one()
    targets = key.column.table
    condition = text(f"{edition_of(targets, targets.name)} = {edition_id}")
    target_ids = select(targets.c.id).where(condition).order_by(targets.c.id.desc())
    target_id = connection.scalars(target_ids.limit(1)).one()
    leading = update(table).where(of_row(table, row)).values({key.parent.name: target_id})
    connection.execute(leading)
    return a_row(connection, table, f"{name} IS NOT NULL")


def parted(connection: Connection, table: Table, row: RowMapping, key: ForeignKey) -> RowMapping:
    """Return the row, its edition said by another parent where `key` leads to the same one."""
    first, (behind, *_) = path_to_edition(table)[0], path_to_edition(key.column.table)
    parents = first.column.table
    if parents.name == EDITIONS or behind.column.table is not parents:
        return row
    target_parent = select(behind.parent).where(key.column == row[key.parent.name])
    if connection.scalars(target_parent).one() != row[first.parent.name]:
        return row
    own = f"id <> {row[first.parent.name]} AND {edition_of(parents, parents.name)} = " + (
        f"(SELECT {edition_of(parents, 'own')} FROM {parents.name} own"
        f" WHERE own.id = {row[first.parent.name]})"
    )
    other = a_row(connection, parents, own)
    values: Any = {**row, first.parent.name: other["id"]}
    return values


def move_away(connection: Connection, table: Table, row_id: int) -> None:
    """Move a row, or what it belongs to, to an edition of its own."""
    first, *others = path_to_edition(table)
    if others:
        parent_id = connection.scalars(select(first.parent).where(table.c.id == row_id)).one()
        move_away(connection, first.column.table, parent_id)
    else:
        moved = update(table).where(table.c.id == row_id)
        connection.execute(moved.values({first.parent.name: ELSEWHERE}))


@each("wall", MOVES, ids=name_of)
def test_no_row_moves_to_another_edition(fair: Engine, wall: Wall) -> None:
    table = db.metadata.tables[wall.table]
    first, *others = path_to_edition(table)
    with attacked(fair, wall) as connection:
        row = a_row(connection, table)
        parent_id = ELSEWHERE
        if others:
            parent_id = another_parent(connection, table, row)
            connection.execute(delete(table).where(first.parent == parent_id))
        moved = update(table).where(of_row(table, row))
        with pytest.raises(EditionsApart):
            connection.execute(moved.values({first.parent.name: parent_id}))


def another_parent(connection: Connection, table: Table, row: RowMapping) -> int:
    """Return a parent that the row does not have, moved to an edition of its own."""
    first = path_to_edition(table)[0]
    parents = first.column.table
    own_edition = select(text(edition_of(table, table.name))).select_from(table)
    before = connection.scalars(own_edition.where(of_row(table, row))).one()
    others = select(parents.c.id).where(parents.c.id != row[first.parent.name])
    for parent_id in connection.scalars(others).all():
        with connection.begin_nested() as attempt:
            move_away(connection, parents, parent_id)
            if connection.scalars(own_edition.where(of_row(table, row))).one() == before:
                return int(parent_id)
            attempt.rollback()
    copy = dict(a_row(connection, parents)) | {"id": ELSEWHERE, "edition_id": ELSEWHERE}
    connection.execute(insert(parents).values(copy))
    return ELSEWHERE


def test_a_closed_edition_itself_changes_only_to_be_reopened(fair: Engine) -> None:
    changes, deletes = (wall for wall in WALLS if wall.table == EDITIONS)
    changed = text("UPDATE editions SET name = 'X' WHERE id = 2")
    with attacked(fair, changes) as connection, pytest.raises(EditionIsClosed):
        connection.execute(changed)
    with attacked(fair, deletes) as connection, pytest.raises(EditionIsClosed):
        connection.execute(text("DELETE FROM editions WHERE id = 2"))
    with attacked(fair, changes) as connection:
        connection.execute(text("UPDATE editions SET state = 'held' WHERE id = 2"))
        assert connection.execute(changed).rowcount == 1


@pytest.mark.parametrize("door", [ERASURE, RETENTION])
def test_a_door_opens_closed_editions_until_it_is_shut(fair: Engine, door: str) -> None:
    (wall,) = (wall for wall in CLOSED_WALLS if wall.name == "stands_closed_update")
    with attacked(fair, wall) as connection:
        row = a_row(connection, db.metadata.tables[wall.table])
        connection.execute(text(f"INSERT INTO unsettled (name) VALUES ('{door}')"))
        change(connection, wall, row)
        connection.execute(text("DELETE FROM unsettled"))
        with pytest.raises(EditionIsClosed):
            change(connection, wall, row)
