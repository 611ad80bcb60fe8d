"""Every address that the people of the demonstration can reach, opened once by each of them."""

import re
from collections import deque
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, urljoin, urlsplit

import lxml.html
from flask import Flask
from werkzeug.exceptions import HTTPException

from tests.pages import PageClient

SAME_VIEW = 12
"""Addresses opened of one view with the same names of arguments; all its links are, of a list."""


@dataclass(frozen=True)
class Visit:
    """What an address answered, and the page that links to it."""

    address: str
    status: int
    mimetype: str
    content: bytes
    location: str
    came_from: str

    @cached_property
    def page(self) -> str:
        """The HTML, or nothing when the answer is a file."""
        return self.content.decode() if self.mimetype == "text/html" else ""

    @cached_property
    def document(self) -> lxml.html.HtmlElement:
        return lxml.html.document_fromstring(self.page)


class Crawl:
    """The visits of one person: by address, without its fragment."""

    def __init__(self, app: Flask, client: PageClient, start: list[str]) -> None:
        self.app, self.client = app, client
        self.visits: dict[str, Visit] = {}
        self.waiting = deque((address, "") for address in start)
        self.shapes: dict[object, int] = {}
        while self.waiting:
            self.visit(*self.waiting.popleft())

    def visit(self, address: str, came_from: str) -> None:
        if address in self.visits or not self.is_worth(address):
            return
        response = self.client.get(address)
        location = response.headers.get("Location", "")
        visit = Visit(
            address, response.status_code, response.mimetype, response.data, location, came_from
        )
        self.visits[address] = visit
        if location:
            self.add(location, visit)
        if visit.page and visit.status < 400:
            for link in links_of(visit):
                self.add(link, visit)

    def add(self, link: str, visit: Visit) -> None:
        parts = urlsplit(urljoin(visit.address, link))
        if parts.netloc in ("", "localhost", "127.0.0.1:5000") and parts.scheme in ("", "http"):
            address = parts.path + (f"?{parts.query}" if parts.query else "")
            self.waiting.append((address, visit.address))

    def is_worth(self, address: str) -> bool:
        """Whether few addresses of this shape were opened; one without a view always is."""
        parts = urlsplit(address)
        try:
            rule, values = self.app.url_map.bind("localhost").match(
                parts.path, "GET", return_rule=True
            )
        except HTTPException:
            return True
        names = {name for name, _ in parse_qsl(parts.query)}
        shape = (rule.endpoint, frozenset(names), frozenset() if values else parts.query)
        self.shapes[shape] = self.shapes.get(shape, 0) + 1
        return self.shapes[shape] <= SAME_VIEW or rule.endpoint == "static"


def links_of(visit: Visit) -> list[str]:
    """Where a page leads by GET, and what it is made of."""
    document = visit.document
    links = document.xpath("//a/@href | //area/@href | //link/@href | //*/@src | //use/@href")
    links += document.xpath(
        "//form[not(@method) or translate(@method, 'GET', 'get') = 'get']/@action"
    )
    links += [
        part.split()[0] for srcset in document.xpath("//@srcset") for part in srcset.split(",")
    ]
    return [link for link in links if not re.match(r"(mailto|tel|data|javascript|sms|geo):", link)]
