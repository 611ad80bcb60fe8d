"""A web process as the supervisor sees it: asked of the fork server, then its own child."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

POLL_S = 0.02
PID_BYTES = 20


class ForkedProcess:
    """A process made by the fork server, with the interface of `subprocess.Popen`.

    `pid` is 0 until it is born. A process that the fork server ended without making has ended.
    """

    def __init__(
        self, channel: socket.socket, order: Mapping[str, str], descriptors: Sequence[int]
    ) -> None:
        """Ask for a process: `order` and `descriptors` are those that `forkserver` describes."""
        self.order = order
        self.pid = 0
        self.returncode: int | None = None
        self.delayed_signal: int | None = None
        self.birth, newborn = os.pipe()
        os.set_blocking(self.birth, False)
        with suppress(BrokenPipeError, ConnectionResetError):  # there is no fork server any more
            socket.send_fds(channel, [json.dumps(order).encode()], [newborn, *descriptors])
        os.close(newborn)

    def poll(self) -> int | None:
        if self.returncode is None and not self.pid:
            self._look_for_birth()
        if self.returncode is None and self.pid:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def _look_for_birth(self) -> None:
        """Read the number of the process, or that there will be none."""
        with suppress(BlockingIOError):
            self.pid = int(os.read(self.birth, PID_BYTES) or 0)
            os.close(self.birth)
            if not self.pid:
                self.returncode = 1
            elif self.delayed_signal is not None:
                os.kill(self.pid, self.delayed_signal)

    def send_signal(self, sig: int, /) -> None:
        """Send a signal, once the process is born; none when it has ended."""
        if self.poll() is None and self.pid:
            os.kill(self.pid, sig)
        else:
            self.delayed_signal = sig

    def wait(self, timeout: float | None = None) -> int:
        """Return its code. Raises subprocess.TimeoutExpired."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if timeout is not None and deadline is not None and time.monotonic() >= deadline:
                raise subprocess.TimeoutExpired([*self.order.values()], timeout)
            time.sleep(POLL_S)
        return code
