"""A real HTTP server that answers as the State's company search documents it, and as it fails.

Shapes: the OpenAPI description of « API Recherche d’entreprises », `GET /search`.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

LIGHTING = "44306184100047"
CLOSED = "73282932000074"
ASSOCIATION = "77567227224234"
POST_OFFICE = "35600000049837"
TOWN = "21340032800016"
HIDDEN = "91230045600015"


def establishment(siret: str, **overrides: Any) -> dict[str, Any]:
    """Return an establishment as `siege` and `matching_etablissements` describe it."""
    return {
        "activite_principale": "43.21A",
        "adresse": "12 RUE DES VIGNES 34500 BEZIERS",
        "code_postal": "34500",
        "commune": "34032",
        "date_creation": "2003-01-01",
        "departement": "34",
        "est_siege": False,
        "etat_administratif": "A",
        "libelle_commune": "BEZIERS",
        "liste_enseignes": None,
        "nom_commercial": None,
        "siret": siret,
        **overrides,
    }


def unit(siret: str, name: str, **overrides: Any) -> dict[str, Any]:
    """Return a legal unit whose seat is `siret`."""
    place = overrides.pop("place", {})
    return {
        "siren": siret[:9],
        "nom_complet": name,
        "nom_raison_sociale": name,
        "sigle": None,
        "nombre_etablissements": 3,
        "nombre_etablissements_ouverts": 2,
        "siege": establishment(siret, est_siege=True, **place),
        "activite_principale": "43.21A",
        "categorie_entreprise": "PME",
        "etat_administratif": "A",
        "nature_juridique": "5710",
        "matching_etablissements": [],
        "complements": {
            "collectivite_territoriale": None,
            "est_association": False,
            "est_service_public": False,
        },
        **overrides,
    }


UNITS = {
    LIGHTING: unit(LIGHTING, "ECLAIRAGE DU BITERROIS", place={"liste_enseignes": ["LUMIÈRE 34"]}),
    CLOSED: unit(CLOSED, "ANCIENNE MAISON", place={"etat_administratif": "F"}),
    ASSOCIATION: unit(
        ASSOCIATION,
        "LES AMIS DES GARRIGUES",
        nature_juridique="9220",
        complements={"est_association": True, "est_service_public": False},
    ),
    HIDDEN: unit(
        HIDDEN,
        "[NON-DIFFUSIBLE]",
        nature_juridique="1000",
        nom_raison_sociale=None,
        statut_diffusion="P",
        place={
            "adresse": "[NON-DIFFUSIBLE]",
            "code_postal": "[NON-DIFFUSIBLE]",
            "liste_enseignes": ["[NON-DIFFUSIBLE]"],
            "nom_commercial": "[NON-DIFFUSIBLE]",
        },
    ),
    TOWN: unit(
        TOWN,
        "COMMUNE DE BEZIERS",
        nature_juridique="7210",
        place={"activite_principale": "84.11Z"},
        complements={"collectivite_territoriale": {"code": "34032", "niveau": "commune"}},
    ),
    POST_OFFICE: unit(
        "35600000000048",
        "LA POSTE",
        matching_etablissements=[
            establishment(
                POST_OFFICE, activite_principale="53.10Z", adresse="1 PL GAMBETTA 34500 BEZIERS"
            )
        ],
    ),
}


def documented_answer(*units: dict[str, Any]) -> dict[str, Any]:
    """Return a page of results."""
    return {
        "results": list(units),
        "total_results": len(units),
        "page": 1,
        "per_page": 1,
        "total_pages": 1 if units else 0,
    }


class Handler(BaseHTTPRequestHandler):
    """Answers by the mode that the test chose; `search` is the documented behaviour."""

    server: "CompanyServer"

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        getattr(self, f"say_{self.server.mode}", self.say_chosen)()

    def do_CONNECT(self) -> None:
        """Answer as a proxy that refuses the tunnel."""
        self.server.asked.append(f"CONNECT {self.path}")
        self.say(403, b"")

    def say(self, status: int, content: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        with suppress(ConnectionError):  # who asked no longer waits, or refuses so long an answer
            self.wfile.write(content)

    def say_json(self, status: int, content: Any) -> None:
        self.say(status, json.dumps(content, ensure_ascii=False).encode())

    def say_search(self) -> None:
        typed = parse_qs(urlsplit(self.path).query).get("q", [""])[0]
        result = UNITS.get(typed)
        self.say_json(200, documented_answer(*([result] if result else [])))

    def say_chosen(self) -> None:
        """The status and content that the test gave."""
        self.say(self.server.status, self.server.content)

    def say_redirect(self) -> None:
        self.say(302, b"", Location=f"{self.server.elsewhere}/search?q={LIGHTING}")

    def say_hang(self) -> None:
        """Answer nothing until the test ends."""
        self.server.ended.wait(30)

    def say_drip(self) -> None:
        """A byte of the body now and then: no single read ever waits long."""
        content = json.dumps(documented_answer(UNITS[LIGHTING])).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        for byte in content:
            if self.server.ended.wait(0.05):
                return
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                return

    def say_drip_head(self) -> None:
        """Send headers slowly, a few bytes at a time, without end."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(600):
            if self.server.ended.wait(0.05):
                return
            try:
                self.wfile.write(f"X-{number}: goutte\r\n"[:5].encode())
            except OSError:
                return

    def log_message(self, format: str, *words: Any) -> None:
        """Say nothing."""


class CompanyServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.mode = "search"
        self.status = 200
        self.content = b""
        self.elsewhere = ""
        self.asked: list[str] = []
        self.ended = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def will_say(self, status: int, content: bytes) -> None:
        self.mode, self.status, self.content = "chosen", status, content


@contextmanager
def company_server() -> Iterator[CompanyServer]:
    """Yield a search that runs during a test."""
    with CompanyServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.ended.set()
            server.shutdown()
            thread.join()
