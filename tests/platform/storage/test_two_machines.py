"""Two processes with data folders of their own see the same files of one bucket."""

import io
import subprocess
import sys
from pathlib import Path

from salon.platform.settings.installation import ROOT, read_settings
from tests.buckets import S3Server
from tests.commands import environment

NAME = f"uploads/{1:032x}.pdf"
OTHER_MACHINE = f"""
import io
from salon.platform.settings.installation import read_settings
store = read_settings().file_store
assert store.read({NAME!r}) == b"from the first"
store.save({NAME.replace("uploads", "print_runs")!r}, io.BytesIO(b"from the second"))
store.delete({NAME!r})
"""


def test_what_one_machine_writes_or_deletes_the_other_sees(s3: S3Server, tmp_path: Path) -> None:
    bucket = s3.bucket("machines")
    environ = {
        "SALON_FILES_URL": bucket.address,
        "SALON_FILES_ACCESS_KEY": bucket.access_key,
        "SALON_FILES_SECRET_KEY": bucket.secret_key,
    }
    store = read_settings(environment(tmp_path / "first", **environ)).file_store
    store.save(NAME, io.BytesIO(b"from the first"))
    subprocess.run(
        [sys.executable, "-c", OTHER_MACHINE],
        cwd=ROOT,
        env=environment(tmp_path / "second", **environ),
        check=True,
    )
    assert store.find(NAME) is None
    assert store.read(NAME.replace("uploads", "print_runs")) == b"from the second"
    for machine in ("first", "second"):
        assert not list((tmp_path / machine).rglob("*.pdf"))
