"""The modules of the pages that need no page, tested in Node: the queue, the clock, the list."""

import re
import subprocess
from pathlib import Path

from salon.platform.settings.installation import ROOT
from scripts.node import node

TESTS = sorted(Path(__file__).parent.glob("*.test.js"))


def test_the_modules_that_need_no_page() -> None:
    done = subprocess.run(
        [node(), "--test", "--test-reporter=tap", *TESTS], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    counts = dict(re.findall(r"^# (pass|fail|skipped|todo) (\d+)$", done.stdout, re.MULTILINE))
    assert int(counts.pop("pass")) >= len(TESTS)
    assert counts == {"fail": "0", "skipped": "0", "todo": "0"}
