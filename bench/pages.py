"""Pages a second, memory of each worker, time from start to first page, CPU time of imports."""

import itertools
import resource
import subprocess
import sys
from collections.abc import Mapping, Sequence

from bench.fairs import sqlite_fair
from bench.load import Measure, get, measure, time_lines
from bench.report import Line, at_most, print_table, step
from bench.scans import BADGES, CLIENTS
from bench.web import Web, environment, serve
from salon.platform.settings import ROOT

ROUNDS = 5
SECONDS = 2.0
STARTS = 7
PAGES = {"home": "/", "registration": "/inscription"}


def run() -> None:
    step("pages")
    with sqlite_fair(BADGES) as fair:
        hello = Web("bench.floors:hello", environment(fair.data))
        with Web("app:app", fair.environment()) as app, hello as floor:
            app.start()
            floor.start()
            measures = {path: alternate(app, floor, path) for path in PAGES.values()}
            lines = [line for name, path in PAGES.items() for line in _lines(name, *measures[path])]
            title = f"Pages, SQLite, {BADGES:,} badges, {CLIENTS} clients, 2 workers of 1 thread"
            print_table(
                title, lines, "floor: a Flask page of one line behind the same server, in turn."
            )
            print_table(
                "Memory of each worker after that load, MB",
                memory_lines(app, floor),
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
    app: Web,
    floor: Web,
    path: str,
    cookie: str = "",
    rounds: int = ROUNDS,
    seconds: float = SECONDS,
) -> tuple[list[Measure], list[Measure]]:
    """Measures of a page and of the floor's, in turn; the first of each is thrown away."""
    ours, floors = [], []
    for number in range(rounds + 1):
        length = seconds if number else 0.5
        pair = (
            measure(app, lambda _: itertools.repeat(get(path, cookie)), length, CLIENTS),
            measure(floor, lambda _: itertools.repeat(get("/")), length, CLIENTS),
        )
        for measured in pair:
            if measured.refused:
                raise RuntimeError(f"{path}: {measured.refused[0]}")
        if number:
            ours.append(pair[0])
            floors.append(pair[1])
    return ours, floors


def _lines(name: str, ours: Sequence[Measure], floors: Sequence[Measure]) -> list[Line]:
    rates = [measured.rate for measured in ours], [floor.rate for floor in floors]
    return [Line(f"{name}, pages/s", *rates), *time_lines(ours, floors, judged=95)]


def memory_lines(app: Web, floor: Web) -> list[Line]:
    """Of each worker. PSS counts shared pages once; RSS counts them in each process."""
    ours = [worker.memory_full_info() for worker in app.workers()]
    bare = [worker.memory_full_info() for worker in floor.workers()]
    pss = [each.pss / 1e6 for each in ours], [each.pss / 1e6 for each in bare]
    rss = [each.rss / 1e6 for each in ours], [each.rss / 1e6 for each in bare]
    return [Line("RSS", *rss, at_most(110, "MB")), Line("PSS", *pss)]
