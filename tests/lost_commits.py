"""A line to PostgreSQL that breaks at a commit, just before the server has it or says it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SOCKET = ".s.PGSQL.5432"
REQUEST = b"Q\x00\x00\x00\x0bCOMMIT\x00"
ANSWER = b"C\x00\x00\x00\x0bCOMMIT\x00"
"""What the server says of a COMMIT that it has carried out."""


class Line:
    """Hands connections to `folder` on to the server. `breaks_at`: REQUEST or ANSWER, of the next
    commit alone."""

    def __init__(self, folder: Path, server_folder: Path) -> None:
        self.folder, self.server_path = folder, str(server_folder / SOCKET)
        self.breaks_at: bytes | None = None
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / SOCKET))
        self._listener.listen()
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self.server_path)
                for pair in ((client, server), (server, client)):
                    threading.Thread(target=self._hand_on, args=pair, daemon=True).start()

    def _hand_on(self, source: socket.socket, target: socket.socket) -> None:
        with source, target, suppress(OSError):
            while content := source.recv(65_536):
                if self.breaks_at and self.breaks_at in content:
                    self.breaks_at = None
                    break
                target.sendall(content)
            target.shutdown(socket.SHUT_RDWR)
            source.shutdown(socket.SHUT_RDWR)


@contextmanager
def line_to(server_folder: Path, folder: Path) -> Iterator[Line]:
    """Yield a line whose own end lies in `folder`, as short as the address of a socket must be."""
    line = Line(folder, server_folder)
    try:
        yield line
    finally:
        line.close()
