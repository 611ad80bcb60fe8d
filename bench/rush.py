"""Clients who all want an appointment at once: as a browser does, page after page.

Each opens the link that was mailed to it; a connection to the database stands for its mailbox.
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
PATIENCE_S = 300


@dataclass
class Rush:
    """What clients saw together."""

    seconds: float = 0.0
    latencies_ms: list[float] = field(default_factory=list)
    confirmations_ms: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)


Mailbox = Callable[[str], str]
"""The token of the link that an address was sent."""


def rush(port: int, slug: str, communes: Sequence[str], clients: int, mailbox: Mailbox) -> Rush:
    """Each client opens the theme, takes a time that is shown, and confirms it by its mail."""
    result = Rush()
    begin = time.monotonic()
    asyncio.run(_all(port, slug, communes, clients, mailbox, result))
    result.seconds = time.monotonic() - begin
    return result


async def _all(
    port: int, slug: str, communes: Sequence[str], clients: int, mailbox: Mailbox, result: Rush
) -> None:
    every = [_Client(port, slug, communes, number, mailbox, result) for number in range(clients)]
    await asyncio.gather(*(asyncio.wait_for(client.run(), PATIENCE_S) for client in every))


class _Client:
    """A browser with its cookie and one kept connection."""

    def __init__(
        self,
        port: int,
        slug: str,
        communes: Sequence[str],
        number: int,
        mailbox: Mailbox,
        result: Rush,
    ) -> None:
        self.port, self.slug, self.number, self.found = port, slug, number, result
        self.mailbox = mailbox
        self.chance = random.Random(number)
        self.commune = self.chance.choice(communes)
        self.cookie = ""
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def run(self) -> None:
        self.found.ends[await self._book()] += 1
        if self.streams:
            self.streams[1].close()

    async def _book(self) -> str:
        theme = f"/rendez-vous/themes/{self.slug}"
        status, page, _ = await self._ask("GET", theme)
        for _ in range(TRIES):
            starts = START.findall(page)
            if not starts:
                return "full"
            sent = {
                "csrf_token": TOKEN.findall(page)[0],
                "agent": "",
                "starts_at": self.chance.choice(starts),
            }
            status, page, where = await self._ask("POST", f"{theme}/retenir", sent)
            if status == 302:
                return await self._confirm(where)
        return "gave up"

    async def _confirm(self, where: str) -> str:
        _, page, _ = await self._ask("GET", where)
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
        status, page, _ = await self._ask("POST", where.partition("?")[0], form)
        if status != 302:
            return f"refused {status}"
        link = f"/rendez-vous/confirmer/{self.mailbox(form['email'])}"
        _, page, _ = await self._ask("GET", link)
        begin = time.monotonic()
        token = {"csrf_token": TOKEN.findall(page[page.find("<main") :])[0]}
        status, page, _ = await self._ask("POST", link, token)
        if status == 302:
            self.found.confirmations_ms.append((time.monotonic() - begin) * 1000)
            return "booked"
        return f"refused {status}"

    async def _ask(
        self, method: str, path: str, form: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        """(status, page, where it leads)."""
        begin = time.monotonic()
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        body = urlencode(form or {}).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self.cookie}\r\n"
        if form is not None:
            head += "Content-Type: application/x-www-form-urlencoded\r\n"
            head += f"Content-Length: {len(body)}\r\n"
        writer.write(head.encode() + b"\r\n" + (body if form is not None else b""))
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        length = where = ""
        for line in lines[1:]:
            name, _, value = line.partition(": ")
            if name.lower() == "content-length":
                length = value
            elif name.lower() == "location":
                where = value
            elif name.lower() == "set-cookie":
                self.cookie = value.partition(";")[0]
        page = (await reader.readexactly(int(length))).decode()
        status = int(lines[0].split()[1])
        self.found.latencies_ms.append((time.monotonic() - begin) * 1000)
        self.found.statuses[status] += 1
        return status, page.replace("&#43;", "+").replace("&amp;", "&"), where
