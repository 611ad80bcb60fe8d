"""Fails when the linter or the checker of types finds a fault in static/js: `make check`."""

import subprocess
import sys
from pathlib import Path

from scripts.node import MODULES, node

ROOT = Path(__file__).resolve().parent.parent
OXLINT = [str(MODULES / "oxlint" / "bin" / "oxlint"), "--quiet", "static/js", "tests/javascript"]
TSC = [str(MODULES / "typescript" / "bin" / "tsc"), "--project"]


def main() -> int:
    commands = [OXLINT, [*TSC, "tsconfig.json"], [*TSC, "tsconfig.workers.json"]]
    running = [subprocess.Popen([node(), *command], cwd=ROOT) for command in commands]
    return max(process.wait() for process in running)


if __name__ == "__main__":
    sys.exit(main())
