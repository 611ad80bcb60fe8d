"""A proxy between stations and the server: it may cut the line, lose answers or be slow."""

import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

WHOLE = 65_536


class Proxy:
    """Listens on `port`, hands each connection on. `cut`: nothing passes. `lost`: the share of
    answers that never come back, once the server has worked for them. `rate`: bytes a second of
    all answers together."""

    def __init__(self, server_port: int, seed: int = 34) -> None:
        self.server_port = server_port
        self.cut = False
        self.lost = 0.0
        self.rate: float | None = None
        self._free_at = 0.0
        self._turn = threading.Lock()
        self.answers = 0
        self.dropped = 0
        self._chance = random.Random(seed)
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut_the_line(self) -> None:
        """Now, and for the connections that are open too."""
        self.cut = True
        for item in list(self._open):
            with suppress(OSError):
                item.shutdown(socket.SHUT_RDWR)

    def mend_the_line(self, lost: float = 0.0) -> None:
        self.lost, self.cut = lost, False

    def close(self) -> None:
        self.cut_the_line()
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.cut:
                client.close()
                continue
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        """Up and down by turns: a browser sends no second question before the first answer."""
        server = socket.create_connection(("127.0.0.1", self.server_port))
        self._open |= {client, server}
        back = threading.Thread(target=self._answer, args=(server, client), daemon=True)
        back.start()
        with suppress(OSError):
            while data := client.recv(WHOLE):
                if self.cut:
                    break
                server.sendall(data)
        for value in (client, server):
            with suppress(OSError):
                value.shutdown(socket.SHUT_RDWR)
        back.join()
        for value in (client, server):
            self._open.discard(value)
            value.close()

    def _answer(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(WHOLE):
                if data.startswith(b"HTTP/1.1 "):
                    self.answers += 1
                    if self._chance.random() < self.lost:
                        self.dropped += 1
                        break
                if self.cut:
                    break
                self._take_time(len(data))
                client.sendall(data)
        for other_socket in (client, server):
            with suppress(OSError):
                other_socket.shutdown(socket.SHUT_RDWR)

    def _take_time(self, size: int) -> None:
        """Waits until the line has carried that many bytes, after what it carries already."""
        if self.rate is None:
            return
        with self._turn:
            self._free_at = max(self._free_at, time.monotonic()) + size / self.rate
            wait = self._free_at - time.monotonic()
        time.sleep(max(0.0, wait))


@contextmanager
def proxy_of(server_port: int) -> Iterator[Proxy]:
    proxy = Proxy(server_port)
    yield proxy
    proxy.close()
