"""Tells systemd, or whoever asked for a reload, the state of the server: sd_notify(3).

Nothing is sent where nobody listens.
"""

import os
import socket
import time
from contextlib import suppress
from pathlib import Path

READY = "READY=1"
RELOADING = "RELOADING=1"
STOPPING = "STOPPING=1"
WATCHDOG = "WATCHDOG=1"
RELOAD_FAILED = "X_RELOAD=failed"
"""Sent with READY: the former processes go on. The service manager ignores names in X_."""
RELOAD_SOCKET = "reload"
"""In $RUNTIME_DIRECTORY, while `webserver.reload` waits for the outcome of a reload."""


def notify(state: str) -> None:
    """Send one state or several, a line each: `notify(f"{READY}\\nSTATUS=…")`."""
    if state.startswith(RELOADING):
        state = f"{state}\nMONOTONIC_USEC={time.monotonic_ns() // 1000}"
    for address in (os.environ.get("NOTIFY_SOCKET", ""), reload_address()):
        if address:
            _send(state, f"\0{address[1:]}" if address.startswith("@") else address)


class SignsOfLife:
    """Tells every second that the server lives; the first time, that it is ready."""

    EVERY_S = 1.0

    def __init__(self) -> None:
        self.state, self.sent_at = READY, -self.EVERY_S

    def send(self) -> None:
        if time.monotonic() - self.sent_at >= self.EVERY_S:
            notify(self.state)
            self.state, self.sent_at = WATCHDOG, time.monotonic()


def reload_address() -> str:
    """Return where the outcome of a reload is awaited; empty for a server without systemd."""
    folder = os.environ.get("RUNTIME_DIRECTORY")
    return str(Path(folder, RELOAD_SOCKET)) if folder else ""


def _send(state: str, address: str) -> None:
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender,
        suppress(FileNotFoundError, ConnectionRefusedError, BlockingIOError),
    ):
        sender.setblocking(False)
        sender.sendto(state.encode(), address)
