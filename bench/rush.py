"""A browser on raw streams, so that it costs little, and one that books an appointment.

It opens the link that was mailed to it; a connection to the database stands for its mailbox.
"""

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

START = re.compile(r'name="starts_at" value="([^"]+)"')
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
NAME, VALUE = re.compile(r'name="([^"]+)"'), re.compile(r'value="([^"]*)"')
TRIES = 4


@dataclass
class Rush:
    """The answers that all clients saw."""

    latencies_ms: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)


Mailbox = Callable[[str], str]
"""The token of the link that an address was sent."""


class Browser:
    """A browser with its cookie and one kept connection; `result` notes what it is answered."""

    def __init__(self, port: int, result: Rush) -> None:
        self.port, self.result = port, result
        self.cookie = ""
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, method: str, path: str, form: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        """(status, page, where it leads)."""
        headers = f"Cookie: {self.cookie}\r\n"
        if form is not None:
            headers += "Content-Type: application/x-www-form-urlencoded\r\n"
        body = None if form is None else urlencode(form).encode()
        status, page, location = await self.exchange(method, path, headers, body)
        return status, page.replace("&#43;", "+").replace("&amp;", "&"), location

    async def exchange(
        self, method: str, path: str, headers: str, body: bytes | None = None
    ) -> tuple[int, str, str]:
        """Do as `ask`, with more headers, each followed by its end of line."""
        begin = time.monotonic()
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}"
        if body is not None:
            head += f"Content-Length: {len(body)}\r\n"
        writer.write(head.encode() + b"\r\n" + (body or b""))
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        length = location = ""
        for line in lines[1:]:
            name, _, value = line.partition(": ")
            if name.lower() == "content-length":
                length = value
            elif name.lower() == "location":
                location = value
            elif name.lower() == "set-cookie":
                self.cookie = value.partition(";")[0]
        page = (await reader.readexactly(int(length))).decode(errors="replace")
        status = int(lines[0].split()[1])
        self.result.latencies_ms.append((time.monotonic() - begin) * 1000)
        self.result.statuses[status] += 1
        return status, page, location

    def close(self) -> None:
        if self.streams:
            self.streams[1].close()


class BookingBrowser(Browser):
    """Opens a theme, takes a time that is shown, and confirms it by the mailed link."""

    def __init__(
        self,
        port: int,
        slug: str,
        communes: Sequence[str],
        number: int,
        mailbox: Mailbox,
        result: Rush,
    ) -> None:
        super().__init__(port, result)
        self.slug, self.number, self.mailbox = slug, number, mailbox
        self.chance = random.Random(number)
        self.commune = self.chance.choice(communes)

    async def run(self) -> None:
        theme = f"/rendez-vous/themes/{self.slug}"
        _, page, _ = await self.ask("GET", theme)
        for _ in range(TRIES):
            starts = START.findall(page)
            if not starts:
                break  # no time is left
            sent = {
                "csrf_token": TOKEN.findall(page)[0],
                "agent": "",
                "starts_at": self.chance.choice(starts),
            }
            status, page, location = await self.ask("POST", f"{theme}/retenir", sent)
            if status == 302:
                await self._confirm(location)
                break
        self.close()

    async def _confirm(self, location: str) -> None:
        _, page, _ = await self.ask("GET", location)
        form = {
            NAME.findall(field)[0]: (VALUE.findall(field) or [""])[0]
            for field in HIDDEN.findall(page[page.find("<main") :])
            if NAME.findall(field)
        }
        form |= {
            "civility": "madame",
            "first_name": "Mireille",
            "last_name": f"Bastide-{self.number}",
            "function": "mayor",
            "commune": self.commune,
            "email": f"ruee{self.number}@commune.example",
            "phone": "04 67 00 00 00",
            "subject": "La réfection de la route du Pioch",
        }
        status, page, _ = await self.ask("POST", location.partition("?")[0], form)
        if status != 302:
            return
        link = f"/rendez-vous/confirmer/{self.mailbox(form['email'])}"
        _, page, _ = await self.ask("GET", link)
        token = {"csrf_token": TOKEN.findall(page[page.find("<main") :])[0]}
        await self.ask("POST", link, token)
