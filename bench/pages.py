"""Pages a second, memory of each worker, time from start to first page, CPU time of imports."""

import itertools
import resource
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from bench.commits import base_codes
from bench.fairs import sqlite_fair
from bench.load import Measure, get, measure, time_lines
from bench.report import Line, at_most, print_table, step
from bench.scans import BADGES, CLIENTS
from bench.web import ROOT, Web, environment, serve

ROUNDS = 5
SECONDS = 2.0
STARTS = 7
PAGES = {
    "home": "/",
    "registration": "/inscription",
    "catalogue": "/exposants",
    "plan": "/plan",
}
PROCESSOR_MS = 4


def run() -> None:
    """Each page, the floor and, with BENCH_BASE, the same page of another commit, in turn."""
    step("pages")
    with ExitStack() as stack:
        fairs = [
            stack.enter_context(sqlite_fair(BADGES, code=code)) for code in (ROOT, *base_codes())
        ]
        apps = [
            stack.enter_context(Web("app:app", fair.environment(), code=fair.code))
            for fair in fairs
        ]
        hello = Web("bench.floors:hello", environment(fairs[0].data))
        floor = stack.enter_context(hello)
        for web in (*apps, floor):
            web.start()
        lines = []
        for name, path in PAGES.items():
            targets = [(floor, "/"), *((app, path) for app in apps)]
            lines += _lines(name, *alternate(targets))
        title = f"Pages, SQLite, {BADGES:,} badges, {CLIENTS} clients, 2 workers of 1 thread"
        print_table(
            title, lines, "floor: a Flask page of one line behind the same server, in turn."
        )
        print_table(
            "Memory of each worker after that load, MB",
            memory_lines(apps[0], floor),
            "floor: the Flask page of one line; lowest–highest: among the workers.",
        )


def run_start() -> None:
    step("start")
    with sqlite_fair(BADGES) as fair:
        floor, server, command = [], [], []
        for _ in range(STARTS):
            floor.append(_start(Web("bench.floors:hello", environment(fair.data))))
            server.append(_start(Web("app:app", fair.environment())))
            command.append(_start(serve(fair.environment())))
    print_table(
        "From start to first page (200 on /), seconds",
        [
            Line("the server", server, floor, at_most(1.5, "s"), digits=2),
            Line("flask serve (migrates, worker beside)", command, floor, digits=2),
        ],
        "floor: a Flask page of one line behind the same server.",
    )
    _print_imports()


def _print_imports() -> None:
    python = (sys.executable, "-c")
    commands = {
        "nothing": (*python, "pass"),
        "floor": (*python, "from flask import Flask; app = Flask('hello')"),
        "app": (*python, "import app"),
        "help": (sys.executable, "-m", "flask", "--app", "app", "--help"),
    }
    with sqlite_fair(BADGES) as fair:
        environ = environment(fair.data)
        seconds: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(STARTS + 1):
            for name, command in commands.items():
                seconds[name].append(_cpu_seconds(command, environ))
    nothing, floor, app, help_page = (figures[1:] for figures in seconds.values())
    print_table(
        "CPU time, user and system, seconds",
        [
            Line('python -c "import app"', app, floor, at_most(1.2, "s"), digits=2),
            Line("flask --app app --help", help_page, floor, at_most(1.0, "s"), digits=2),
            Line("an empty Flask application", floor, nothing, digits=2),
        ],
        "floor: an empty Flask application; for it, python -c pass.",
    )


def _cpu_seconds(command: Sequence[str], environ: Mapping[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environ, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _start(web: Web) -> float:
    with web:
        return web.start()


def alternate(
    targets: Sequence[tuple[Web, str]],
    cookie: str = "",
    rounds: int = ROUNDS,
    seconds: float = SECONDS,
) -> list[list[Measure]]:
    """Measures of a page of each server, in turn; the first of each is thrown away."""
    measures: list[list[Measure]] = [[] for _ in targets]
    for number in range(rounds + 1):
        length = seconds if number else 0.5
        for (web, path), several in zip(targets, measures, strict=True):
            request = get(path, cookie)
            measured = measure(web, lambda _, r=request: itertools.repeat(r), length, CLIENTS)  # type: ignore[misc]
            if measured.refused:
                raise RuntimeError(f"{path}: {measured.refused[0]}")
            if number:
                several.append(measured)
    return measures


def _lines(
    name: str, floors: Sequence[Measure], ours: Sequence[Measure], base: Sequence[Measure] = ()
) -> list[Line]:
    rates = [[measure.rate for measure in several] for several in (ours, floors, base)]
    rate = Line(f"{name}, pages/s", rates[0], rates[1], base=rates[2])
    return [rate, *time_lines(ours, floors, 95, processor_ms=PROCESSOR_MS, base=base)]


def memory_lines(app: Web, floor: Web) -> list[Line]:
    """Of each worker, then of the whole server: its supervisor, its fork server and its workers.

    PSS counts shared pages once, RSS counts them in each process, USS leaves them out.
    """
    ours = [worker.memory_full_info() for worker in app.workers()]
    bare = [worker.memory_full_info() for worker in floor.workers()]
    pss = [memory.pss / 1e6 for memory in ours], [memory.pss / 1e6 for memory in bare]
    rss = [memory.rss / 1e6 for memory in ours], [memory.rss / 1e6 for memory in bare]
    uss = [memory.uss / 1e6 for memory in ours], [memory.uss / 1e6 for memory in bare]
    whole = [
        [sum(process.memory_full_info().pss for process in web.tree()) / 1e6]
        for web in (app, floor)
    ]
    return [
        Line("RSS", *rss, at_most(90, "MB")),
        Line("PSS", *pss),
        Line("USS", *uss),
        Line("PSS of all processes of the server", *whole),
    ]
