"""`python -m webserver.reload PID` asks a server to replace its processes, and waits until it has.

Ends with 1 when the new processes cannot answer and the former ones go on. systemd's own way
(Type=notify-reload) knows no failure but a time that is over.
"""

import os
import signal
import socket
import sys
from contextlib import closing
from pathlib import Path

from webserver.service_manager import READY, RELOAD_FAILED, RELOADING, reload_address

PATIENCE_S = 600.0
MESSAGE_BYTES = 4_096


def main() -> None:
    address = reload_address()
    if not address:
        sys.exit("RUNTIME_DIRECTORY is not set: send SIGHUP to the server.")
    supervisor = int(sys.argv[1])
    Path(address).unlink(missing_ok=True)
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as outcome:
        outcome.bind(address)
        outcome.settimeout(PATIENCE_S)
        os.kill(supervisor, signal.SIGHUP)
        try:
            _next_with(RELOADING, outcome)  # a server that starts may still say that it is ready
            lines = _next_with(READY, outcome)
        except TimeoutError:
            sys.exit(f"The server said nothing within {PATIENCE_S:g} s.")
        finally:
            Path(address).unlink(missing_ok=True)
    if RELOAD_FAILED in lines:
        sys.exit("The new processes cannot answer; the former ones go on.")


def _next_with(state: str, outcome: socket.socket) -> list[str]:
    while state not in (lines := outcome.recv(MESSAGE_BYTES).decode().splitlines()):
        pass
    return lines


if __name__ == "__main__":
    main()
