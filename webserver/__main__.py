"""`python -m webserver module:application`: the supervisor, in a process without application."""

import argparse
import json
import os
import socket
import sys
from functools import partial

from webserver.supervisor import PortInUse, Supervisor, listen


def main() -> None:
    parser = argparse.ArgumentParser(prog="webserver")
    parser.add_argument("target", help="module:application")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--sockets", type=int, nargs="+", help="numbers of open ones, for no port")
    parser.add_argument("--ready-path", default="", help="page that answers 200 when it can")
    parser.add_argument(
        "--beside", type=json.loads, default={}, help="JSON: names to arguments of Python"
    )
    options = parser.parse_args()
    try:
        listeners = (
            [socket.socket(fileno=number) for number in options.sockets]
            if options.sockets
            else listen(options.host, options.port, options.workers)
        )
    except PortInUse:
        sys.exit(f"Port {options.port} is in use.")
    say = partial(print, flush=True)
    Supervisor(options.target, listeners, os.environ, options.beside, options.ready_path, say).run()


if __name__ == "__main__":
    main()
