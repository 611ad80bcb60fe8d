"""The web server: granian in front, processes that are kept alive, any WSGI application behind.

It knows no fair: `flask serve` and the measures of `bench/` start it with their application.
"""

from signal import SIGUSR1

BACKLOG = 4_096
"""Connections that wait on a socket until a process takes them."""
RECEIVED_AT = "webserver.received_at"
"""In the WSGI environment: time.monotonic() at which the request was whole."""
REPLACED = SIGUSR1
"""Tells a web process that another one takes its place on the same socket."""
WEB = "web"
"""The name, for the kernel, of each process that answers (`ps -o comm`), where one is forked."""
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
