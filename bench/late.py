"""Processor time of « who is late » at a national fair, beside a Flask page of one line."""

from collections.abc import Callable
from time import process_time

from flask.testing import FlaskClient

from bench.exhibitors import add_exhibitors
from bench.fairs import sqlite_fair
from bench.floors import hello
from bench.report import Line, at_most, print_table, step
from salon import create_app
from salon.fair.queries import get_public_edition
from salon.platform.database.db import db
from salon.platform.database.identity import Role
from salon.platform.settings.installation import read_settings
from tests.factories import sign_in
from tests.pages import PageClient

EXHIBITORS = 1_200
PAGE = "/organisation/exposants/retards"
RUNS = 15
FLOOR_PAGES = 200
"""Pages of the floor in one measure, whose time is shared out among them."""


def run() -> None:
    step(f"who is late, {EXHIBITORS:,} exhibitors")
    with sqlite_fair(0) as fair:
        app = create_app(read_settings(fair.environment()))
        app.test_client_class = PageClient
        with app.app_context():
            add_exhibitors(get_public_edition().id, EXHIBITORS)
            organiser: FlaskClient = sign_in(app, Role.ORGANISER)
            ours, floor = _alternate(organiser, hello.test_client())
            db.session.remove()
            db.engine.dispose()
    print_table(
        f"« Qui est en retard », {EXHIBITORS:,} exhibitors, one process",
        [Line("processor time of the page, ms", ours, floor, at_most(100, "ms"), digits=1)],
        "floor: a Flask page of one line in the same process, in turn.",
    )


def _alternate(organiser: FlaskClient, bare: FlaskClient) -> tuple[list[float], list[float]]:
    """Return the milliseconds of each page and of the floor's; the first ones are left out."""
    ours, floor = [], []
    for _ in range(RUNS + 1):
        ours.append(_cpu_ms(lambda: _get(organiser, PAGE)))
        floor.append(_cpu_ms(lambda: [_get(bare, "/") for _ in range(FLOOR_PAGES)]) / FLOOR_PAGES)
    return ours[1:], floor[1:]


def _get(client: FlaskClient, path: str) -> None:
    answer = FlaskClient.open(client, path)  # without the checks of the tests' own client
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status}")


def _cpu_ms(work: Callable[[], object]) -> float:
    begin = process_time()
    work()
    return (process_time() - begin) * 1000
