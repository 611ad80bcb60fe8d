"""`python -m webserver module:application`: the pages alone, without anything beside them."""

import argparse
import os
import sys

from webserver.supervisor import PortInUse, Supervisor, listen


def main() -> None:
    parser = argparse.ArgumentParser(prog="webserver")
    parser.add_argument("target", help="module:application")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    try:
        listeners = listen(options.host, options.port, options.workers)
    except PortInUse:
        sys.exit(f"Port {options.port} is in use.")
    Supervisor(options.target, listeners, os.environ).run()


if __name__ == "__main__":
    main()
