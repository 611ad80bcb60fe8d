"""Compresses what browsers load, as hard as gzip and brotli can: servers only read the copies.

A copy bears the digest of its file's content, so that it never stands for another content. Runs
with brotli, a tool of the build (requirements/vendor.txt); `missing_copies` needs nothing.
"""

import gzip
import hashlib
import os
import sys
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static"
COPIES = STATIC / "vendor" / "compressed"
COMPRESSED = (".css", ".js", ".svg", ".wasm")
ENDINGS = (".br", ".gz")
DIGEST_LENGTH = 12
"""As in `salon.platform.web.assets`."""


def originals() -> dict[str, Path]:
    """Return the files to compress, by the digest of their content."""
    paths = sorted(path for path in STATIC.rglob("*.*") if path.suffix in COMPRESSED)
    return {hashlib.sha256(path.read_bytes()).hexdigest()[:DIGEST_LENGTH]: path for path in paths}


def missing_copies() -> dict[str, Path]:
    """Return the files that lack a copy, by digest."""
    return {
        digest: path
        for digest, path in originals().items()
        if not all((COPIES / f"{digest}{ending}").exists() for ending in ENDINGS)
    }


def main() -> None:
    import brotli

    COPIES.mkdir(parents=True, exist_ok=True)
    for digest, path in missing_copies().items():
        content = path.read_bytes()
        write_whole(COPIES / f"{digest}.gz", gzip.compress(content, 9, mtime=0))
        write_whole(COPIES / f"{digest}.br", brotli.compress(content))
    current = set(originals())
    for copy in [path for path in COPIES.iterdir() if path.suffix in ENDINGS]:
        if copy.stem not in current:
            copy.unlink(missing_ok=True)
    size = sum(copy.stat().st_size for copy in COPIES.glob("*.br")) / 1e6
    print(f"  static/: {len(current)} files compressed, {size:.1f} MB in brotli")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that a server never reads by half."""
    draft = path.with_suffix(f"{path.suffix}-{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)


if __name__ == "__main__":
    sys.exit(main())
