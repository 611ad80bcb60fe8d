"""The application on real databases: the schema is made once a run and copied for each test."""

import fcntl
import gc
import json
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

import salon.models  # noqa: F401  (relationships name each other's tables)
from salon import create_app
from salon.accounts.imports import provider_answers
from salon.accounts.services import passwords
from salon.application import Application
from salon.fair.models import Edition
from salon.platform.database import db as database_module
from salon.platform.database.db import answer_patience_s, current_session, db, transaction
from salon.platform.settings.clock import PARIS, clock, now
from salon.platform.settings.installation import Settings, read_settings
from tests import scratch
from tests.addresses import SharedMap, register_blueprint, shared_rule
from tests.collection import EVERY_TWIN, dealt, is_long, is_on_both, repeated_elsewhere
from tests.commands import ease, flask, own_files
from tests.factories import make_edition, make_places
from tests.former_release.rows import load_sqlite
from tests.pages import PageClient
from tests.postgres import Server, Slate
from tests.processes import PATIENCE_S
from tests.saved_rows import Rows, put_rows, rows_of
from tests.statements import Compiled, compile_writes_once
from tests.templates import CompiledTemplates

scratch.choose()

# Twenty examples of each property in the suite, the same in each run: some villages of the rota
# take its solver minutes. Others are drawn by make test ARGS=--hypothesis-profile=default.
# How long the machine takes decides nothing.
hypothesis.settings.register_profile(
    "suite",
    max_examples=20,
    derandomize=True,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("suite")

# Each test makes an application, thousands of objects that live as long as each other.
gc.freeze()
gc.set_threshold(100_000, 50, 100)

VISITORS = 30
"""Made-up visitors of the demonstration that commands and browsers share."""

# Locks are waited for as long as a busy machine may need; tests of the wait itself shorten it.
SERVED_BUSY_TIMEOUT_MS = database_module.BUSY_TIMEOUT_MS
database_module.BUSY_TIMEOUT_MS = PATIENCE_S * 1000
Application.url_map_class = SharedMap
Application.url_rule_class = staticmethod(shared_rule)  # type: ignore[assignment]
Application.register_blueprint = register_blueprint  # type: ignore[assignment, method-assign]
COMPILED = Compiled()
compile_writes_once()


def settings_for(folder: Path, database_url: str = "", **changes: object) -> Settings:
    """Settings of a test: no demonstration, mail nowhere, data in its own folder."""
    environ = {
        "SALON_DATA": str(folder),
        "SALON_DEMONSTRATION": "0",
        "DATABASE_URL": database_url,
        "REGISTRATIONS_PER_HOUR": "1000",
    }
    return replace(read_settings(environ), **changes)  # type: ignore[arg-type]


def folder_of_run(factory: pytest.TempPathFactory) -> Path:
    """Return the folder that all the processes of a run share."""
    root = factory.getbasetemp()
    return root.parent if "PYTEST_XDIST_WORKER" in os.environ else root


def build_once(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], object]) -> Path:
    """Return the folder that `build` filled, once for all the processes of a run."""
    root = folder_of_run(factory)
    folder, draft = root / name, root / f"{name}.draft"
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir()
            build(draft)
            for path in draft.glob("*.sqlite"):
                with closing(sqlite3.connect(path)) as base:
                    base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            draft.rename(folder)
    return folder


def copy_data(source: Path, target: Path, *ignored: str) -> Path:
    """Copy a data folder built once, without the files of whoever reads its base meanwhile."""
    ignore = shutil.ignore_patterns("*-wal", "*-shm", *ignored)
    return shutil.copytree(source, target, ignore=ignore, dirs_exist_ok=True)


def copy_demonstration(source: Path, target: Path) -> None:
    """Copy the data of a demonstration, whose clock is set to the moment of its loading.

    Left to run, it would open the fair a quarter of an hour later, whichever test it is.
    """
    copy_data(source, target, "clock.json")
    set_clock(target, source)


def set_clock(folder: Path, source: Path) -> None:
    """Set the clock of a demonstration to the moment of its loading, in one step."""
    path, draft = source / "clock.json", folder / "clock.draft"
    elapsed = time.time() - path.stat().st_mtime
    offset = json.loads(path.read_text())["offset_seconds"]
    draft.write_text(json.dumps({"offset_seconds": offset - elapsed}))
    draft.replace(folder / "clock.json")


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[PasswordHasher]:
    """Argon2id in a thousandth of its cost, for hundreds of organisers; gives the true one."""
    true, passwords.hasher = passwords.hasher, PasswordHasher(1, 8, 1)
    yield true
    passwords.hasher = true


@pytest.fixture(scope="session", autouse=True)
def patience() -> None:
    """Wait for our provider of identities as long as for the rest: a busy machine is no failure,
    and one that is noted would be remembered for the tests that follow."""
    provider_answers.TIMEOUT = PATIENCE_S


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with the database that the migrations make; tests work on copies."""
    return build_once(tmp_path_factory, "migrated", lambda folder: flask(folder, "db", "upgrade"))


@pytest.fixture(scope="session")
def former_fair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of the former release's fair, migrated; tests work on copies."""

    def migrate(folder: Path) -> None:
        load_sqlite(folder / "salon.sqlite")
        flask(folder, "db", "upgrade")

    return build_once(tmp_path_factory, "former", migrate)


@pytest.fixture(scope="session")
def seeded(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of the demonstration, made by the commands; tests work on copies."""

    def seed(folder: Path) -> None:
        copy_data(migrated, folder)
        with own_files():
            output = flask(folder, "seed", "--visitors", str(VISITORS), SALON_DEMONSTRATION="1")
        assert "341 communes, 17 EPCI" in output

    return build_once(tmp_path_factory, "seeded", seed)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    with Server.start() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file with every table and nothing in them."""

    def make_tables(folder: Path) -> None:
        app = create_app(settings_for(folder))
        with app.app_context():
            ease(db.engine)
            db.create_all()
            db.session.remove()
            db.engine.dispose()

    return build_once(tmp_path_factory, "tables", make_tables) / "salon.sqlite"


@pytest.fixture(scope="session")
def postgres_template(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a PostgreSQL database with every table and nothing in them."""
    postgres.create_database("template_salon")
    app = create_app(settings_for(tmp_path_factory.mktemp("pg"), postgres.url("template_salon")))
    with app.app_context():
        ease(db.engine)
        db.create_all()
        db.session.remove()
        db.engine.dispose()
    return "template_salon"


@pytest.fixture(scope="session")
def slate(postgres: Server, postgres_template: str) -> Iterator[Slate]:
    """Yield the PostgreSQL database that the tests of this process use in turn."""
    slate = Slate(postgres, postgres_template)
    yield slate
    slate.close()


def pytest_itemcollected(item: pytest.Item) -> None:
    if is_long(item):
        item.add_marker(pytest.mark.long)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what PostgreSQL is sent elsewhere; deal the rest to all processes."""
    if not EVERY_TWIN:
        left_out = repeated_elsewhere(items)
        config.hook.pytest_deselected(items=left_out)
        names_left_out = {item.nodeid for item in left_out}
        items[:] = [item for item in items if item.nodeid not in names_left_out]
    shares = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    items[:] = dealt(items, shares)


def pytest_collection_finish() -> None:
    """Keep the collector off the tests and their modules, which live as long as the process."""
    gc.collect()
    gc.freeze()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        engines: list[Any] = ["sqlite"]
        if is_on_both(metafunc):
            marks = (pytest.mark.postgres, pytest.mark.on_both)
            engines.append(pytest.param("postgresql", marks=marks))
        metafunc.parametrize("database", engines, indirect=True)


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the address of an empty database of this test."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "salon.sqlite")
        yield f"sqlite:///{tmp_path / 'salon.sqlite'}"
        return
    slate: Slate = request.getfixturevalue("slate")
    yield slate.url
    slate.clean()


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    return settings_for(tmp_path, database)


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> CompiledTemplates:
    """Each template is compiled once a run, not once a test: a third of the time."""
    return CompiledTemplates(folder_of_run(tmp_path_factory) / "templates")


@pytest.fixture
def app(settings: Settings, compiled_templates: CompiledTemplates) -> Iterator[Flask]:
    """Yield the application inside its context, on the test's database."""
    app = create_app(settings)
    app.jinja_env.bytecode_cache = compiled_templates
    app.test_client_class = PageClient
    with app.app_context():
        ease(db.engine)
        db.engine.update_execution_options(compiled_cache=COMPILED)
        yield app
        db.session.remove()
        db.engine.dispose()
    # That of a request that a server received stays until the next one: no other test has it.
    answer_patience_s.set(None)


@pytest.fixture
def client(app: Flask) -> PageClient:
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture(scope="session")
def rows_of_edition(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Rows]:
    """Return the rows of `edition`, made once for each day of the fair's calendar that tests run
    on.
    """

    @cache
    def make_rows(today: date) -> Rows:
        folder = tmp_path_factory.mktemp("edition")
        shutil.copy(sqlite_template, folder)
        app = create_app(settings_for(folder))
        with app.app_context():
            make_places()
            make_edition(day=today + timedelta(days=1))
            rows = rows_of(current_session().connection())
            db.session.remove()
            db.engine.dispose()
        return rows

    return lambda: make_rows(now().astimezone(PARIS).date())


@pytest.fixture
def edition(app: Flask, rows_of_edition: Callable[[], Rows]) -> Edition:
    """Return the current edition, whose registrations are open, with doors and a few communes."""
    if db.engine.dialect.name != "sqlite":
        make_places()
        return make_edition()
    rows = rows_of_edition()
    with transaction() as session:
        put_rows(session.connection(), rows)
        return session.scalars(select(Edition)).one()


@pytest.fixture
def other(
    app: Flask, settings: Settings, compiled_templates: CompiledTemplates
) -> Iterator[PageClient]:
    """Yield a client of another process: an application with its own memory, one database."""
    other_app = create_app(settings)
    other_app.jinja_env.bytecode_cache = compiled_templates
    other_app.test_client_class = PageClient
    with other_app.app_context():
        ease(db.engine)
    client = other_app.test_client()
    assert isinstance(client, PageClient)
    yield client
    with other_app.app_context():
        db.engine.dispose()


@pytest.fixture
def minute(app: Flask, tmp_path: Path) -> Iterator[Callable[[datetime], None]]:
    """Set the time of the fair; it begins at the first second of a minute."""
    path = clock.path
    clock.follow(tmp_path / "clock.json")
    clock.jump(now().replace(second=0, microsecond=0))
    yield clock.jump
    clock.follow(path)
