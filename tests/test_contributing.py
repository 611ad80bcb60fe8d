"""The example of CONTRIBUTING is typed in a copy of this checkout, and does what it says."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from salon.platform.settings.installation import ROOT
from tests.commands import environment

STEP = re.compile(
    r"In (?:`|<code>)([\w/.]+)(?:`|</code>)(?:, after\s<code>(.+?)</code>)?:"
    r"\n\n```(?:python|text)\n(.*?)```",
    re.DOTALL,
)
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "bench", "docs", "node_modules", "vendor")

BIN = Path(sys.executable).parent
PYTHON = (sys.executable, "-m")
VERSIONS = "migrations/versions"

pytestmark = pytest.mark.long


def steps() -> list[tuple[str, str, str]]:
    """Return the file, the line to type after ("" in a new file) and what to type, in order."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    return [(file, after, typed) for file, after, typed in STEP.findall(text)]


def type_in(folder: Path, file: str, after: str, typed: str) -> None:
    path = folder / file
    if not after:
        assert not path.exists(), file
        path.write_text(typed, "utf-8")
        return
    lines = path.read_text("utf-8").splitlines(keepends=True)
    (row,) = (row for row, line in enumerate(lines) if line.rstrip("\n") == after)
    path.write_text("".join([*lines[: row + 1], typed, *lines[row + 1 :]]), "utf-8")


def run(folder: Path, data: Path, *words: str) -> str:
    """Run a command in the copy; return what it says."""
    completed = subprocess.run(
        words,
        cwd=folder,
        env={**environment(data), "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )
    assert completed.returncode == 0, f"{words}: {completed.stdout}{completed.stderr}"
    return completed.stdout


def test_the_example_is_typed_and_does_what_it_says(tmp_path: Path) -> None:
    folder, data = tmp_path / "checkout", tmp_path / "data"
    shutil.copytree(ROOT, folder, symlinks=True, ignore=LEFT_OUT)
    for built in (".vendor", "static/vendor"):
        (folder / built).symlink_to(ROOT / built)
    for file, after, typed in steps():
        type_in(folder, file, after, typed)
    files = {file for file, _, _ in steps()}
    assert len(files) == 9
    numbers = sorted(path.name[:4] for path in (folder / VERSIONS).glob("[0-9]*.py"))
    words = ("make", "--old-file=setup-test", f"BIN={BIN}", "migration", "m=adds a word to badges")
    run(folder, data, *words)
    (migration,) = (folder / VERSIONS).glob("*_adds_a_word_to_badges.py")
    assert migration.name[:4] == f"{int(numbers[-1]) + 1:04}"
    assert 'sa.Column("badge_word"' in migration.read_text("utf-8").replace("'", '"')
    run(folder, data, *PYTHON, "ruff", "check", *files, str(migration))
    run(folder, data, *PYTHON, "ruff", "format", "--check", *files)
    run(folder, data, str(BIN / "lint-imports"))
    promises = ("tests/dashboard/test_personal_data.py", "tests/dashboard/test_journal_words.py")
    passed = run(
        folder, data, *PYTHON, "pytest", "-q", "tests/badges/test_badge_word.py", *promises
    )
    assert " passed" in passed
    assert "skipped" not in passed
