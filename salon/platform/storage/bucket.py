"""Files in an S3-compatible bucket, which several machines share.

obstore is loaded at the first use, inside the process that uses it: it has threads of its own.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from salon.platform.storage.store import (
    BLOCK,
    NAME,
    FileFacts,
    FileStore,
    FilesUnreachable,
    OpenFile,
    checked_name,
)

if TYPE_CHECKING:
    from obstore.store import S3Store

CONNECT_TIMEOUT = timedelta(seconds=2)
TIMEOUT = timedelta(minutes=1)
"""Of one request, which carries a whole file down, or at most 5 MB up."""
RETRIES = {
    "max_retries": 2,
    "retry_timeout": timedelta(seconds=5),
    "backoff": {
        "init_backoff": timedelta(milliseconds=100),
        "max_backoff": timedelta(seconds=1),
        "base": 2,
    },
}


@dataclass(frozen=True)
class Bucket:
    """Address and keys of a bucket; names in it begin with `prefix`."""

    endpoint: str
    name: str
    prefix: str
    region: str
    access_key: str
    secret_key: str = field(repr=False)
    ca_file: Path | None = None
    """PEM certificates of authorities, besides those of the system."""

    @property
    def address(self) -> str:
        return "/".join(filter(None, (self.endpoint, self.name, self.prefix)))


class BucketStore(FileStore):
    """Every method raises FilesUnreachable when the bucket does not answer, or refuses."""

    def __init__(self, bucket: Bucket) -> None:
        self.bucket, self.place = bucket, bucket.address

    def save(self, name: str, source: BinaryIO) -> None:
        import obstore

        with _reached():
            obstore.put(self._client, checked_name(name), source)

    def open(self, name: str) -> OpenFile:
        import obstore

        # The whole object is fetched first: a bucket that leaves midway cuts no answer short.
        with _reached(may_be_absent=True), ExitStack() as stack:
            result = obstore.get(self._client, checked_name(name))
            spool = stack.enter_context(SpooledTemporaryFile[bytes](BLOCK))
            for block in result.stream(BLOCK):
                spool.write(block)
            spool.seek(0)
            stack.pop_all()
        facts = FileFacts(name, result.meta["size"], result.meta["last_modified"])
        return OpenFile(facts, cast(BinaryIO, spool))

    def find(self, name: str) -> FileFacts | None:
        import obstore

        try:
            with _reached(may_be_absent=True):
                meta = obstore.head(self._client, checked_name(name))
        except FileNotFoundError:
            return None
        return FileFacts(name, meta["size"], meta["last_modified"])

    def delete(self, name: str) -> None:
        import obstore

        with suppress(FileNotFoundError), _reached(may_be_absent=True):
            obstore.delete(self._client, checked_name(name))

    def files_in(self, folder: str) -> Iterator[FileFacts]:
        import obstore

        with _reached():
            objects = obstore.list(self._client, prefix=folder).collect()
        facts = [FileFacts(meta["path"], meta["size"], meta["last_modified"]) for meta in objects]
        yield from sorted((file for file in facts if NAME.fullmatch(file.name)), key=_name_of)

    @cached_property
    def _client(self) -> S3Store:
        from obstore.store import S3Store

        bucket, client_options = self.bucket, dict[str, Any]()
        client_options["connect_timeout"], client_options["timeout"] = CONNECT_TIMEOUT, TIMEOUT
        if bucket.endpoint.startswith("http://"):
            client_options["allow_http"] = True
        if bucket.ca_file:
            client_options["root_certificate"] = bucket.ca_file.read_bytes()
        with _reached():
            return S3Store(
                bucket.name,
                prefix=bucket.prefix or None,
                endpoint=bucket.endpoint,
                region=bucket.region,
                access_key_id=bucket.access_key,
                secret_access_key=bucket.secret_key,
                virtual_hosted_style_request=False,
                disable_bulk_delete=True,
                client_options=cast(Any, client_options),
                retry_config=cast(Any, RETRIES),
            )


@contextmanager
def _reached(*, may_be_absent: bool = False) -> Iterator[None]:
    """Turn every error of the client into FilesUnreachable, but FileNotFoundError if it may be."""
    from obstore.exceptions import BaseError

    try:
        yield
    except (BaseError, OSError) as error:
        if may_be_absent and isinstance(error, FileNotFoundError):
            raise FileNotFoundError(errno.ENOENT, "no such file in the bucket") from None
        words = " ".join(str(error).partition("Debug source")[0].split())
        raise FilesUnreachable(words[:300]) from error


def _name_of(file: FileFacts) -> str:
    return file.name
