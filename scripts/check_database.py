"""On SQLite and PostgreSQL: migrates an empty database, compares it with the models, seeds it; on
SQLite with a crowd of everybody."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from sqlalchemy import Engine, create_engine, inspect

from tests.postgres import Server

CROWD = ["--visitors", "1200", "--exhibitors", "120", "--agents", "60"]
CREATE = (
    "from app import app; from salon.platform.database.db import db; "
    "app.app_context().push(); db.create_all()"
)

TRIGGERS = {
    "sqlite": "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": """
        SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(pg_trigger.oid)
        FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT '', proname, pg_get_functiondef(oid)
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prolang <> 13
        UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE contype = 'x'
    """,
}


def main() -> None:
    with tempfile.TemporaryDirectory() as data, Server.start() as server:
        for name in ("salon", "models"):
            server.create_database(name)
        for engine, url in {"SQLite": "", "PostgreSQL": server.url("salon")}.items():
            print(f"{engine}: migrations, models, seed", flush=True)
            environment = {**os.environ, "SALON_DATA": data, "DATABASE_URL": url}
            flask(environment, "db", "upgrade")
            flask(environment, "db", "check")
            compare(data, url, server.url("models") if url else "")
            flask(environment, "seed", *([] if url else CROWD))


def flask(environment: dict[str, str], *arguments: str) -> None:
    run(environment, "-m", "flask", "--app", "app", *arguments)


def run(environment: dict[str, str], *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"{' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")


def compare(data: str, migrated: str, created: str) -> None:
    """Compare what Alembic does not: CHECK and exclusion constraints, triggers, functions."""
    with tempfile.TemporaryDirectory() as folder:
        run({**os.environ, "SALON_DATA": folder, "DATABASE_URL": created}, "-c", CREATE)
        sides = [
            set(guards_of(create_engine(url or f"sqlite:///{place}/salon.sqlite")))
            for url, place in ((migrated, data), (created, folder))
        ]
    for title, only in (("migrations", sides[0] - sides[1]), ("models", sides[1] - sides[0])):
        if only:
            sys.exit(f"Only in the {title}:\n" + "\n".join(sorted(only)))


def guards_of(engine: Engine) -> Iterator[str]:
    """Yield the CHECK constraints, triggers and functions of a database, by its own definitions."""
    inspector = inspect(engine)
    for table in inspector.get_table_names():
        for check in inspector.get_check_constraints(table):
            yield json.dumps([table, check["name"], " ".join(check["sqltext"].split())])
    with engine.connect() as connection:
        for row in connection.exec_driver_sql(TRIGGERS[engine.dialect.name]):
            yield json.dumps([" ".join(str(value).split()) for value in row])
    engine.dispose()


if __name__ == "__main__":
    main()
