"""Requests to services of other hosts, bounded in time, in size and in number."""

import asyncio
import threading
from urllib.parse import urlsplit

BIGGEST_ANSWER = 512_000
"""Bytes: a full answer for one company is some tens of kilobytes."""
AT_ONCE = 8


class _Request(threading.Thread):
    """One request in its own thread, so that a slow name server cannot exceed the timeout."""

    room = threading.BoundedSemaphore(AT_ONCE)

    def __init__(self, url: str, timeout: float, body: object) -> None:
        super().__init__(name="outgoing", daemon=True)
        self.url = url
        self.timeout = timeout
        self.body = body
        self.content: bytes | None = None

    def run(self) -> None:
        try:
            self.content = asyncio.run(_answer(self.url, self.timeout, self.body))
        finally:
            self.room.release()


async def _answer(url: str, timeout: float, body: object) -> bytes | None:
    """Return the content of the answer, or None if it is late, too big or not a plain 200.

    Proxies and certificate authorities come from the environment: HTTPS_PROXY, NO_PROXY,
    SSL_CERT_FILE. Redirects are not followed.
    """
    import httpx2

    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    headers["User-Agent"] = "salon-des-maires"
    method = "GET" if body is None else "POST"
    try:
        _ = urlsplit(url).port  # a ValueError here; beyond 65535, a group of errors from httpx2
        async with (
            asyncio.timeout(timeout),
            httpx2.AsyncClient(headers=headers, timeout=timeout) as client,
            client.stream(method, url, json=body) as answer,
        ):
            if answer.status_code != 200:
                return None
            content = b""
            async for chunk in answer.aiter_raw():
                content += chunk
                if len(content) > BIGGEST_ANSWER:
                    return None
            return content
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError):
        return None


def fetch(url: str, timeout: float, body: object = None) -> bytes | None:
    """Return the answer of `url` to a GET, or to a POST of `body` as JSON; None on any failure.

    At most AT_ONCE requests at a time: one more is not made.
    """
    if not _Request.room.acquire(blocking=False):
        return None
    request = _Request(url, timeout, body)
    request.start()
    request.join(timeout)
    return request.content
