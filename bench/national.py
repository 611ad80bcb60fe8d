"""The pages of a fair of 1,200 exhibitors, at 8 clients, and what each asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event, select

from bench.exhibitors import add_exhibitors
from bench.fairs import Fair, sqlite_fair
from bench.load import time_lines
from bench.pages import alternate, memory_lines
from bench.report import Line, exactly, print_table, step
from bench.scans import CLIENTS
from bench.web import Web, environment
from salon import create_app
from salon.exhibitors.models import Exhibitor
from salon.fair.queries import get_public_edition
from salon.platform.database.db import current_session, db
from salon.platform.database.identity import Role
from salon.platform.settings.installation import read_settings
from tests.factories import sign_in
from tests.pages import PageClient

FEW = 60
EXHIBITORS = 1_200
LIMIT_MS = 100
HALL = "N1"

PUBLIC = (
    "/exposants",
    "/exposants?q=eau",
    "/exposants?sector=water&hall=N1",
    "/exposants.json",
    "/exposants.csv",
    "/exposants/<slug>",
    "/plan",
    f"/plan/{HALL}",
    f"/plan/{HALL}?q=eau",
)
ORGANISER = (
    "/organisation",
    "/organisation/exposants",
    "/organisation/exposants?status=submitted&sector=water",
    "/organisation/exposants/<id>",
    "/organisation/exposants/retards",
    "/organisation/placement",
    "/organisation/placement/places",
    "/organisation/placement/<id>",
    "/organisation/facturation",
    "/organisation/facturation/echeances",
    "/organisation/securite",
    "/organisation/documents",
    "/organisation/plan",
    f"/organisation/plan/{HALL}",
)


def run() -> None:
    step(f"{FEW} exhibitors")
    with sqlite_fair(0) as fair:
        few = _statements(fair, FEW)
    step(f"{EXHIBITORS:,} exhibitors")
    with sqlite_fair(0) as fair:
        many = _statements(fair, EXHIBITORS)
        _print_statements(few, many)
        _print_times(fair)


def _print_statements(few: dict[str, int], many: dict[str, int]) -> None:
    print_table(
        f"SQL statements of a page, {EXHIBITORS:,} exhibitors (ours) and {FEW} (floor)",
        [Line(path, [many[path]], [few[path]], exactly(few[path])) for path in many],
    )


def _print_times(fair: Fair) -> None:
    lines: list[Line] = []
    hello = Web("bench.floors:hello", environment(fair.data))
    with Web("app:app", fair.environment()) as app, hello as floor:
        app.start()
        floor.start()
        with _opened(fair) as opened:
            addresses, cookie = _addresses(), _cookie(opened)
        for path, address in addresses.items():
            step(path)
            signed_in = cookie if path in ORGANISER else ""
            targets = [(app, address), (floor, "/")]
            ours, floors = alternate(targets, signed_in, rounds=3, seconds=1.0)
            lines.append(Line(f"{path}, pages/s", [measured.rate for measured in ours]))
            lines += time_lines(ours, floors, judged=95, limit_ms=LIMIT_MS)
        print_table(
            f"Pages with {EXHIBITORS:,} exhibitors, {CLIENTS} clients, 2 workers of 1 thread",
            lines,
            "floor: a Flask page of one line behind the same server, in turn.",
        )
        print_table("Memory of each worker after that load, MB", memory_lines(app, floor))


def _statements(fair: Fair, exhibitors: int) -> dict[str, int]:
    """Add exhibitors, then count the SQL statements of each page, opened once before."""
    counts = {}
    with _opened(fair) as app:
        add_exhibitors(get_public_edition().id, exhibitors)
        visitor, organiser = app.test_client(), sign_in(app, Role.ORGANISER)
        for path, address in _addresses().items():
            client = organiser if path in ORGANISER else visitor
            client.get(address)
            with _counted() as statements:
                answer = client.get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{address}: {answer.status}")
            counts[path] = len(statements)
    return counts


@contextmanager
def _opened(fair: Fair) -> Iterator[Flask]:
    app = create_app(read_settings(fair.environment()))
    app.test_client_class = PageClient
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@contextmanager
def _counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    event.remove(db.engine, "before_cursor_execute", note)


def _addresses() -> dict[str, str]:
    """Return the address of each page, `<slug>` and `<id>` being those of an exhibitor with a
    stand.
    """
    placed = select(Exhibitor).where(Exhibitor.stand_id.is_not(None))
    exhibitor = current_session().scalars(placed.order_by(Exhibitor.id.desc()).limit(1)).one()
    return {
        path: path.replace("<slug>", exhibitor.slug or "").replace("<id>", str(exhibitor.id))
        for path in (*PUBLIC, *ORGANISER)
    }


def _cookie(app: Flask) -> str:
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = sign_in(app, Role.ORGANISER).get_cookie(name)
    assert cookie is not None
    return f"{name}={cookie.value}"
