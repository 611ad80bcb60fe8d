"""Pages that devices open without network: their files, their versions, their service worker.

The files of such a page lie under its own address (`/scanner/fichiers/<version>/js/…`), so that the
decoding worker is inside the service worker's scope, and modules that import each other by relative
addresses are all of one version.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from posixpath import normpath

from flask import Response, abort

from salon.platform.web.assets import STATIC, file_response, names_of, version_of, with_imports
from salon.platform.web.saved_pages import DevicePage, manifest_response, worker_response

ADDRESS = re.compile(r"/static/[^\"'#\s)<&]+")
IN_STYLE = re.compile(r"url\(\s*[\"']?(?!data:)([^\"')#?]+)")
WHOLE_DAY_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Shell:
    """A page at `address`, and the files under static/ that it loads from its own folder.

    Modules that the files of these patterns import belong to it too.
    """

    address: str
    patterns: tuple[str, ...]

    def names(self) -> list[str]:
        """Return the files, as paths under static/."""
        return _names(self.patterns)

    def version(self) -> str:
        """Return a digest of the files, which changes with any of them."""
        return _version(self.patterns)

    def file_address(self, name: str) -> str:
        return f"{self.address}/fichiers/{self.version()}/{name}"

    def addresses(self) -> list[str]:
        return [self.file_address(name) for name in self.names()]

    def saved(self, page: str) -> DevicePage:
        """Return what a device saves of the page with this HTML; it changes with any file."""
        files = sorted({*self.addresses(), *files_of_page(page)})
        version = hashlib.sha256(repr((page, files)).encode()).hexdigest()[:12]
        return DevicePage(self.address, version, files)

    def worker_response(self, page: str) -> Response:
        return worker_response(self.address, self.saved(page))

    def file_response(self, version: str, name: str) -> Response:
        """Return a file of the page; 404 for another version."""
        if version != self.version() or name not in self.names():
            abort(404)
        return file_response(name, max_age=WHOLE_DAY_S)

    def manifest_response(
        self, name: str, short_name: str, display: str = "standalone"
    ) -> Response:
        """Return the manifest that puts the page on the device's home screen, without a person's
        name."""
        return manifest_response(self.address, name, short_name, display)


@lru_cache
def _names(patterns: tuple[str, ...]) -> list[str]:
    names = names_of(*patterns)
    modules = with_imports(*(name for name in names if name.startswith("js/")))
    return sorted({*names, *modules})


@lru_cache
def _version(patterns: tuple[str, ...]) -> str:
    return version_of(_names(patterns))


def files_of_page(page: str) -> list[str]:
    """Return the addresses under /static/ in a page and in its style sheets."""
    addresses = list(dict.fromkeys(ADDRESS.findall(page)))
    for address in addresses:
        name = address.partition("?")[0].removeprefix("/static/")
        if name.endswith(".css"):
            folder = PurePosixPath(name).parent
            text = (STATIC / name).read_text()
            inner = (normpath((folder / address).as_posix()) for address in IN_STYLE.findall(text))
            addresses.extend(
                f"/static/{address}" for address in inner if (STATIC / address).is_file()
            )
    return list(dict.fromkeys(addresses))
