"""Mailboxes that this browser reads, as it opened a private link that was sent there.

What a message is about to say there may be shown to it at once.
"""

import hashlib

from flask import session

MAILBOXES = "mailboxes"
MOST = 5


def remember_mailbox(address: str) -> None:
    """Note, without the address itself, that this browser opened a link sent to it."""
    digests = session.get(MAILBOXES, [])
    if _digest(address) not in digests:
        session[MAILBOXES] = [*digests, _digest(address)][-MOST:]


def reads_mailbox(address: str) -> bool:
    """Return whether this browser opened a link sent to this address."""
    return _digest(address) in session.get(MAILBOXES, [])


def _digest(address: str) -> str:
    return hashlib.sha256(address.strip().casefold().encode()).hexdigest()[:32]
