"""An S3 server of ours: rclone's, over a folder; it verifies signatures and ends with its test."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from salon.platform.storage.bucket import Bucket
from tests.processes import free_port, listens, tied, wait_for

RCLONE = Path(sys.executable).with_name("rclone")
ACCESS_KEY, SECRET_KEY = "salon", "a-secret-of-the-tests-alone"
BUCKET = "salon"


class S3Server:
    """A server of one bucket that stops and starts again on its port.

    Files come and go through it alone: told to forget folders at once (`--dir-cache-time 0`), it
    looks at each of them without end, and takes half a processor.
    """

    def __init__(self, root: Path, certificate: Path | None = None) -> None:
        self.root, self.certificate = root, certificate
        self.port = free_port()

    @property
    def endpoint(self) -> str:
        return f"{'https' if self.certificate else 'http'}://127.0.0.1:{self.port}"

    def bucket(self, prefix: str = "") -> Bucket:
        """Return the address and keys of the bucket, in which names begin with `prefix`."""
        return Bucket(self.endpoint, BUCKET, prefix, "us-east-1", ACCESS_KEY, SECRET_KEY)

    @contextmanager
    def running(self) -> Iterator[None]:
        (self.root / BUCKET).mkdir(parents=True, exist_ok=True)
        command: list[str | Path] = [
            RCLONE,
            "serve",
            "s3",
            "--config",
            "",
            "--addr",
            f"127.0.0.1:{self.port}",
        ]
        command += ["--auth-key", f"{ACCESS_KEY},{SECRET_KEY}", self.root]
        if self.certificate:
            command += ["--cert", self.certificate, "--key", self.certificate]
        process = subprocess.Popen(
            tied(*command), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            wait_for(lambda: listens(self.port), "the S3 server")
            yield
        finally:
            process.terminate()
            process.wait()
