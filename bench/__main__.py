"""Runs the measures named on the command line, or all of them."""

import sys

from bench import (
    badges,
    busiest_hour,
    door,
    hostile,
    long_answers,
    pages,
    rota,
    scans,
    two_machines,
)
from bench.report import print_machine

MEASURES = {
    "scans": scans.run,
    "pages": pages.run,
    "start": pages.run_start,
    "badges": badges.run,
    "long": long_answers.run,
    "door": door.run,
    "hour": busiest_hour.run,
    "machines": two_machines.run,
    "hostile": hostile.run,
    "rota": rota.run,
}


def main(names: list[str]) -> None:
    if unknown := set(names) - set(MEASURES):
        sys.exit(f"Unknown: {' '.join(sorted(unknown))}. Known: {' '.join(MEASURES)}.")
    print_machine()
    for name in names or MEASURES:
        MEASURES[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
