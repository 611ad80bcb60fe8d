"""Attacks on a fair that runs, each figure beside its limit and the figure of an earlier version.

To add one: a function that attacks and returns the measured figure, and its `Case` in CASES.
"""

from bench.hostile import codes, connections, files, kills, mail, strangers
from bench.hostile.cases import Case, print_cases
from bench.report import step

CASES: tuple[Case, ...] = (
    *connections.CASES,
    *files.CASES,
    *kills.CASES,
    *mail.CASES,
    *codes.CASES,
    *strangers.CASES,
)


def run() -> None:
    figures = []
    for case in CASES:
        step(case.name)
        figures.append(case.measure())
    print_cases(CASES, figures)
