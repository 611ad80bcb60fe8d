"""Grafana's dashboard with data: each panel's expressions, asked of a real Prometheus.

The panels are printed, and drawn as a picture where PICTURES names a folder.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.dashboard_page import Panel, Series, dashboard_page, text_of
from bench.fairs import Fair, sqlite_fair
from bench.people import Caller, Ledger, Station, Visitors
from bench.prometheus import ask, prometheus
from bench.report import Line, exactly, print_table, step
from bench.web import ROOT, Web
from bench.workers import Worker, ask_run
from tests.chromium import chromium_path
from tests.postman import open_postman

DASHBOARD = ROOT / "deploy" / "grafana" / "salon.json"
VISITORS = 300
SECONDS = 90
TURN_S = 0.5
TURNS_A_REGISTRATION, TURN_OF_PRINT_RUN = 8, 20
SCRAPE_S = 1
"""Thirty times as often as in `scrape.yml`: a minute and a half is as three quarters of an hour."""
TOKEN = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c"
UNKNOWN_CODE = "A" * 26
PAGES = ("/", "/village", "/inscription", "/plan", "/exposants", "/nulle-part")
EMPTY_IN_GOOD_ORDER = {"Réponses 5xx par route"}
"""Panels whose series begin with the first failure."""


def run() -> None:
    if shutil.which("prometheus") is None:
        print("\nDashboard: not measured, as Prometheus is not installed here.")
        return
    dashboard = json.loads(DASHBOARD.read_text())
    with sqlite_fair(VISITORS) as fair, open_postman() as postman:
        environ = {
            "METRICS_TOKEN": TOKEN,
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(postman.port),
        }
        _back_up(fair)
        with Web("app:app", fair.environment(**environ)) as web, Worker(fair, **environ):
            web.start()
            with prometheus(web.port, TOKEN, SCRAPE_S) as port:
                step(f"{SECONDS} s of scans, pages, registrations and mails")
                begin = time.time()
                _use(web.port, fair)
                panels = [Panel(panel) for panel in dashboard["panels"]]
                for panel in panels:
                    panel.series = _ask_panel(port, panel, begin, time.time())
                firing = ask(port, "query", query='ALERTS{alertstate="firing"}')
    _print(panels, [alert["metric"]["alertname"] for alert in firing])
    if pictures := os.environ.get("PICTURES"):
        _keep_picture(dashboard_page(dashboard["title"], panels), Path(pictures))


def _back_up(fair: Fair) -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "flask", "--app", "app", "backup", f"{folder}/salon.zip"]
        environ = fair.environment()
        subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True)


def _use(port: int, fair: Fair) -> None:
    """Scans that are accepted and refused, pages, a wrong address, registrations, a print run."""
    codes = []
    for number, code in enumerate(fair.codes()):
        codes += [code, code, UNKNOWN_CODE] if number % 3 == 0 else [code]
    end, ledger = time.monotonic() + SECONDS, Ledger()
    with (
        Caller(port) as reader,
        Station(port, fair, codes) as door,
        Visitors(port, "vue") as people,
    ):
        headers = {"Authorization": f"Bearer {fair.token}", "Content-Type": "application/json"}
        report = json.dumps({"pending": 0})
        status, text, _ = reader.ask("POST", "/api/v1/station/report", report, headers)
        if status >= 400:
            raise RuntimeError(f"the report of the station: {status} {text}")
        scans, registrations = door.acts(), people.acts()
        turn = 0
        while time.monotonic() < end:
            next(scans).attempt(ledger)
            reader.ask("GET", PAGES[turn % len(PAGES)])
            if turn % TURNS_A_REGISTRATION == 0:
                next(registrations).attempt(ledger)
            if turn == TURN_OF_PRINT_RUN:
                ask_run(fair)
            turn += 1
            time.sleep(TURN_S)
    if ledger.refused or ledger.unanswered:
        raise RuntimeError(f"{ledger.unanswered} unanswered, refused: {ledger.refused[:1]}")


def _ask_panel(port: int, panel: Panel, begin: float, end: float) -> list[Series]:
    """Ask for each target, as Grafana does: tables at the end, all others over the time shown."""
    series = []
    for target in panel.targets:
        # $__rate_interval is the longer of four scrapes, and of a step and a scrape.
        words = {"$__rate_interval": f"{4 * SCRAPE_S}s", "$__range": f"{round(end - begin)}s"}
        query = target["expr"]
        for word, value in words.items():
            query = query.replace(word, value)
        if target.get("instant"):
            curves = ask(port, "query", query=query, time=end)
        else:
            curves = ask(port, "query_range", query=query, start=begin, end=end, step=SCRAPE_S)
        series += [
            Series.read(panel, target, curve["metric"], curve.get("values") or [curve["value"]])
            for curve in curves
        ]
    return series


def _print(panels: list[Panel], firing: list[str]) -> None:
    print(f"\nThe dashboard's panels after {SECONDS} s, collected every {SCRAPE_S} s")
    for panel in panels:
        last = ", ".join(
            f"{series.name} {text_of(series.last, panel.unit)}".strip()
            for series in panel.series[:3]
        )
        if not panel.series:
            last = "no data, as nothing failed" if panel.title in EMPTY_IN_GOOD_ORDER else "NO DATA"
        samples = sum(len(series.points) for series in panel.series)
        print(f"{panel.title:36}{len(panel.series):3} series {samples:6,} samples  {last}")
    empty = {panel.title for panel in panels if not panel.series} - EMPTY_IN_GOOD_ORDER
    print_table(
        "The dashboard",
        [
            Line("panels without data", [len(empty)], target=exactly(0)),
            Line("alerts that fire", [len(firing)], target=exactly(0)),
        ],
        *sorted({*empty, *firing}),
    )


def _keep_picture(page: str, folder: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), chromium_sandbox=False
        )
        context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
        sheet = context.new_page()
        sheet.set_content(page)
        sheet.screenshot(path=folder / "dashboard.png", full_page=True)
        browser.close()
