"""Installs the service, without its checkout: `make install PREFIX=/opt/salon/1.0`.

Builds the static files and the wheel, then a virtual environment with the locked requirements.
Standard library only: it runs on the system's python3.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import build_icons
from set_up import PYTHON, ROOT, build_vendor, compress_files, make_venv, say, stop

TOOLS = ROOT / ".vendor" / "build"
WHEELS = ROOT / ".vendor" / "wheels"
LOCKED = ["--quiet", "--require-hashes", "--no-deps", "--disable-pip-version-check"]


def main(prefix: Path) -> None:
    if prefix.exists():
        stop(f"{prefix} exists: give each release a folder of its own.")
    os.chdir(ROOT)
    make_venv()
    build_vendor("run")
    build_icons.main()
    compress_files()
    wheel = build_wheel()
    say(f"installing into {prefix}")
    run(sys.executable, "-m", "venv", prefix)
    python = prefix / "bin" / "python"
    run(python, "-m", "pip", "install", *LOCKED, "-r", "requirements/run.txt")
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel)
    remove_unused(prefix)
    run(prefix / "bin" / "salon", "--version")


def build_wheel() -> Path:
    say("building the wheel")
    locked = ["--upgrade", "--target", TOOLS, "-r", "requirements/build.txt"]
    run(PYTHON, "-m", "pip", "install", *LOCKED, *locked)
    for former in WHEELS.glob("*.whl"):
        former.unlink()
    build = [PYTHON, "-m", "hatchling", "build", "-t", "wheel", "-d", WHEELS]
    run(*build, environment={**os.environ, "PYTHONPATH": str(TOOLS)})
    return next(WHEELS.glob("*.whl"))


def remove_unused(prefix: Path) -> None:
    """Remove what no running release reads: the packages' own tests, and pip: some 90 MB of 590.

    pandas stays: OR-Tools, which alone asks for it, imports it.
    """
    (packages,) = prefix.glob("lib/python3*/site-packages")
    for package in ("icalendar", "numpy", "pandas"):
        for folder in list((packages / package).rglob("tests")):
            shutil.rmtree(folder)
    run(prefix / "bin" / "python", "-m", "pip", "uninstall", "--quiet", "--yes", "pip")


def run(*command: "str | Path", environment: "dict[str, str] | None" = None) -> None:
    if subprocess.run(command, env=environment).returncode:
        stop(f"failed: {' '.join(map(str, command))}")


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1]:
        stop("Say where: make install PREFIX=/opt/salon/1.0")
    main(Path(sys.argv[1]).absolute())
