"""A company as the State's open search tells it: recherche-entreprises.api.gouv.fr, `/search`.

Its documentation: https://recherche-entreprises.api.gouv.fr/docs/ (7 requests a second, then 429).
Whatever goes wrong, the answer is None: an application never waits for that service to be well.
"""

import asyncio
import json
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

from salon.exhibitors.engine.company import Company
from salon.exhibitors.models import OrganisationKind

BIGGEST_ANSWER = 512_000
"""Bytes: a full answer for one company is some tens of kilobytes."""
AT_ONCE = 8
LONGEST = 200
CLOSED = ("F", "C")
"""An establishment is « A » or « F » (fermé), a legal unit « A » or « C » (cessée)."""
HIDDEN = "[NON-DIFFUSIBLE]"
"""What stands for the name, address and postal code of who asked INSEE not to publish them."""


def find_company(siret: str, url: str, timeout: float) -> Company | None:
    """Asks the search at `url`, within `timeout` seconds in all; None when it is of no use."""
    content = _ask(f"{url.rstrip('/')}/search?{_query(siret)}", timeout)
    if content is None:
        return None
    try:
        return read_answer(siret, json.loads(content))
    except (ValueError, RecursionError):
        return None


def _query(siret: str) -> str:
    """One company, without its directors nor its accounts, which nobody here needs."""
    return urlencode(
        {
            "q": siret,
            "minimal": "true",
            "include": "siege,complements,matching_etablissements",
            "page": 1,
            "per_page": 1,
        }
    )


def read_answer(siret: str, answer: Any) -> Company | None:
    """The establishment of this very SIRET in a documented answer; None when it is not there."""
    for result in _objects(_object(answer).get("results")):
        for place in (_object(result.get("siege")), *_establishments(result)):
            if _text(place, "siret") == siret:
                return _company(siret, result, place)
    return None


def _company(siret: str, result: dict[str, Any], place: dict[str, Any]) -> Company:
    legal_name = _text(result, "nom_raison_sociale") or _text(result, "nom_complet")
    signs = place.get("liste_enseignes")
    sign = _clean(signs[0]) if isinstance(signs, list) and signs else ""
    postal_code = _text(place, "code_postal")
    states = (_text(place, "etat_administratif"), _text(result, "etat_administratif"))
    return Company(
        siret=siret,
        legal_name=legal_name,
        trade_name=sign or _text(place, "nom_commercial") or legal_name,
        address=_street(_text(place, "adresse"), postal_code),
        postal_code=postal_code,
        city=_text(place, "libelle_commune"),
        activity=_text(place, "activite_principale") or _text(result, "activite_principale"),
        kind=_kind(_text(result, "nature_juridique"), _object(result.get("complements"))),
        is_closed=any(state in CLOSED for state in states),
    )


def _kind(legal_form: str, more: dict[str, Any]) -> OrganisationKind:
    """By the legal form (INSEE level III): 7… and 41… are public law, 92… and 93… associations."""
    if legal_form.startswith(("7", "41")) or more.get("est_service_public") is True:
        return OrganisationKind.PUBLIC_BODY
    if _object(more.get("collectivite_territoriale")):
        return OrganisationKind.PUBLIC_BODY
    if legal_form.startswith(("92", "93")) or more.get("est_association") is True:
        return OrganisationKind.ASSOCIATION
    return OrganisationKind.COMPANY


def _street(address: str, postal_code: str) -> str:
    """The address before its postal code, which has its own field."""
    found = address.rpartition(postal_code)[0].strip() if postal_code else ""
    return found or address


def _establishments(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from _objects(result.get("matching_etablissements"))


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(found: dict[str, Any], name: str) -> str:
    return _clean(found.get(name))


def _clean(value: Any) -> str:
    """One line that prints; "" for what is hidden and for anything that is not a text."""
    if not isinstance(value, str) or HIDDEN in value:
        return ""
    line = " ".join(value.split())
    return "".join(one for one in line if one.isprintable())[:LONGEST].strip()


class _Request(threading.Thread):
    """One GET in a thread of its own, so that a slow name server is not waited for either."""

    room = threading.BoundedSemaphore(AT_ONCE)

    def __init__(self, url: str, timeout: float) -> None:
        super().__init__(name="company-search", daemon=True)
        self.url = url
        self.timeout = timeout
        self.content: bytes | None = None

    def run(self) -> None:
        try:
            self.content = asyncio.run(_get(self.url, self.timeout))
        finally:
            self.room.release()


async def _get(url: str, timeout: float) -> bytes | None:
    """Return the answer's content, unless it is late, too big or not a plain 200.

    A proxy, or authorities of one's own, come from the environment: HTTPS_PROXY, NO_PROXY,
    SSL_CERT_FILE. No redirect is followed.
    """
    import httpx

    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    headers["User-Agent"] = "salon-des-maires"
    try:
        _ = urlsplit(url).port  # a ValueError here; beyond 65535, a group of errors from httpx
        async with (
            asyncio.timeout(timeout),
            httpx.AsyncClient(headers=headers, timeout=timeout) as client,
            client.stream("GET", url) as answer,
        ):
            if answer.status_code != 200:
                return None
            content = b""
            async for chunk in answer.aiter_raw():
                content += chunk
                if len(content) > BIGGEST_ANSWER:
                    return None
            return content
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError):
        return None


def _ask(url: str, timeout: float) -> bytes | None:
    if not _Request.room.acquire(blocking=False):
        return None
    request = _Request(url, timeout)
    request.start()
    request.join(timeout)
    return request.content
