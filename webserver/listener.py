"""All of granian that its manual does not describe, in one place.

Read in granian READ_IN: the class that embeds a server, which its manual calls experimental, and
the holder of a socket that is open already. `tests/webserver` walks through both.
"""

import os
import socket

from granian.constants import HTTPModes
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.net import SocketHolder  # type: ignore[attr-defined]
from granian.rsgi import HTTPProtocol as HTTPProtocol  # type: ignore[attr-defined]
from granian.rsgi import ProtocolClosed as ProtocolClosed  # type: ignore[attr-defined]
from granian.rsgi import Scope as Scope
from granian.server.embed import Server

from webserver import BACKLOG

READ_IN = "2.8"
CONNECTIONS = 4_096
"""Kept at once by one worker; those that come after wait in the backlog."""
HEAD_MS = 30_000
"""A connection that has not sent the head of a request after this time is closed."""


class InheritedListener(Server):
    """granian in this process, on a socket that is listened to already."""

    def __init__(self, application: object, descriptor: int) -> None:
        super().__init__(
            application,
            http=HTTPModes.http1,
            websockets=False,
            backlog=BACKLOG,
            backpressure=CONNECTIONS,
            http1_settings=HTTP1Settings(header_read_timeout=HEAD_MS),
            log_level=LogLevels.error,
        )
        self.descriptor = descriptor

    def _init_shared_socket(self) -> None:
        self._shd = SocketHolder(self.descriptor, False, BACKLOG)  # type: ignore

    def accept_nothing_more(self) -> None:
        """Leave the connections to come to the other processes that hold the socket.

        granian closes what it has accepted at the moment it stops to accept. So its descriptor
        becomes a socket to which nobody connects, before it stops.
        """
        with socket.socket(socket.AF_UNIX) as silent:
            silent.bind("")  # an abstract address of its own: unix(7), autobind
            silent.listen()
            silent.setblocking(False)
            os.dup2(silent.fileno(), self.descriptor)
