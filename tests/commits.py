"""The code of another commit, beside this one."""

import subprocess
import tarfile
from io import BytesIO
from pathlib import Path

from salon.platform.settings.installation import ROOT


def git(*words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=True).stdout


def check_out(revision: str, folder: Path) -> None:
    """Write the files of a commit, with the static files that are built here."""
    with tarfile.open(fileobj=BytesIO(git("archive", revision))) as archive:
        archive.extractall(folder, filter="data")
    (folder / "static" / "vendor").symlink_to(ROOT / "static" / "vendor")
