"""Templates compiled once a run: the code of each is kept in memory and in a folder that the
processes of the run share."""

from pathlib import Path
from types import CodeType

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket


class CompiledTemplates(FileSystemBytecodeCache):
    """Code of templates, read from its file once in each process."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        super().__init__(str(folder))
        self.codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        key = (bucket.key, bucket.checksum)
        if key in self.codes:
            bucket.code = self.codes[key]
            return
        super().load_bytecode(bucket)
        if bucket.code is not None:
            self.codes[key] = bucket.code

    def dump_bytecode(self, bucket: Bucket) -> None:
        super().dump_bytecode(bucket)
        if bucket.code is not None:
            self.codes[bucket.key, bucket.checksum] = bucket.code
