"""The WSGI environment of a request (PEP 3333), and the call of the application with it."""

import io
import sys
from collections.abc import Mapping
from functools import lru_cache
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from webserver import RECEIVED_AT

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

    from webserver.listener import Scope

Headers = list[tuple[str, str]]


class Answer(NamedTuple):
    """An answer: its content, or the path of a file that holds it."""

    status: int
    headers: Headers
    content: bytes
    path: str = ""


class FileAnswer:
    """A file as an answer (`wsgi.file_wrapper`), which granian reads by itself."""

    def __init__(self, file: IO[bytes], block: int = 64 * 1024) -> None:
        self.file, self.block = file, block

    def __iter__(self) -> "FileAnswer":
        return self

    def __next__(self) -> bytes:
        part = self.file.read(self.block)
        if not part:
            raise StopIteration
        return part

    def close(self) -> None:
        self.file.close()

    @property
    def path(self) -> str:
        """Return the path of a file on disk that was not read yet, else an empty string."""
        name = getattr(self.file, "name", None)
        return name if isinstance(name, str) and self.file.tell() == 0 else ""


COMMON: "WSGIEnvironment" = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.input_terminated": True,
    "wsgi.file_wrapper": FileAnswer,
}


def variables_of(scope: "Scope", received_at: float) -> dict[str, str | float]:
    """Return the part of the environment that differs between requests: texts and a number.

    A header with an underscore in its name is left out: its key would be that of another header,
    such as the one in which a proxy writes the address of the client.
    """
    server, _, port = scope.server.rpartition(":")
    variables: dict[str, str | float] = {
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme,
        RECEIVED_AT: received_at,
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue
        key = environ_key(name)
        variables[key] = f"{variables[key]},{value}" if key in variables else value
    return variables


@lru_cache(maxsize=200)
def environ_key(header: str) -> str:
    """Return the key of a header in the WSGI environment."""
    key = header.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


def call(
    application: "WSGIApplication",
    variables: Mapping[str, str | float],
    body: IO[bytes] | None = None,
) -> Answer:
    """Return the whole answer of the application."""
    status: int = 500
    headers: Headers = []

    def start_response(status_line: str, headers_given: Headers, exc_info: object = None) -> Any:
        nonlocal status, headers
        status, headers = int(status_line[:3]), headers_given

    environ = {**COMMON, **variables, "wsgi.input": body or io.BytesIO()}
    answer = application(environ, start_response)
    try:
        path = answer.path if isinstance(answer, FileAnswer) else ""
        content = b"" if path else b"".join(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    return Answer(status, headers, content, path)
