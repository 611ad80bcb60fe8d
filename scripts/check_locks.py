"""Fails when a lock file names a host, an index or a folder: it would hold on one machine only."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = (ROOT / "package-lock.json",)
MACHINE = re.compile(r"://|\"resolved\"|--(extra-)?index-url|--find-links|--trusted-host|file:")


def main() -> int:
    differences = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in [*sorted((ROOT / "requirements").iterdir()), *LOCKS]
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if MACHINE.search(line)
    ]
    print("\n".join(differences) if differences else "Lock files name no host.")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
