"""A floor of the suite, run by the Python and the packages of the installed release."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from salon.platform.settings.installation import ROOT
from tests.postgres import binaries

pytestmark = pytest.mark.long

FLOOR = (
    "tests/appointments/test_slots.py",
    "tests/badges/test_rules.py",
    "tests/billing/test_pricing.py",
    "tests/platform/settings/test_installation.py",
)
IMPORT_ALL = """
from importlib import import_module
from pkgutil import walk_packages
import salon.application, untrusted_files, webserver

for package in (salon, untrusted_files, webserver):
    for module in walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.endswith(".__main__"):
            import_module(module.name)
"""
TOOLS = (
    "attrs",
    "html5lib",
    "hypothesis",
    "iniconfig",
    "jsonschema",
    "jsonschema-specifications",
    "packaging",
    "pluggy",
    "psutil",
    "pygments",
    "pytest",
    "referencing",
    "rpds-py",
    "six",
    "sortedcontainers",
    "webencodings",
)
"""Packages of the tests that the floor imports."""


def locked_lines(names: tuple[str, ...]) -> str:
    """Return the lines of requirements/test.txt, with their hashes, of a few packages."""
    text = (ROOT / "requirements" / "test.txt").read_text("utf-8")
    lines = re.findall(r"(?m)^[\w.-]+==(?:.*\\\n)+.*\n", text)
    chosen = [line for line in lines if line.partition("==")[0] in names]
    assert len(chosen) == len(names)
    return "".join(chosen)


def test_the_floor_of_the_suite_passes_on_the_python_of_production(
    release: Path, tmp_path: Path
) -> None:
    python, tools = release / "bin" / "python", tmp_path / "tools"
    (tmp_path / "tools.txt").write_text(locked_lines(TOOLS))
    # The release has no pip: that of the test's own environment installs for its Python.
    pip = [".venv/bin/python", "-m", "pip", "--python", python, "--quiet", "install", "--no-deps"]
    options = ["--disable-pip-version-check", "--require-hashes", "--no-compile", "--target", tools]
    subprocess.run([*pip, *options, "-r", tmp_path / "tools.txt"], cwd=ROOT, check=True)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    options = ["-q", "-p", "no:cacheprovider", f"--basetemp={tmp_path / 'floor'}"]
    completed = subprocess.run(
        [python, "-m", "pytest", *options, *FLOOR],
        cwd=ROOT,
        env={**environ, "PYTHONPATH": str(tools), "PG_BIN": str(binaries())},
        capture_output=True,
        text=True,
    )
    summary = completed.stdout.splitlines()[-1]
    print(f"{release.resolve()}: {summary}")
    assert completed.returncode == 0, completed.stdout[-8000:] + completed.stderr[-2000:]
    assert "failed" not in summary


def test_every_module_is_imported_by_the_python_of_production(release: Path) -> None:
    """Services write, and a scan is taken, on PostgreSQL, in `test_readme`."""
    subprocess.run([release / "bin" / "python", "-c", IMPORT_ALL], cwd=release, check=True)
