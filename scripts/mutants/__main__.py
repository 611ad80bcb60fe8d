"""Draw mutants, judge each in a fork of the process that has collected the tests, and count."""

import argparse
import multiprocessing
import os
import random
import re
import resource
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from scripts.mutants import __doc__ as description
from scripts.mutants.grafts import graft
from scripts.mutants.places import ROOT, Place, places

PAGE = ROOT / "docs" / "mutants.md"
QUICK = "not postgres and not race and not browser and not browsers"
FORKED: Any = multiprocessing.get_context("fork")
KILLED, SURVIVED = "killed", "survived"
STILLBORN = "stillborn"
"""The mutant does not run at all, or changes nothing."""
GOAL = 0.9


class Run:
    """The run of pytest whose tests judge the mutants."""

    def __init__(self, choice: argparse.Namespace, drawn: Sequence[Place]) -> None:
        self.choice, self.drawn = choice, drawn
        self.table: dict[str, Counter[str]] = defaultdict(Counter)
        self.items: dict[Path, list[pytest.Item]] = defaultdict(list)
        self.page = PAGE.read_text().replace("\\|", "|") if PAGE.exists() else ""

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for item in session.items:
            self.items[item.path].append(item)
        self._make_session_fixtures()
        count = 0
        for place in self.drawn:
            if count == self.choice.number:
                break
            words = str(place)
            if self.choice.matching not in words:
                count += 1
                continue
            verdict, test = self._judge(place)
            if verdict == STILLBORN:
                continue
            count += 1
            self.table[place.package][verdict] += 1
            known = " (on the page)" if words in self.page else ""
            print(f"{count} {verdict}{known}: {words} {test}", flush=True)
        return True

    def _make_session_fixtures(self) -> None:
        """Run a test on the database, whose successor lies elsewhere: it leaves what all share."""
        first, following = (
            self.items[ROOT / "tests" / path][0]
            for path in ("placement/test_services.py", "safety/test_rules.py")
        )
        if any(report.failed for report in runtestprotocol(first, log=False, nextitem=following)):
            sys.exit(f"It fails without a mutant: {first.nodeid}")

    def _judge(self, place: Place) -> tuple[str, str]:
        """Return whether a test notices the mutant, and which."""
        receiver, sender = FORKED.Pipe(duplex=False)
        process = FORKED.Process(target=self._run_tests, args=(place, sender))
        process.start()
        sender.close()
        verdict = KILLED, "(it does not end)"
        with suppress(EOFError):  # the kernel has ended it
            verdict = receiver.recv()
        process.join()
        return verdict

    def _run_tests(self, place: Place, sender: Connection) -> None:
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (1, 2):
            os.dup2(silence, stream)
        # A mutant that never ends is ended by the kernel, and counts as noticed.
        limit = 2 * self.choice.seconds + 60
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        sender.send(self._verdict(place))
        os._exit(0)

    def _verdict(self, place: Place) -> tuple[str, str]:
        try:
            import_module(place.module)
            if not graft(place):
                return STILLBORN, ""
        except Exception:  # noqa: BLE001 (whatever a mutant raises when it is imported)
            return STILLBORN, ""
        items = self.tests_of(place)
        for item, following in zip(items, [*items[1:], items[0]], strict=True):
            if any(
                report.failed for report in runtestprotocol(item, log=False, nextitem=following)
            ):
                return KILLED, item.nodeid
            if time.process_time() > self.choice.seconds:
                break
        return SURVIVED, ""

    def tests_of(self, place: Place) -> list[pytest.Item]:
        """Return the tests of the feature, and those elsewhere that import the module and name
        what is broken, where it has a public name: nearest first, without a database before with
        one."""
        parent, _, stem = place.module.rpartition(".")
        name = place.definition()
        public_name = stem if name[:1] in ("", "_") else name
        imports = re.compile(rf"{re.escape(place.module)}\b|from {parent} import .*\b{stem}\b")
        definition = re.compile(rf"\b{re.escape(public_name)}\b")

        def rank(path: Path) -> tuple[bool, bool]:
            text = texts()[path]
            return not imports.search(text), not definition.search(text)

        def order(item: pytest.Item) -> tuple[bool, bool, bool]:
            is_far, is_silent = rank(item.path)
            return is_far, "database" in getattr(item, "fixturenames", ()), is_silent

        folder = ROOT / "tests" / place.feature
        paths = [path for path in self.items if folder in path.parents or not any(rank(path))]
        return sorted((item for path in paths for item in self.items[path]), key=order)

    def print_table(self) -> bool:
        """Print the count of each package; return whether the goal is met."""
        print("\n| package | mutants | killed | survived |\n|---|---|---|---|")
        total = sum(self.table.values(), Counter[str]())
        for package, counts in [*sorted(self.table.items()), ("all", total)]:
            print(f"| {package} | {counts.total()} | {counts[KILLED]} | {counts[SURVIVED]} |")
        return total[KILLED] >= GOAL * total.total()


@cache
def texts() -> dict[Path, str]:
    return {path: path.read_text() for path in (ROOT / "tests").rglob("*.py")}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make mutants", description=description)
    parser.add_argument("--number", type=int, default=150, help="mutants drawn")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=30, help="of processor for each mutant")
    parser.add_argument("--matching", default="", help="only those whose description has this")
    choice = parser.parse_args()
    every = places()
    run = Run(choice, random.Random(choice.seed).sample(every, len(every)))
    features = sorted({f"tests/{place.feature}" for place in every})
    with tempfile.TemporaryDirectory() as folder:
        options = ["-s", "-q", "-p", "no:cacheprovider", f"--basetemp={folder}/tests", "-m", QUICK]
        pytest.main([*options, *features], plugins=[run])
    sys.exit(not run.print_table())


if __name__ == "__main__":
    main()
