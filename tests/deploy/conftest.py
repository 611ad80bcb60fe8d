"""The release as `make install` makes it, by the Python of production where it is there."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from salon.platform.settings.installation import ROOT

PRODUCTION_PYTHON = "3.13"
"""That of Debian 13."""
NOT_CLONED = (".git", ".venv", ".bench", "node_modules", "tests", "var", "lock", ".*_cache")


def production_python() -> str:
    return shutil.which(f"python{PRODUCTION_PYTHON}", path="/usr/bin") or sys.executable


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an installed release, one for all processes of a run."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    prefix = folder / "release"
    with (folder / "release.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (prefix / "bin" / "salon").exists():
            install_release(folder / "clone", prefix)
    return prefix


def install_release(clone: Path, prefix: Path) -> None:
    """Install from a copy of this tree, whose static files are built already.

    Of its packages, the modules that a server imports are compiled, which is a third of the work.
    """
    shutil.copytree(ROOT, clone, symlinks=True, ignore=shutil.ignore_patterns(*NOT_CLONED))
    command = ["make", "install", f"PYTHON={production_python()}", f"PREFIX={prefix}"]
    environ = {name: os.environ[name] for name in os.environ if not name.startswith("MAKE")}
    # pip reads this one upside down: « no » is that nothing is compiled.
    without_compiling = {**environ, "PIP_NO_COMPILE": "no"}
    completed = subprocess.run(
        command, cwd=clone, env=without_compiling, capture_output=True, text=True
    )
    assert completed.returncode == 0, completed.stdout + completed.stderr
    imported = [prefix / "bin" / "python", "-c", "import salon.application"]
    subprocess.run(imported, cwd=prefix, env=environ, check=True)
