"""A visitor who joins crafted PDF files to an appointment, while others scan and read."""

import http.client
import threading
import time

from sqlalchemy import select

from bench.fairs import Fair, sqlite_fair
from bench.hostile.cases import Case
from bench.hostile.connections import VISITORS, slowest_answer_s
from bench.people import HIDDEN
from bench.report import below
from bench.web import Web, serve
from salon.appointments.models import Appointment
from salon.appointments.queries.appointments import LIVE
from tests.exhibitor_space.made import swelling_pdf

SENT_AT_ONCE = 4
ASKED_FOR_S = 12.0
PATIENCE_S = 120
BOUNDARY = "salon-bench"


def slowest_answer_beside_crafted_files_s() -> float:
    """Return the slowest answer of ASKED_FOR_S, during which the files are looked at."""
    hostile = swelling_pdf(40)
    with sqlite_fair(VISITORS) as fair, serve(fair.environment()) as web:
        web.start()
        slowest_answer_s(web, fair)  # what a first request loads is loaded
        path = f"/rendez-vous/{private_token(fair)}"
        senders = [
            threading.Thread(target=send_file, args=(web, path, hostile))
            for _ in range(SENT_AT_ONCE)
        ]
        for sender in senders:
            sender.start()
        slowest, end = 0.0, time.monotonic() + ASKED_FOR_S
        while time.monotonic() < end and any(sender.is_alive() for sender in senders):
            slowest = max(slowest, slowest_answer_s(web, fair))
        for sender in senders:
            sender.join()
    return slowest


def private_token(fair: Fair) -> str:
    """Return what opens one visitor's appointment."""
    live = select(Appointment.private_token).where(Appointment.status.in_(LIVE)).limit(1)
    with fair.engine().connect() as connection:
        return str(connection.scalars(live).one())


def send_file(web: Web, path: str, content: bytes) -> None:
    """Join a file to an appointment as its page does."""
    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=PATIENCE_S)
    try:
        connection.request("GET", path)
        page = connection.getresponse()
        cookie = str(page.getheader("Set-Cookie")).partition(";")[0]
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in dict(HIDDEN.findall(page.read().decode())).items()
        ]
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="plan.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        )
        body = "".join(parts).encode() + head.encode() + content
        body += f"\r\n--{BOUNDARY}--\r\n".encode()
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        connection.request(
            "POST", f"{path}/documents", body, {"Content-Type": kind, "Cookie": cookie}
        )
        connection.getresponse().read()
    finally:
        connection.close()


CASES = (
    Case(
        f"{SENT_AT_ONCE} crafted PDFs at once: slowest answer, s",
        "none in 20",
        below(1, "s"),
        slowest_answer_beside_crafted_files_s,
    ),
)
