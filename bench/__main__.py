"""Runs the measures named on the command line, or all of them."""

import sys

from bench import (
    appointments,
    backups,
    badges,
    busiest_hour,
    camera,
    dashboard,
    faults,
    hall,
    hostile,
    kiosk,
    late,
    lighthouse,
    long_answers,
    metrics,
    national,
    pages,
    paper,
    plan,
    rota,
    scans,
    sealed,
    soak,
    two_machines,
    workers,
)
from bench.report import print_machine

MEASURES = {
    "scans": scans.run,
    "backups": backups.run,
    "badges": badges.run,
    "pages": pages.run,
    "lighthouse": lighthouse.run,
    "start": pages.run_start,
    "national": national.run,
    "late": late.run,
    "long": long_answers.run,
    "hour": busiest_hour.run,
    "plan": plan.run,
    "metrics": metrics.run,
    "dashboard": dashboard.run,
    "faults": faults.run,
    "machines": two_machines.run,
    "hostile": hostile.run,
    "rota": rota.run,
    "appointments": appointments.run,
    "kiosk": kiosk.run,
    "hall": hall.run,
    "camera": camera.run,
    "list": sealed.run,
    "paper": paper.run,
    "worker": workers.run,
    "soak": soak.run,
}


def main(names: list[str]) -> None:
    if unknown := set(names) - set(MEASURES):
        sys.exit(f"Unknown: {' '.join(sorted(unknown))}. Known: {' '.join(MEASURES)}.")
    print_machine()
    for name in names or MEASURES:
        MEASURES[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
