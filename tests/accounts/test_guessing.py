"""Guessing a password or a code slows the one who guesses, and never keeps the owner out."""

import re

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select

from salon.accounts.rules import CODE_TRIES
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from salon.platform.mail.outbox import Message
from salon.platform.settings.installation import ROOT
from salon.platform.web import limits
from salon.platform.web.limits import count_guess, network_of
from salon.platform.words.errors import TooManyTries
from tests.factories import PASSWORD, latest_code, make_account
from tests.factories import sign_in_by_the_pages as sign_in
from tests.pages import PageClient

CODES = 10**8
LIKELY_PASSWORDS = 10**8
"""Guesses that a password of zxcvbn's score 3 resists."""


def browser(app: Flask, address: str) -> PageClient:
    client = app.test_client()
    assert isinstance(client, PageClient)
    client.environ_base["REMOTE_ADDR"] = address
    return client


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::7", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("", ""),
        ("not an address", "not an address"),
    ],
)
def test_tries_are_counted_for_what_one_subscriber_has(address: str, network: str) -> None:
    assert network_of(address) == network


def test_nothing_else_reads_the_address_of_who_asks() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "salon").rglob("*.py"))
        if re.search(r"\bremote_addr\b", path.read_text())
    ]
    assert readers == ["salon/platform/web/access.py"]


def guess_passwords(app: Flask, email: str, count: int, address: str) -> list[int]:
    """Return the answers to wrong passwords, each from another address of a /64."""
    client = browser(app, address.format(0))
    token = client.token("/connexion/organisation")
    statuses = []
    for number in range(count):
        client.environ_base["REMOTE_ADDR"] = address.format(number)
        data = {"email": email, "password": f"faux {number}", "csrf_token": token}
        statuses.append(client.post("/connexion/organisation", data=data).status_code)
    return statuses


def test_wrong_passwords_of_one_64_are_few_and_the_owner_enters_from_elsewhere(
    app: Flask, edition: Edition
) -> None:
    owner = make_account(role=Role.ORGANISER)
    statuses = guess_passwords(app, owner.email, 31, "2001:db8:bad::{:x}")
    assert statuses == [400] * limits.FREE_GUESSES + [429] * (31 - limits.FREE_GUESSES)
    client = browser(app, "2001:db8:600d::1")
    answer = client.fill("/connexion/organisation", email=owner.email, password=PASSWORD)
    assert answer.status_code == 302
    code = pyotp.TOTP(owner.totp_secret).now()
    assert client.fill("/connexion/organisation/code", code=code).status_code == 302


def test_guesses_from_many_networks_leave_the_owner_a_first_try(
    app: Flask, edition: Edition
) -> None:
    owner = make_account(role=Role.ORGANISER)
    for number in range(10):
        guess_passwords(app, owner.email, 5, f"2001:db8:{number:x}::1")
    with pytest.raises(TooManyTries):
        for _ in range(3):
            count_guess("password", owner.email, "2001:db8:ffff::/64")
    client = browser(app, "198.51.100.1")
    answer = client.fill("/connexion/organisation", email=owner.email, password=PASSWORD)
    assert answer.status_code == 302


def test_who_signed_in_before_is_not_slowed_by_a_neighbour(app: Flask, edition: Edition) -> None:
    """The browser is known, although the network is the one that guesses."""
    client = sign_in(app, Role.ORGANISER, "orga@herault.example")
    client.post("/deconnexion", data={"csrf_token": client.token("/organisation/comptes")})
    assert 429 in guess_passwords(app, "orga@herault.example", 9, "127.0.0.1")
    stranger = browser(app, "127.0.0.1").fill(
        "/connexion/organisation", email="orga@herault.example", password=PASSWORD
    )
    assert stranger.status_code == 429
    answer = client.fill("/connexion/organisation", email="orga@herault.example", password=PASSWORD)
    assert answer.status_code == 302


def test_the_cookie_of_a_known_browser_opens_nothing_and_cannot_be_made(
    app: Flask, edition: Edition
) -> None:
    client = sign_in(app, Role.ORGANISER, "orga@herault.example")
    cookie = client.get_cookie("salon-browser")
    assert cookie is not None
    assert cookie.http_only
    assert "orga" not in cookie.value
    other_client = app.test_client()
    other_client.set_cookie("salon-browser", cookie.value)
    assert other_client.get("/organisation/comptes").status_code == 302
    other_client.set_cookie("salon-browser", cookie.value[:-10] + cookie.value[-10:][::-1])
    assert guess_passwords(app, "orga@herault.example", 9, "127.0.0.1").count(429) == 4
    answer = other_client.fill(
        "/connexion/organisation", email="orga@herault.example", password=PASSWORD
    )
    assert answer.status_code == 429


def ask_codes(app: Flask, email: str, networks: int, codes_per_network: int = 1) -> list[int]:
    """Return the answers to requests for a code, each from another browser."""
    return [
        browser(app, f"203.0.113.{number}").fill("/connexion", email=email).status_code
        for number in range(networks)
        for _ in range(codes_per_network)
    ]


def test_codes_asked_by_others_neither_void_the_owners_nor_keep_them_out(
    app: Flask, edition: Edition
) -> None:
    owner = make_account()
    client = browser(app, "198.51.100.1")
    client.fill("/connexion", email=owner.email)
    code = latest_code(owner.email)
    assert ask_codes(app, owner.email, networks=1, codes_per_network=7)[-1] == 429
    late = browser(app, "198.51.100.2")
    assert late.fill("/connexion", email=owner.email).status_code == 302
    assert client.fill("/connexion/code", code=code).status_code == 302
    assert late.fill("/connexion/code", code=latest_code(owner.email)).status_code == 302


def test_codes_asked_from_many_networks_send_few_mails_and_the_owner_enters(
    app: Flask, edition: Edition
) -> None:
    owner = make_account()
    assert set(ask_codes(app, owner.email, networks=20)) == {302}
    client = browser(app, "198.51.100.1")
    client.fill("/connexion", email=owner.email)
    current_session().rollback()
    assert current_session().scalar(select(func.count()).select_from(Message)) == 5
    assert client.fill("/connexion/code", code=latest_code(owner.email)).status_code == 302


def test_six_wrong_codes_are_answered_alike_for_known_and_unknown(
    app: Flask, edition: Edition
) -> None:
    make_account(email="agent@herault.example")
    answers = []
    for email in ("agent@herault.example", "autre@herault.example"):
        client = browser(app, "198.51.100.1")
        client.fill("/connexion", email=email)
        pages = []
        for number in range(CODE_TRIES + 2):
            # Each guess from another network: no delay comes before the end of the code.
            client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
            page = client.fill("/connexion/code", code=f"0000000{number}")
            text = re.sub(r'value="[^"]+"', "", page.text.replace(email, "X"))
            pages.append((page.status_code, text))
        answers.append(pages)
    assert answers[0] == answers[1]
    assert [status for status, _ in answers[0]] == [400] * CODE_TRIES + [410] * 2


def guesses_a_day(free: int, delays: list[int]) -> int:
    """Return the most guesses that one network makes in a day, never quiet for an hour."""
    seconds, guesses = 0, free
    for rank in range(24 * 3600):
        seconds += delays[min(rank, len(delays) - 1)]
        if seconds > 24 * 3600:
            break
        guesses += 1
    return guesses


def test_a_guess_stays_unlikely() -> None:
    """The figures of docs/decisions/0021."""
    delays = [limits.FIRST_DELAY]
    while delays[-1] < limits.LONGEST_DELAY:
        delays.append(min(delays[-1] * 2, limits.LONGEST_DELAY))
    number = guesses_a_day(limits.FREE_GUESSES, delays)
    everybody = guesses_a_day(limits.FREE_GUESSES_OF_ALL, [limits.DELAY_OF_ALL])
    assert number < 110
    # Ten thousand networks: a first guess each, then what the account bears from all of them.
    attack = 10_000 + everybody
    assert number / LIKELY_PASSWORDS < 2e-6
    assert attack / LIKELY_PASSWORDS < 2e-4
    assert attack / CODES < 2e-4


def test_the_page_on_personal_data_names_the_cookies(client: PageClient, edition: Edition) -> None:
    page = client.get("/confidentialite").text
    assert "<code>salon</code>" in page
    assert "<code>salon-browser</code>" in page
