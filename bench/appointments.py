"""Appointments: a thousand clients for two hundred slots, the slots of a page, and the rescue."""

import secrets
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any

from sqlalchemy import func, select, text

from bench import rescues
from bench.bookers import mailbox
from bench.bookings import PER_AGENT, book_half, first_theme, make_slots, opened
from bench.fairs import CACHE, Fair, durable_postgres, file_system, postgres_fair, sqlite_fair
from bench.floors import OnPostgres, OnSqlite
from bench.report import Line, below, exactly, percentile, print_table, step
from bench.rush import Rush, rush
from bench.web import Web
from salon.appointments.engine.slots import TICK, instant, tick
from salon.appointments.models import Appointment, Hold
from salon.appointments.queries.offers import offers_of
from salon.appointments.queries.situation import situation_of
from salon.badges.models import Commune
from salon.fair.queries import get_public_edition
from salon.platform.database.db import current_session, transaction
from salon.platform.settings.clock import now
from salon.staffing.models import Agent

CLIENTS, SLOTS = 1_000, 200
RUNS = 3
LOOKS = 20
VISITORS = 1_000
WIDE_AGENTS = 300


def run() -> None:
    rescues.run()
    _pages()
    _rushes()


def _rushes() -> None:
    step("a rush on SQLite")
    with ExitStack() as stack:
        fairs = [stack.enter_context(sqlite_fair(VISITORS)) for _ in range(RUNS)]
        title = f"SQLite synchronous=FULL on {file_system(CACHE)}"
        _print_rush(title, fairs, [str(fair.data / "salon.sqlite") for fair in fairs])
    step("a rush on PostgreSQL")
    with ExitStack() as stack:
        server = stack.enter_context(durable_postgres())
        fairs = [stack.enter_context(postgres_fair(server, VISITORS)) for _ in range(RUNS)]
        title = f"PostgreSQL fsync=on on {file_system(server.folder)}"
        _print_rush(title, fairs, [fair.database_url.replace("+psycopg", "") for fair in fairs])


def _print_rush(title: str, fairs: list[Fair], databases: list[str]) -> None:
    ours, booked, doubles, floors = [], [], [], []
    for fair, database in zip(fairs, databases, strict=True):
        with opened(fair):
            slug = make_slots(SLOTS // PER_AGENT)
            communes = list(current_session().scalars(select(Commune.name).order_by(Commune.code)))
            ids = list(
                current_session().scalars(select(Agent.id).order_by(Agent.id.desc()).limit(10))
            )
            hold_id = _add_hold(ids[0])
        floors.append(_bare_claims(database, ids, hold_id))
        with Web("app:app", fair.environment(BOOKINGS_PER_MINUTE="1000000")) as app:
            app.start()
            ours.append(rush(app.port, slug, communes, CLIENTS, mailbox(fair)))
        with opened(fair):
            count = select(func.count()).select_from(Appointment)
            booked.append(current_session().scalar(count) or 0)
            doubles.append(_doubles())
    _print_lines(title, ours, booked, doubles, floors)


def _print_lines(
    title: str, ours: list[Rush], booked: list[int], doubles: list[int], floors: list[float]
) -> None:
    failed = [sum(n for status, n in run.statuses.items() if status >= 500) for run in ours]
    answers = [len(run.latencies_ms) / run.seconds for run in ours]
    p99 = [percentile(run.latencies_ms, 0.99) for run in ours]
    alone = [len(run.confirmations_ms) / run.seconds for run in ours]
    print_table(
        f"{CLIENTS:,} clients for {SLOTS} slots, {title}, 2 workers of 1 thread",
        [
            Line("appointments", booked, target=exactly(SLOTS)),
            Line("doubles", doubles, target=exactly(0)),
            Line("answers 5xx", failed, target=exactly(0)),
            Line(
                "seconds until everybody has an answer",
                [run.seconds for run in ours],
                digits=1,
            ),
            Line("pages/s", answers),
            Line("appointments/s", alone, floors),
            Line("p99 ms, of any page", p99, target=below(2_000, "ms")),
            Line("p99 ms, of a confirmation", [percentile(o.confirmations_ms, 0.99) for o in ours]),
        ],
        "floor: the rows of an appointment and its claims through the bare driver, no page around.",
        f"how it ended: {dict(ours[-1].ends)}; answers: {dict(ours[-1].statuses)}",
        "clients are strangers, all in the same instant: each fills the form and opens its mail.",
    )


def _pages() -> None:
    """The slots of a theme, as its page asks for them."""
    lines = []
    for words, agents in (("10 agents, half booked", 10), (f"{WIDE_AGENTS} agents", WIDE_AGENTS)):
        step(f"slots: {words}")
        with sqlite_fair(VISITORS) as fair, opened(fair):
            make_slots(agents)
            edition, at = get_public_edition(), now()
            theme_id = first_theme().id
            booked_count = book_half(edition, theme_id)
            look = partial(offers_of, edition, theme_id, at)
            read = partial(situation_of, edition, at)
            lines += [
                Line(
                    f"slots of a theme, ms: {words}, {booked_count} appointments",
                    _timed(look),
                    digits=1,
                ),
                Line("  of which reading what is on duty and taken", _timed(read), digits=1),
            ]
    print_table(f"Slots of one theme that all agents answer, median of {LOOKS}", lines)


def _timed(call: Callable[[], Any]) -> list[float]:
    durations_ms = []
    for _ in range(LOOKS):
        current_session().expire_all()
        begin = time.perf_counter()
        call()
        durations_ms.append((time.perf_counter() - begin) * 1000)
    return durations_ms


def _doubles() -> int:
    """Return pairs of appointments of one agent, or of one visitor, that overlap."""
    pairs = text(
        "SELECT count(*) FROM appointments a JOIN appointments b ON a.id < b.id"
        " AND (a.agent_id = b.agent_id OR a.attendee_id = b.attendee_id)"
        " AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at"
    )
    return int(current_session().scalar(pairs) or 0)


def _add_hold(agent_id: int) -> int:
    """Return the id of a hold that owns the minutes of the floor."""
    theme, at = first_theme(), instant(tick(now()))
    hold = Hold(
        edition_id=theme.edition_id,
        token=secrets.token_hex(16),
        theme_id=theme.id,
        agent_id=agent_id,
        stand_id=theme.body.stand_id,
        starts_at=at,
        ends_at=at + TICK,
        expires_at=at + TICK,
    )
    with transaction() as session:
        session.add(hold)
    return hold.id


def _bare_claims(database: str, agent_ids: list[int], hold_id: int) -> float:
    """Appointments a second of one connection that only takes the minutes; all undone."""
    driver: Any = OnPostgres(database) if "://" in database else OnSqlite(database)
    mark = "%s" if "://" in database else "?"
    claim = f"INSERT INTO appointment_agent_claims VALUES ({mark}, {mark}, false, NULL, {mark})"
    at = instant(tick(now()))
    begin = time.monotonic()
    for number in range(SLOTS):
        driver.begin()
        ticks = [at + (number * 5 + rank) * TICK for rank in range(5)]
        agent_id = agent_ids[number % len(agent_ids)]
        rows = [(agent_id, driver.instant(begins_at), hold_id) for begins_at in ticks]
        driver.cursor.executemany(claim, rows)
        driver.cursor.execute("COMMIT")
    rate = SLOTS / (time.monotonic() - begin)
    driver.cursor.execute("DELETE FROM appointment_holds")
    driver.connection.commit()
    driver.connection.close()
    return rate
