"""The paper pack of 1,000 and of 60,000 people: time, pages, size and memory.

Each figure comes from a fresh process (`python -m bench.paper FILE`), which starts the application
and makes the whole pack: both check-in lists, so two lines a person.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.report import Line, Target, at_most, print_table, step
from salon.fair.queries import get_public_edition
from salon.platform.settings.installation import ROOT

COUNTS = (1_000, 60_000)
ROUNDS = {1_000: 3, 60_000: 1}
SECONDS, MEMORY_MB = at_most(60, "s"), at_most(300, "MB")


def run() -> None:
    # Servers and drivers, which would count in the memory of the process that is measured.
    from bench.fairs import sqlite_fair

    for count in COUNTS:
        step(f"paper pack of {count:,} people")
        with sqlite_fair(count) as fair:
            environ = fair.environment()
            figures = [_in_fresh_process(environ) for _ in range(ROUNDS[count])]

        def line(
            name: str,
            key: str,
            target: Target | None = None,
            digits: int = 0,
            figures: list[dict[str, float]] = figures,
        ) -> Line:
            return Line(name, [figure[key] for figure in figures], (), target, digits)

        print_table(
            f"The paper pack of {count:,} people, from the database, in a fresh process",
            [
                line("seconds", "seconds", SECONDS, 1),
                line("  of the processor", "processor", digits=1),
                line("  lines/s", "rate"),
                line("pages", "pages"),
                line("MB", "size", digits=1),
                line("peak memory, MB", "MB", MEMORY_MB),
                line("  before the pack, MB", "before"),
            ],
            "no floor: nobody else prints such a pack.",
        )


def _in_fresh_process(environ: dict[str, str]) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "pack.pdf"
        command = [sys.executable, "-m", "bench.paper", str(output)]
        done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)
        figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        figures["size"] = output.stat().st_size / 1e6
        return figures


def write_once(output: Path) -> dict[str, float]:
    """Write the pack as `flask paper-pack` does; return seconds, lines/s, pages and peak MB."""
    from salon import create_app
    from salon.paper.jobs import write_pack_file
    from salon.paper.queries import places_of
    from salon.platform.database.identity import SYSTEM
    from salon.platform.settings.clock import now
    from salon.platform.web.access import settings

    app = create_app()
    with app.app_context():
        before = _peak_mb()
        begin, used = time.monotonic(), time.process_time()
        pages = write_pack_file(get_public_edition(), output, settings(), now(), SYSTEM)
        seconds, processor = time.monotonic() - begin, time.process_time() - used
        peak = _peak_mb()
        lines = 2 * len(places_of(get_public_edition().id))
    return {
        "seconds": seconds,
        "processor": processor,
        "rate": lines / seconds,
        "pages": pages,
        "MB": peak,
        "before": before,
    }


def _peak_mb() -> float:
    """Return the highest RSS of this process. `getrusage` counts the one it was forked from."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6


if __name__ == "__main__":
    print(json.dumps(write_once(Path(sys.argv[1]))))
