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
WEB, LONG = "web", "long"
"""Names, for the kernel, of a process that answers and of the one whose answers are long (`ps -o
comm`), where they are forked."""
ALIVE = "/healthz"
"""The path at which a web process says that it lives, and nothing else."""
LONG_PATHS = "long_paths"
"""The attribute of an application that holds the pattern of the paths whose answers are long."""
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
