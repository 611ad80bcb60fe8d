"""`python -m tests.former_release.make COMMIT VERSION` writes the fixture of a release.

Its demonstration, with a few rows in each table that this leaves empty, on both databases, by the
code of that release.
"""

import lzma
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from tests.commands import environment, start
from tests.commits import check_out, git
from tests.former_release import FOLDER
from tests.postgres import Server

FILL = FOLDER / "fill.py"
OF_A_CLIENT = re.compile(
    r"^(?:\\(?:un)?restrict |SET \w+ = |SELECT pg_catalog\.set_config).*\n", re.M
)
"""Lines of pg_dump that only its version or psql understands."""


def main(commit: str, version: str) -> None:
    release = FOLDER / version
    release.mkdir(exist_ok=True)
    (release / "commit").write_bytes(git("rev-parse", commit))
    with tempfile.TemporaryDirectory() as folder, Server.start() as server:
        code, data = Path(folder, "code"), Path(folder, "data")
        for path in (code, data):
            path.mkdir()
        check_out(commit, code)
        start(data, "db", "upgrade", root=code)
        start(data, "seed", root=code, SALON_DEMONSTRATION="1")
        run(code, data, "fill")
        write(release / "sqlite.sql.xz", dump_of(data / "salon.sqlite"))
        server.create_database("former")
        start(data, "db", "upgrade", root=code, DATABASE_URL=server.url("former"))
        run(code, data, "copy", server.url("former"))
        write(release / "postgresql.sql.xz", pg_dump(server, "former"))


def run(code: Path, data: Path, *words: str) -> None:
    environ = {**environment(data), "PYTHONPATH": str(code)}
    subprocess.run([sys.executable, FILL, *words], cwd=code, env=environ, check=True)


def dump_of(path: Path) -> str:
    with closing(sqlite3.connect(path)) as database:
        return "\n".join(database.iterdump())


def pg_dump(server: Server, database: str) -> str:
    options = ["--no-owner", "--no-privileges", "--inserts", "--rows-per-insert=100"]
    completed = subprocess.run(
        [server.bin / "pg_dump", "-h", server.folder, "-U", "salon", *options, database],
        env=os.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    return OF_A_CLIENT.sub("", completed.stdout)


def write(path: Path, text: str) -> None:
    path.write_bytes(lzma.compress(text.encode(), preset=9))
    print(f"{path.name}: {len(text):,} characters, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
