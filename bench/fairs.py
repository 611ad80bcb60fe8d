"""Fairs to measure on: the real one of `seed_data/`, open today, with made-up visitors.

A fair is made once, as an SQLite file kept in `.bench/` under the digest of tables and code, and
copied for each measure; PostgreSQL is filled from that file. Visitors are inserted in bulk:
60,000 through `flask seed --visitors` would take five minutes.
"""

import hashlib
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, NullPool, create_engine, select, text
from sqlalchemy.schema import CreateTable

from bench.report import step
from bench.visitors import add_visitors
from bench.web import ROOT, environment
from salon import create_app
from salon.accounts.services.stations import issue_station_token
from salon.badges.models import Badge
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.db import Model, db, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.settings.clock import real_now
from salon.platform.settings.installation import read_settings
from tests.days import move_days
from tests.postgres import Server

CACHE = ROOT / ".bench"


@dataclass(frozen=True)
class Fair:
    """A database of one's own, and what a station needs to scan in it.

    `code`: the folder of the application that made it and serves it.
    """

    data: Path
    database_url: str
    token: str
    code: Path = ROOT

    def environment(self, **more: str) -> dict[str, str]:
        return environment(self.data, self.database_url, **more)

    def engine(self) -> Engine:
        url = self.database_url or f"sqlite:///{self.data / 'salon.sqlite'}"
        return create_engine(url, poolclass=NullPool)

    def codes(self) -> list[str]:
        with self.engine().connect() as connection:
            codes = select(Badge.code).where(Badge.revoked_at.is_(None)).order_by(Badge.id)
            return list(connection.scalars(codes))


@contextmanager
def sqlite_fair(visitors: int, parent: Path = CACHE, code: Path = ROOT) -> Iterator[Fair]:
    """Yield a copy of the kept file, deleted at the end. `parent` should lie on a real disk."""
    fair_data = _kept(visitors, code)
    with tempfile.TemporaryDirectory(dir=parent, prefix="run-") as folder:
        yield copied(fair_data, Path(folder), code=code)


@contextmanager
def postgres_fair(server: Server, visitors: int, code: Path = ROOT) -> Iterator[Fair]:
    """Yield a database cloned from one filled with the rows of the kept file."""
    fair_data = _kept(visitors, code)
    template, name = f"loaded_{fair_data.name}", f"run_{secrets.token_hex(4)}"
    if not _exists(server, template):
        step(f"filling PostgreSQL with {visitors:,} badges")
        fill_postgres(server, template, fair_data, code)
    server.create_database(name, template)
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="run-") as folder:
        yield copied(fair_data, Path(folder), server.url(name), code)
    server.drop_database(name)


def copied(prepared: Path, data: Path, database_url: str = "", code: Path = ROOT) -> Fair:
    """Return a fair of one's own in the folder `data`; its database there unless an address is
    given.
    """
    left = shutil.ignore_patterns("*.sqlite") if database_url else None
    shutil.copytree(prepared, data, ignore=left, dirs_exist_ok=True)
    return Fair(data, database_url, (data / "station_token").read_text(), code)


def prepare(folder: Path, visitors: int) -> None:
    """Make a fair in an empty folder, with the application's own commands, then the visitors."""
    environ = environment(folder)
    _flask(environ, "db", "upgrade")
    _flask({**environ, "SALON_DEMONSTRATION": "1"}, "seed")
    open_doors(folder, visitors)


def open_doors(folder: Path, visitors: int) -> None:
    """Make of a demonstration a fair held tomorrow, with more visitors and a station."""
    with create_app(read_settings(environment(folder))).app_context():
        hold_in(days=1)
        add_visitors(get_public_edition().id, visitors)
        token = issue_station_token(Act(SYSTEM), "Banc d’essai", get_public_edition().id)
        (folder / "station_token").write_text(token)
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    (folder / "clock.json").unlink(missing_ok=True)


def fill_postgres(server: Server, name: str, prepared: Path, code: Path = ROOT) -> None:
    """A new database of the server with the rows of a prepared folder, by its backup."""
    server.create_database(name)
    with tempfile.TemporaryDirectory() as folder:
        source, place, archive = (Path(folder) / name for name in ("source", "place", "salon.zip"))
        copied(prepared, source)
        place.mkdir()
        shutil.copy(prepared / "secret_key", place)
        _flask(environment(source), "backup", str(archive), code=code)
        _flask(environment(place, server.url(name)), "restore", str(archive), code=code)
    engine = create_engine(server.url(name), poolclass=NullPool)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def durable_postgres() -> Server:
    """PostgreSQL with fsync on, in a short path of a real disk."""
    return Server.start(durable=True, folder="/var/tmp")


def file_system(path: Path | str) -> str:
    """ext4, tmpfs… of a path, so that it is seen that syncs reach a disk."""
    command = ["df", "--output=fstype", str(path)]
    return subprocess.run(command, capture_output=True, text=True).stdout.split()[-1]


def _kept(visitors: int, code: Path) -> Path:
    """Return the folder of a fair; that of another code is made by it and lies beside it."""
    kind = f"{visitors}" if code == ROOT else f"base-{visitors}"
    folder = CACHE / f"{kind}-{_digest() if code == ROOT else code.name}"
    if not folder.exists():
        step(f"preparing a fair with {visitors:,} visitors (kept in .bench/)")
        CACHE.mkdir(exist_ok=True)
        for former in CACHE.glob(f"{kind}-*"):
            shutil.rmtree(former)
        draft = Path(tempfile.mkdtemp(dir=CACHE, prefix="draft-"))
        words = (
            f"from pathlib import Path; from bench import fairs; "
            f"fairs.prepare(Path({str(draft)!r}), {visitors})"
        )
        _run(environment(draft), "-c", words, code=code)
        draft.rename(folder)
    return folder


def _digest() -> str:
    """Changes with the tables, with how they are made and with what fills them."""
    tables = "".join(str(CreateTable(table)) for table in Model.metadata.sorted_tables)
    migrations = sorted((ROOT / "migrations" / "versions").glob("0*"))
    seed = sorted(path for path in (ROOT / "seed_data").rglob("*") if path.is_file())
    code = [Path(__file__), Path(__file__).with_name("visitors.py")]
    content = [path.read_bytes() for path in (*code, *migrations, *seed)]
    return hashlib.sha256(b"".join([tables.encode(), *content])).hexdigest()[:12]


def _flask(environ: dict[str, str], *words: str, code: Path = ROOT) -> None:
    _run(environ, "-m", "flask", "--app", "app", *words, code=code)


def _run(environ: dict[str, str], *words: str, code: Path) -> None:
    command = [sys.executable, *words]
    done = subprocess.run(command, cwd=code, env=environ, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}:\n{done.stdout}{done.stderr}")


def hold_in(days: int) -> None:
    """Hold the real edition in some days: registrations are open, and its doors are known."""
    edition = get_public_edition()
    now = real_now()
    with transaction(edition) as session:
        edition.registration_opens_at = now - timedelta(days=30)
        edition.registration_closes_at = now + timedelta(days=3650)
        day_on = (now + timedelta(days=days)).date()
        move_days(session, edition.id, day_on - edition.days[0].day_on)


def _exists(server: Server, name: str) -> bool:
    engine = create_engine(server.url("postgres"), poolclass=NullPool)
    is_there = text("SELECT 1 FROM pg_database WHERE datname = :name")
    with engine.connect() as connection:
        return connection.scalar(is_there, {"name": name}) is not None
