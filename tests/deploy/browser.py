"""A browser of two machines behind a proxy that gives each request to the other one."""

import html
import re
from urllib.parse import urlencode

from bench.people import FORM, Caller, Door

INPUT = re.compile(r"<input[^>]*>")
ATTRIBUTE = re.compile(r'(name|type|value)="([^"]*)"')


class Browser(Caller):
    """Knows the port of the machine that answered last, which is never that of the time before."""

    def __init__(self, door: Door) -> None:
        super().__init__(door)
        self.port = 0

    def ask_bytes(self, *arguments: object, **more: object) -> tuple[int, bytes, str]:
        answer = super().ask_bytes(*arguments, **more)  # type: ignore[arg-type]
        assert self.headers
        port = int(self.headers["X-Machine"].rpartition(":")[2])
        assert port != self.port
        self.port = port
        return answer

    def page(self, path: str) -> str:
        status, page, _ = self.ask("GET", path)
        assert status == 200, (path, status, page[-2000:])
        return page

    def send(self, path: str, page: str, **fields: str) -> tuple[int, str, str]:
        """Send the form of a page, its hidden fields with it."""
        return self.ask("POST", path, urlencode({**hidden_fields(page), **fields}), FORM)

    def fill(self, path: str, **fields: str) -> str:
        """Open a page, send its form; return where it leads."""
        status, page, location = self.send(path, self.page(path), **fields)
        assert status in (302, 303), (path, status, page[-2000:])
        return location


def hidden_fields(page: str) -> dict[str, str]:
    """Return the values of the hidden fields of a page, by name."""
    inputs = (dict(ATTRIBUTE.findall(tag)) for tag in INPUT.findall(page[page.find("<main") :]))
    hidden = [field for field in inputs if field.get("type") == "hidden"]
    return {field["name"]: html.unescape(field.get("value", "")) for field in hidden}
