"""kill -9 of web processes, one after the other."""

import time
from contextlib import suppress

import psutil

from bench.fairs import sqlite_fair
from bench.hostile.cases import Case
from bench.hostile.connections import VISITORS
from bench.report import below
from bench.web import serve

KILLS = 24
GIVEN_UP_S = 60.0


def seconds_to_answer_after_kills() -> float:
    """Return the time from the last of KILLS kills to the next page."""
    with sqlite_fair(VISITORS) as fair, serve(fair.environment()) as web:
        web.start()
        killed = 0
        while killed < KILLS:
            for process in web.workers():
                with suppress(psutil.NoSuchProcess):
                    process.kill()
                    killed += 1
            time.sleep(0.01)
        begin = time.monotonic()
        while web.status_of("/") != 200:
            if time.monotonic() - begin > GIVEN_UP_S:
                return GIVEN_UP_S
            time.sleep(0.01)
        return time.monotonic() - begin


CASES = (
    Case(
        f"{KILLS} kills of web processes: seconds to the next page",
        "ended for good",
        below(15, "s"),
        seconds_to_answer_after_kills,
    ),
)
