"""What commands leave when they are killed at once, and who deletes it."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest

from salon.doctor import examine
from salon.platform.database.marks import BACKUP, find_mark
from salon.platform.files.backup.archive import backup
from salon.platform.files.backup.leftovers import leftovers, temporary_folder
from salon.platform.settings.installation import ROOT
from salon.worker import housekeep
from tests.commands import environment
from tests.conftest import settings_for
from tests.platform.files.backup.places import UPLOAD, close, filled
from tests.processes import tied, wait_for


def make_leftovers(*parents: Path) -> list[Path]:
    """Leave in each folder what version 1.0.0 left, nobody's any more."""
    folders = [parent / f"{name}-x1y2" for parent in parents for name in (".backup", ".restore")]
    for folder in folders:
        folder.mkdir()
        (folder / "archive").write_text("é1@mairie.example")
    return folders


def test_a_command_deletes_what_a_killed_one_left_and_says_so(tmp_path: Path) -> None:
    settings, beside = settings_for(tmp_path / "here"), tmp_path / "backups"
    beside.mkdir()
    file = str(beside / "salon.zip")
    app = filled(settings)
    with app.app_context():
        run = app.test_cli_runner().invoke
        left = make_leftovers(settings.data, beside)
        result = run(args=["backup", file])
        assert result.exit_code == 0, result.output
        assert not any(folder.exists() for folder in left)
        assert all(f"supprimé : {folder}" in result.output for folder in left)
        left = make_leftovers(settings.data)
        assert "supprimé" in run(args=["restore", "--drill", file]).output
        assert not any(folder.exists() for folder in left)
        left = make_leftovers(settings.data, beside)
        [words] = [finding for finding in examine(settings) if finding.key == "backup"]
        assert not words.in_order
        assert any(str(folder) in words.words for folder in left)
        housekeep()
        assert not any(folder.exists() for folder in left)
    close(app)


def test_a_folder_in_use_is_no_leftover(tmp_path: Path) -> None:
    with temporary_folder(".backup-", tmp_path) as folder:
        assert (folder.is_dir(), leftovers(tmp_path)) == (True, [])
    assert list(tmp_path.iterdir()) == []


def test_a_backup_without_space_is_one_sentence(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "here")
    close(filled(settings))
    command = [sys.executable, "-m", "flask", "--app", "app", "backup", str(tmp_path / "salon.zip")]
    completed = subprocess.run(
        ["prlimit", "--fsize=60000", *command],
        cwd=ROOT,
        env=environment(settings.data),
        capture_output=True,
        text=True,
    )
    assert completed.returncode == 1
    assert "Écriture impossible : le fichier dépasse la taille permise." in completed.stderr
    assert "Traceback" not in completed.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["here"]


@pytest.mark.long
def test_a_backup_killed_while_it_encrypts_leaves_nothing_in_clear(tmp_path: Path) -> None:
    settings, beside = settings_for(tmp_path / "here"), tmp_path / "backups"
    beside.mkdir()
    recipients, file = tmp_path / "recipients", beside / "salon.age"
    recipients.write_text(str(pyrage.x25519.Identity.generate().to_public()))
    app = filled(settings)
    with (settings.data / UPLOAD).open("r+b") as upload:
        upload.truncate(1 << 32)  # seconds of work, no space
    names = files_in(settings.data)
    words = ["backup", str(file), "--recipients", str(recipients)]
    kill(settings.data, words, lambda: list(beside.iterdir()))
    assert files_in(settings.data) == names
    [left] = beside.iterdir()
    assert list(left.iterdir()) == []
    (settings.data / UPLOAD).write_bytes(b"%PDF-")
    with app.app_context():
        result = app.test_cli_runner().invoke(args=words)
        assert (result.exit_code, str(left) in result.output) == (0, True), result.output
    assert list(beside.iterdir()) == [file]
    close(app)


@pytest.mark.long
def test_a_killed_drill_is_seen_by_the_doctor_and_swept_by_the_worker(tmp_path: Path) -> None:
    settings, file = settings_for(tmp_path / "here"), tmp_path / "salon.zip"
    app = filled(settings)
    with app.app_context():
        backup(settings, file)
        drill = ["restore", "--drill", str(file)]
        kill(settings.data, drill, lambda: list(settings.data.glob(".drill-*/salon.sqlite")))
        [left] = leftovers(settings.data)
        [finding] = [finding for finding in examine(settings) if finding.key == "backup"]
        assert str(left) in finding.words
        housekeep()
        assert not left.exists()
        assert find_mark(BACKUP) is None
    close(app)


def files_in(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if not path.name.startswith("salon.sqlite-")}


def kill(folder: Path, words: list[str], is_at_work: Callable[[], object]) -> None:
    """Start a command, and kill it as soon as it is at work."""
    process = subprocess.Popen(
        tied(sys.executable, "-m", "flask", "--app", "app", *words),
        cwd=ROOT,
        env=environment(folder),
    )
    wait_for(is_at_work, "the command is at work")
    process.kill()
    assert process.wait() == -signal.SIGKILL
