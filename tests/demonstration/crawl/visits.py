"""Every kind of address that the people of the demonstration reach, opened by each of them."""

import re
from collections import Counter, deque
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import lxml.html
from flask import Flask
from werkzeug.exceptions import HTTPException

from tests.pages import PageClient

SAME_VIEW, SAME_FILTER = 2, 1
"""How many addresses of one view are opened, and how many with the same names of arguments."""
OUTSIDE = re.compile(r"(mailto|tel|data|sms|geo|https?)\b:(?!//localhost/|//127\.0\.0\.1:5000/)")
SYMBOL = re.compile(rb'<symbol[^>]*\bid="([^"]+)"')
INLINE = frozenset(
    ["a", "abbr", "b", "code", "em", "i", "small", "span", "strong", "time", "svg", "use"]
)
UNREAD = frozenset(("script", "style", "textarea", "pre"))
MAILBOX = "/demonstration/courriels"


@dataclass(frozen=True)
class Visit:
    """The answer of an address, and the page that leads to it."""

    address: str
    status: int
    mimetype: str
    content: bytes
    location: str
    came_from: str

    @cached_property
    def document(self) -> lxml.html.HtmlElement | None:
        """Return the page, or None when the answer is a file or a refusal."""
        if self.mimetype != "text/html" or self.status != 200:
            return None
        return lxml.html.document_fromstring(self.content.decode())

    @property
    def links(self) -> Iterator[str]:
        """Return the addresses of a page's links and of its files, fragments included."""
        if self.location:
            yield self.location
        if self.document is not None:
            for link in self.document.xpath(
                "//a/@href | //link/@href | //use/@href | //*/@src"
                " | //form[not(@method) or @method='get']/@action"
            ):
                if not OUTSIDE.match(link):
                    parts = urlsplit(urljoin(self.address, link))
                    yield parts._replace(scheme="", netloc="").geturl()

    @cached_property
    def names(self) -> set[str]:
        """Return the ids of a page, or the symbols of a file of icons."""
        if self.document is None:
            return {name.decode() for name in SYMBOL.findall(self.content)}
        return set(self.document.xpath("//@id"))

    @property
    def words(self) -> str:
        """Return the visible text of the page."""
        if self.document is None:
            return ""
        body = self.document.find("body")
        for element in body.iter():
            if element.tag in UNREAD:
                element.text = None
            if element.tag not in INLINE:
                element.text = f"\n{element.text or ''}"
                element.tail = f"\n{element.tail or ''}"
        return re.sub(r"[ \t]*\n\s*|[ \t]{2,}", blank, body.text_content())


def blank(match: re.Match[str]) -> str:
    return "\n" if "\n" in match[0] else " "


class Crawl:
    """The visits of one person, by address without its fragment."""

    def __init__(
        self, app: Flask, client: PageClient, start: list[str], read: Container[str] = ()
    ) -> None:
        """`read`: addresses that another person opened and that are the same for everybody."""
        self.visits: dict[str, Visit] = {}
        self._app, self._client, self._read = app, client, read
        self._shapes: Counter[object] = Counter()
        waiting = deque((address, "") for address in start)
        while waiting:
            address, came_from = waiting.popleft()
            if address not in self.visits and address not in read and self._is_worth(address):
                visit = self.visits[address] = self._open(address, came_from)
                waiting.extend((urldefrag(link).url, address) for link in visit.links)

    def _open(self, address: str, came_from: str) -> Visit:
        with self._client.get(address) as answer:
            location = answer.headers.get("Location", "")
            kind, content = answer.mimetype, answer.data
        return Visit(address, answer.status_code, kind, content, location, came_from)

    def _is_worth(self, address: str) -> bool:
        """Return whether few addresses of this shape were opened, or the address has no view."""
        parts = urlsplit(address)
        if parts.path.startswith("/e/"):
            return False  # the same pages, of an edition that is not public
        try:
            rule, values = self._app.url_map.bind("localhost").match(
                parts.path, "GET", return_rule=True
            )
        except HTTPException:
            return True
        names = frozenset(name for name, _ in parse_qsl(parts.query))
        self._shapes[rule.endpoint, names] += 1
        most = SAME_FILTER if names and not values else SAME_VIEW
        return rule.endpoint == "static" or self._shapes[rule.endpoint, names] <= most
