"""Strangers who use what is open to everybody: guesses, mail to others, times taken."""

import http.client
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import pyotp

from bench.bookings import make_slots, opened
from bench.fairs import Fair, sqlite_fair
from bench.hostile.cases import Case
from bench.report import at_most, exactly
from bench.web import Web, serve
from salon.accounts.services import accounts as account_services
from salon.accounts.services import organisers
from salon.platform.database.act import Act
from salon.platform.database.identity import SYSTEM, Role

PASSWORD = "cigale bruyère tamaris lointain"
ORGANISER, AGENT = "orga@herault.example", "agent@herault.example"
VICTIM = "victime+{}@gmail.com"
PATIENCE = 30
"""Times that a server which answers 503 is asked again: the worker has much to do at its start."""
GUESSES, NETWORKS, FORMS, PEOPLE, TIMES = 31, 20, 10, 50, 30
LIMITS = {
    **{"TRUSTED_PROXIES": "1", "REGISTRATIONS_PER_HOUR": "20"},
    **{"BOOKINGS_PER_MINUTE": "120", "HOLDS_PER_NETWORK": "30"},
}
"""Limits of production; the proxy gives the network of a call."""
HIDDEN = re.compile(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"')
START = re.compile(r'name="starts_at" value="([^"]+)"')


class Browser:
    """A browser somewhere in the world: its address, its cookies."""

    def __init__(self, port: int, address: str) -> None:
        self.port, self.address = port, address
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, **form: str) -> tuple[int, str, str]:
        """Return (status, page, where it leads). A server that is busy is asked again."""
        for _ in range(PATIENCE):
            answer = self._ask(method, path, form)
            if answer[0] != 503:
                break
            time.sleep(1)
        return answer

    def _ask(self, method: str, path: str, form: dict[str, str]) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        head = {
            "X-Forwarded-For": self.address,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.request(method, path, urlencode(form) if form else None, head)
        answer = connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, content = value.partition(";")[0].partition("=")
                self.cookies[cookie] = content
        page = answer.read().decode()
        connection.close()
        return answer.status, page, answer.headers.get("Location", "")

    def fill(self, path: str, **typed: str) -> tuple[int, str, str]:
        """Open a page and send its form."""
        _, page, _ = self.ask("GET", path)
        main = page[page.find("<main") :]
        hidden = {name: value for name, value in HIDDEN.findall(main) if name not in typed}
        sent_names = (
            "csrf_token",
            "submission_key",
            "theme",
            "starts_at",
            "agent",
            "hold",
            "other",
        )
        sent = {name: hidden[name].replace("&#43;", "+") for name in sent_names if name in hidden}
        return self.ask("POST", path.partition("?")[0], **{**sent, **typed})


@contextmanager
def served() -> Iterator[tuple[Web, Fair, str]]:
    """Yield a fair that runs with an organiser, an agent and free times: (server, fair, TOTP
    secret).
    """
    totp = pyotp.TOTP(pyotp.random_base32())
    with sqlite_fair(0) as fair:
        with opened(fair):
            code = organisers.invite_organiser(Act(SYSTEM), ORGANISER, "Nadia Belkacem")
            organisers.set_up_organiser(code, PASSWORD, totp.secret, totp.now())
            account_services.create_account(Act(SYSTEM), AGENT, Role.AGENT, "Camille Vidal")
            make_slots(2)
        with serve(fair.environment(**LIMITS)) as web:
            web.start()
            yield web, fair, totp.secret


def read(fair: Fair, statement: str, *values: str) -> list[tuple[str, ...]]:
    database = sqlite3.connect(fair.data / "salon.sqlite")
    try:
        return database.execute(statement, values).fetchall()
    finally:
        database.close()


def guess(web: Web, count: int) -> list[int]:
    """Return the answers to wrong passwords, each from another address of one /64."""
    answers = []
    for number in range(count):
        browser = Browser(web.port, f"2001:db8:bad::{number:x}")
        status, _, _ = browser.fill(
            "/connexion/organisation", email=ORGANISER, password=f"faux {number}"
        )
        answers.append(status)
    return answers


def guesses_heard() -> float:
    """Of GUESSES wrong passwords from one /64, those that were compared."""
    with served() as (web, _, _):
        return guess(web, GUESSES).count(400)


def organiser_refused() -> float:
    """1 when the organiser, elsewhere, cannot enter her password after those guesses."""
    with served() as (web, _, _):
        guess(web, GUESSES)
        browser = Browser(web.port, "198.51.100.7")
        status, _, _ = browser.fill("/connexion/organisation", email=ORGANISER, password=PASSWORD)
        return float(status != 302)


def agent_refused() -> float:
    """1 when an agent cannot sign in with the code of her mail, others having asked for codes."""
    with served() as (web, fair, _):
        mine = Browser(web.port, "198.51.100.7")
        mine.fill("/connexion", email=AGENT)
        query = "SELECT json_extract(context, '$.code') FROM messages WHERE kind = 'sign_in_code'"
        ((code,),) = read(fair, query)
        for number in range(NETWORKS):
            Browser(web.port, f"203.0.113.{number}").fill("/connexion", email=AGENT)
        status, _, _ = mine.fill("/connexion/code", code=code)
        return float(status != 302)


def group_of(number: int) -> dict[str, str]:
    """Return a form that registers PEOPLE people, all with writings of one address."""
    form = {"commune": "Béziers", "email": f"s{number}@commune.example"}
    for line in range(PEOPLE):
        form |= {
            f"lines-{line}-civility": "monsieur",
            f"lines-{line}-first_name": "Jean",
            f"lines-{line}-last_name": f"Nom{number}x{line}",
            f"lines-{line}-function": "councillor",
            f"lines-{line}-email": VICTIM.format(f"{number}x{line}"),
        }
    return form


def mails_of(forms: int) -> Callable[[], float]:
    """Return the measure: the messages to one mailbox after so many group forms."""

    def measure() -> float:
        with served() as (web, fair, _):
            for number in range(forms):
                browser = Browser(web.port, f"2001:db8:{number:x}::1")
                browser.fill("/inscription/commune", **group_of(number))
            count = "SELECT count(*) FROM messages WHERE recipient LIKE ?"
            ((sent,),) = read(fair, count, VICTIM.format("%"))
            return float(sent)

    return measure


def times_taken() -> float:
    """Of TIMES times asked for with invented addresses, those that are appointments."""
    with served() as (web, fair, _):
        ((theme,),) = read(fair, "SELECT slug FROM themes ORDER BY id LIMIT 1")
        for number in range(TIMES):
            _book(Browser(web.port, f"2001:db8:{number:x}::1"), theme, number)
        ((booked,),) = read(fair, "SELECT count(*) FROM appointments")
        return float(booked)


def _book(browser: Browser, theme: str, number: int) -> None:
    path = f"/rendez-vous/themes/{theme}"
    _, page, _ = browser.ask("GET", path)
    starts = START.findall(page)
    if not starts:
        return
    token = dict(HIDDEN.findall(page[page.find("<main") :]))["csrf_token"]
    chosen = starts[0].replace("&#43;", "+")
    sent = {"csrf_token": token, "agent": "", "starts_at": chosen}
    _, _, location = browser.ask("POST", f"{path}/retenir", **sent)
    browser.fill(
        location,
        civility="madame",
        first_name="Mireille",
        last_name=f"Bastide-{number}",
        function="mayor",
        commune="Béziers",
        email=f"invente{number}@commune.example",
        subject="La route",
    )


CASES = (
    Case("31 wrong passwords from one /64: compared", "30", exactly(5), guesses_heard, digits=0),
    Case("  the organiser refused elsewhere", "1", exactly(0), organiser_refused, digits=0),
    Case("20 codes asked by others: the agent refused", "1", exactly(0), agent_refused, digits=0),
    Case("one form of 50 people: mails to one box", "50", at_most(3), mails_of(1), digits=0),
    Case("ten such forms: mails to one box", "500", at_most(24), mails_of(FORMS), digits=0),
    Case("30 times with invented addresses: booked", "30", exactly(0), times_taken, digits=0),
)
