"""On SQLite and PostgreSQL: migrates an empty database, compares it with the models, seeds it; on
SQLite with a crowd of everybody."""

import os
import subprocess
import sys
import tempfile

from tests.postgres import Server

CROWD = ["--visitors", "1200", "--exhibitors", "120", "--agents", "60"]


def main() -> None:
    with tempfile.TemporaryDirectory() as data, Server.start() as server:
        server.create_database("salon")
        for name, url in {"SQLite": "", "PostgreSQL": server.url("salon")}.items():
            print(f"{name}: migrations, models, seed", flush=True)
            environment = {**os.environ, "SALON_DATA": data, "DATABASE_URL": url}
            for command in (["db", "upgrade"], ["db", "check"], ["seed", *([] if url else CROWD)]):
                flask = [sys.executable, "-m", "flask", "--app", "app", *command]
                done = subprocess.run(flask, env=environment, capture_output=True, text=True)
                if done.returncode:
                    sys.exit(f"flask {' '.join(command)} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
