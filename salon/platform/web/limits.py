"""Rate limits, counted in the database so that every worker shares them.

A window of real time begins at its first try. A refused try is not counted, so a limit always ends.
Tries are counted for a network, never for one address of it: an IPv6 subscriber has 2^64 addresses.
Flask-Limiter counts in Redis, Memcached, MongoDB or one process, never in the database of the fair.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from sqlalchemy import ColumnElement, Executable, bindparam, case, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from salon.platform.database.db import (
    Model,
    UtcDateTime,
    at_least,
    is_on_sqlite,
    transaction,
    upsert,
)
from salon.platform.settings.clock import real_now
from salon.platform.words.email_addresses import mailbox_of
from salon.platform.words.errors import TooManyTries, TooMuchMail


class RateCounter(Model):
    """Number of tries of `key` in the window that began at `window_at`."""

    __tablename__ = "rate_counters"
    __table_args__ = at_least(0, "count")

    key: Mapped[str] = mapped_column(primary_key=True)
    window_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    count: Mapped[int] = mapped_column(default=0)


COLUMNS = RateCounter.count, RateCounter.window_at
OF_KEY = select(*COLUMNS).where(RateCounter.key == bindparam("name"))

SUBSCRIBER_PREFIX = 64
"""Smallest block given to an IPv6 subscriber (RFC 6177)."""

MAILS_AN_HOUR, MAILS_A_DAY = 8, 24
"""Messages to one mailbox that people who have not proved to own it may cause."""

QUIET = timedelta(hours=1)
"""Guesses are forgotten after so long without any."""

FREE_GUESSES = 5
FIRST_DELAY, LONGEST_DELAY = 60, 900
"""Seconds between two guesses from one network, beyond the free ones: 60, 120, 240, 480, 900."""

FREE_GUESSES_OF_ALL, DELAY_OF_ALL = 30, 30
"""An account's guesses from all networks that guessed before: 30, then one every 30 seconds."""


def network_of(address: str) -> str:
    """Return the IPv4 address, or the /64 of the IPv6 address, of one subscriber."""
    try:
        ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is None:
            return str(ip_network((ip, SUBSCRIBER_PREFIX), strict=False))
        ip = ip.ipv4_mapped
    return str(ip)


@dataclass(frozen=True)
class TryLimit:
    """At most `allowed` tries of `key` per window of `seconds`."""

    key: str
    allowed: int
    seconds: int


def count_try(key: str, allowed: int, seconds: int) -> None:
    """Count one try of `key`. Raises TooManyTries beyond `allowed` per window of `seconds`.

    A power cut may forget the last tries: nobody waits for the disk to count them.
    """
    with transaction(is_durable=False) as session:
        count_try_within(session, TryLimit(key, allowed, seconds))


def count_try_within(session: Session, limit: TryLimit) -> None:
    """Count one try inside the caller's transaction. Raises TooManyTries."""
    seconds_left = _count_in_window(session, limit.key, limit.allowed, limit.seconds)
    if seconds_left:
        raise TooManyTries(seconds_left)


def count_mail(session: Session, address: str) -> None:
    """Count a message that a stranger sends to a mailbox, inside the transaction that posts it.

    Spellings of one mailbox count together: see `mailbox_of`. Raises TooMuchMail.
    """
    # A digest: the address of who was written to is kept nowhere for this.
    mailbox = sha256(mailbox_of(address).encode("utf-8", "backslashreplace")).hexdigest()
    for key, allowed, seconds in (
        (f"mail-an-hour:{mailbox}", MAILS_AN_HOUR, 3600),
        (f"mail-a-day:{mailbox}", MAILS_A_DAY, 86_400),
    ):
        seconds_left = _count_in_window(session, key, allowed, seconds)
        if seconds_left:
            raise TooMuchMail(seconds_left)


def slow_down(key: str, free_tries: int, first: int, longest: int) -> int:
    """Count one try of `key`; return how many were counted since it was last quiet.

    Beyond `free_tries` each waits for the one before: `first` seconds, then twice as long each
    time, at most `longest`. Raises TooManyTries.
    """
    now = real_now()
    delays = [first]
    while delays[-1] < longest:
        delays.append(min(delays[-1] * 2, longest))
    waited = case(
        (RateCounter.count < free_tries, True),
        *(
            (
                RateCounter.count == free_tries + rank,
                RateCounter.window_at <= now - timedelta(seconds=s),
            )
            for rank, s in enumerate(delays[:-1])
        ),
        else_=RateCounter.window_at <= now - timedelta(seconds=longest),
    )
    is_over = RateCounter.window_at <= now - QUIET
    values = {"window_at": now, "count": case((is_over, 1), else_=RateCounter.count + 1)}
    statement = _counting(values, or_(is_over, waited))
    with transaction() as session:
        is_counted, count, last_at = _count(session, key, statement, {"name": key, "now": now})
    if not is_counted:
        delay = timedelta(seconds=delays[min(count - free_tries, len(delays) - 1)])
        raise TooManyTries(int((last_at + delay - now).total_seconds()) + 1)
    return count


def count_guess(secret: str, owner: str, network: str, browser: str = "") -> None:
    """Count one guess at a secret of `owner`. Raises TooManyTries.

    The networks of others never keep the owner out: the first guess from a network always passes,
    and a `browser` in which the owner signed in before has a count of its own.
    """
    if browser:
        slow_down(f"{secret}:{owner}:{browser}", FREE_GUESSES, FIRST_DELAY, LONGEST_DELAY)
        return
    tries = slow_down(f"{secret}:{owner}:{network}", FREE_GUESSES, FIRST_DELAY, LONGEST_DELAY)
    if tries > 1:
        slow_down(f"{secret}:{owner}", FREE_GUESSES_OF_ALL, DELAY_OF_ALL, DELAY_OF_ALL)


def forget_guesses(secret: str, owner: str, network: str, browser: str = "") -> None:
    """Forget the guesses made from this network or browser after a right one."""
    keys = [f"{secret}:{owner}:{network}", *([f"{secret}:{owner}:{browser}"] if browser else [])]
    with transaction() as session:
        session.execute(delete(RateCounter).where(RateCounter.key.in_(keys)))


def _count_in_window(session: Session, key: str, allowed: int, seconds: int) -> int:
    """Count a try; return 0, or the seconds until the window ends when there were too many."""
    now = real_now()
    length = timedelta(seconds=seconds)
    parameters = {"name": key, "now": now, "ended_at": now - length, "allowed": allowed}
    statement = _count_statement(is_on_sqlite())
    is_counted, _, began = _count(session, key, statement, parameters)
    return 0 if is_counted else int((began + length - now).total_seconds()) + 1


@lru_cache
def _count_statement(on_sqlite: bool) -> Executable:
    """Return the statement that counts a try in a window: built once for each database."""
    now = bindparam("now", type_=UtcDateTime)
    is_over = RateCounter.window_at <= bindparam("ended_at", type_=UtcDateTime)
    values = {
        "window_at": case((is_over, now), else_=RateCounter.window_at),
        "count": case((is_over, 1), else_=RateCounter.count + 1),
    }
    return _counting(values, or_(is_over, RateCounter.count < bindparam("allowed")))


def _counting(values: Mapping[str, object], is_allowed: ColumnElement[bool]) -> Executable:
    """Return the statement that counts a try, when it is allowed, of the counter with the `name`,
    and returns its COLUMNS."""
    statement = upsert(RateCounter).values(
        key=bindparam("name"), window_at=bindparam("now", type_=UtcDateTime), count=1
    )
    statement = statement.on_conflict_do_update(
        index_elements=["key"], set_=values, where=is_allowed
    )
    return statement.returning(*COLUMNS)


def _count(
    session: Session, key: str, statement: Executable, parameters: Mapping[str, object]
) -> tuple[bool, int, datetime]:
    """Count a try; return whether it was allowed, and the counter's `count` and `window_at`."""
    connection = session.connection()
    counter_row = connection.execute(statement, parameters).one_or_none()
    row = counter_row or connection.execute(OF_KEY, {"name": key}).one()
    return counter_row is not None, row[0], row[1]
