"""The public pages as Lighthouse sees them on a telephone: a slow network, a slow processor.

Lighthouse comes from npm (`bench/npm/package-lock.json`) into `.bench/`, and drives the Chromium
of the browser tests.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.fairs import CACHE, sqlite_fair
from bench.pages import PAGES
from bench.report import Line, at_least, print_table, step
from bench.scans import BADGES
from bench.web import ROOT, Web, environment
from tests.chromium import chromium_path

ROUNDS = 3
LOCK = ROOT / "bench" / "npm"
FLAGS = "--headless=new --no-sandbox"
FIGURES = {
    "largest-contentful-paint": "largest paint, ms",
    "total-blocking-time": "blocked, ms",
    "cumulative-layout-shift": "layout shift, thousandths",
}


def run() -> None:
    step("lighthouse (one browser at a time, five minutes)")
    program = install()
    with sqlite_fair(BADGES) as fair:
        hello = Web("bench.floors:hello", environment(fair.data))
        with Web("app:app", fair.environment()) as app, hello as floor:
            app.start()
            floor.start()
            ours: dict[str, list[dict[str, float]]] = {name: [] for name in PAGES}
            floors = []
            for _ in range(ROUNDS):
                floors.append(figures(report(program, floor, "/")))
                for name, path in PAGES.items():
                    ours[name].append(figures(report(program, app, path)))
    targets = {"performance": at_least(98), "SEO": at_least(95)}
    lines = [
        Line(
            f"{name}, {figure}",
            [measured[figure] for measured in runs],
            [measured[figure] for measured in floors],
            targets.get(figure),
        )
        for name, runs in ours.items()
        for figure in runs[0]
    ]
    print_table(
        "Lighthouse, mobile: slow 4G and a processor slowed four times, both simulated",
        lines,
        "floor: a Flask page of one line, which has no title, no language and no description.",
    )


def install() -> Path:
    """Return Lighthouse's program, brought by `npm ci` unless the lock was installed before."""
    folder, lock = CACHE / "lighthouse", LOCK / "package-lock.json"
    installed = folder / "package-lock.json"
    if not installed.exists() or installed.read_bytes() != lock.read_bytes():
        shutil.rmtree(folder, ignore_errors=True)
        draft = CACHE / f"lighthouse-{os.getpid()}"
        shutil.copytree(LOCK, draft)
        subprocess.run(["npm", "ci", "--loglevel=error"], cwd=draft, check=True)
        draft.rename(folder)
    return folder / "node_modules" / "lighthouse" / "cli" / "index.js"


def report(program: Path, web: Web, path: str) -> Mapping[str, Any]:
    """Return Lighthouse's report on a page."""
    chosen = ["--only-categories=performance,seo", "--output=json", "--quiet"]
    address = f"http://127.0.0.1:{web.port}{path}"
    command = ["node", str(program), address, *chosen, f"--chrome-flags={FLAGS}"]
    chromium = chromium_path()
    environ = {**os.environ, **({"CHROME_PATH": chromium} if chromium else {})}
    done = subprocess.run(command, env=environ, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{address}: {done.stderr[-2000:]}")
    content: Mapping[str, Any] = json.loads(done.stdout)
    return content


def figures(content: Mapping[str, Any]) -> dict[str, float]:
    audits, scores = content["audits"], content["categories"]
    requests = audits["network-requests"]["details"]["items"]
    measured = {name: audits[audit]["numericValue"] for audit, name in FIGURES.items()}
    measured["layout shift, thousandths"] *= 1000
    return {
        "performance": 100 * scores["performance"]["score"],
        "SEO": 100 * scores["seo"]["score"],
        **measured,
        "transferred, kB": sum(request["transferSize"] for request in requests) / 1000,
        "requests": len(requests),
    }
