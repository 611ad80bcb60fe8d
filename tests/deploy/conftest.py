"""The wheel, built once, and installed beside no checkout."""

import subprocess
import sys
from pathlib import Path

import pytest

from salon.platform.settings import ROOT


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    return next(folder.glob("*.whl"))


def install_release(wheel: Path, prefix: Path) -> None:
    """What `make install` does, but for the requirements, which are those of the tests."""
    run(sys.executable, "-m", "venv", "--without-pip", prefix)
    packages = next(prefix.glob("lib/python3*/site-packages"))
    (packages / "requirements.pth").write_text(f"{Path(pytest.__file__).parents[1]}\n")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--no-index", "--no-compile"]
    run(*pip, "--python", prefix / "bin" / "python", "install", *options, wheel)


def run(*command: str | Path) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
