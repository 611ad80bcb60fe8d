"""What a web worker loads before its first request."""

import os
import subprocess
import sys
from pathlib import Path

from salon.platform.settings import ROOT

LATER = {"facturx", "fontTools", "lxml", "numpy", "ortools", "pypdf", "reportlab", "xlsxwriter"}


def test_what_few_pages_need_is_not_loaded_at_start(tmp_path: Path) -> None:
    code = f"import sys, app; print(*sorted({LATER!r} & set(sys.modules)))"
    command = [sys.executable, "-c", code]
    environ = {**os.environ, "SALON_DATA": str(tmp_path)}
    done = subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""
