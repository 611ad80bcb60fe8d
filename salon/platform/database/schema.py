"""The revision of the database's schema, beside the one that this code expects."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, select, text

from salon.platform.database.db import BUSY_TIMEOUT_MS
from salon.platform.settings.installation import ROOT
from salon.platform.words.errors import RuleBroken

MIGRATION_LOCK = 2021_10_01
"""The number of the PostgreSQL advisory lock that one migration holds at a time."""
LONGEST_MIGRATION_MS = 3_600_000
MIGRATIONS = ROOT / "migrations"


class SchemaDiffers(RuleBroken):
    """The database is not at the revision that this code expects; `message` says what to do."""


def head_revision() -> str | None:
    """Return the revision that this code expects."""
    return _scripts().get_current_head()


def current_revision(connection: Connection) -> str | None:
    """Return the revision of the database, or None when no migration was run in it."""
    return MigrationContext.configure(connection).get_current_revision()


def has_revision(revision: str) -> bool:
    """Return whether this code has the migration to a revision."""
    return revision in {script.revision for script in _scripts().walk_revisions()}


def migrate(connection: Connection, revision: str) -> None:
    """Bring the schema to a revision, inside the caller's transaction: "base" empties it."""
    config = _config()
    config.attributes["connection"] = connection
    if connection.dialect.name == "sqlite":
        # A table that is rebuilt goes for a moment, and triggers of others name it.
        connection.exec_driver_sql("PRAGMA legacy_alter_table = ON")
    (command.downgrade if revision == "base" else command.upgrade)(config, revision)


def check_schema(connection: Connection) -> None:
    """Raise SchemaDiffers unless the database is at the revision that this code expects."""
    check_revision_exists(connection)
    current, head = current_revision(connection), head_revision()
    if current is None:
        raise SchemaDiffers(
            "La base est vide : tapez « salon migrate », "
            "ou lancez le serveur avec « serve --migrate »."
        )
    if current != head:
        raise SchemaDiffers(
            f"La base est à la révision {current}, ce logiciel attend la {head} : "
            "sauvegardez-la, puis tapez « salon migrate »."
        )


def check_revision_exists(connection: Connection) -> None:
    """Raise SchemaDiffers when this code has no migration of the database's revision."""
    current = current_revision(connection)
    if current is not None and not has_revision(current):
        raise SchemaDiffers(
            f"La base vient d’une autre version du logiciel (révision {current}, inconnue ici) : "
            "lancez la version qui l’a écrite, ou une plus récente."
        )


@contextmanager
def schema_locked(engine: Engine) -> Iterator[Connection]:
    """Yield a connection whose transaction excludes other migrations; commits at its end.

    A concurrent one waits, up to LONGEST_MIGRATION_MS.
    """
    with engine.connect().execution_options(writes=True) as connection:
        if engine.dialect.name == "sqlite":
            _set_patience(connection, LONGEST_MIGRATION_MS)
            connection.begin()
        else:
            for name in ("lock_timeout", "statement_timeout"):
                connection.execute(text(f"SET LOCAL {name} = {LONGEST_MIGRATION_MS}"))
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        yield connection
        connection.commit()
        if engine.dialect.name == "sqlite":
            _set_patience(connection, BUSY_TIMEOUT_MS)


def _set_patience(connection: Connection, milliseconds: int) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(f"PRAGMA busy_timeout={milliseconds}")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
