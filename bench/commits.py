"""Another commit beside this code: `BENCH_BASE=v1.0 make bench` measures both in turn."""

import os
import shutil
import tempfile
from pathlib import Path

from bench.fairs import CACHE
from bench.report import step
from tests.commits import check_out, git

VARIABLE = "BENCH_BASE"


def base_codes() -> list[Path]:
    """Return the folder of the commit that BENCH_BASE names, kept in .bench/; none without it."""
    revision = os.environ.get(VARIABLE)
    if not revision:
        return []
    commit = git("rev-parse", "--short=12", f"{revision}^{{commit}}").decode().strip()
    folder = CACHE / f"code-{commit}"
    if not folder.exists():
        step(f"the code of {revision} ({commit}, kept in .bench/)")
        CACHE.mkdir(exist_ok=True)
        for former in CACHE.glob("code-*"):
            shutil.rmtree(former)
        draft = Path(tempfile.mkdtemp(dir=CACHE, prefix="draft-"))
        check_out(commit, draft)
        draft.rename(folder)
    return [folder]
