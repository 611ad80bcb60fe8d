"""Answers made without the application: JSON to devices, to people a page with a way out."""

from contextlib import suppress
from dataclasses import dataclass

from webserver import SAFE_METHODS
from webserver.listener import HTTPProtocol, ProtocolClosed, Scope

RETRY_AFTER_S = "5"


@dataclass(frozen=True)
class Refusal:
    """A status, and its reason in French for whoever reads it."""

    status: int
    heading: str
    words: str = ""


TOO_SLOW = Refusal(408, "L’envoi a duré trop longtemps", "Rien n’a été enregistré.")
TOO_MANY = Refusal(503, "Le site est très demandé", "Rien n’a été enregistré. Patientez un peu.")
STOPPING = Refusal(503, "Le service reprend dans un instant", "Rien n’a été enregistré.")
CUT = Refusal(400, "L’envoi n’est pas arrivé en entier", "Rien n’a été enregistré.")
FAILED = Refusal(500, "Un incident est survenu")

PAGE = """<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{heading}</title>
<style>
body {{ margin: 0; background: #f6f1e7; color: #14232e; font: 1.125rem/1.5 Verdana, sans-serif; }}
main {{ max-width: 34rem; margin: 12vh auto 0; padding: 1.5rem; }}
h1 {{ font-size: 1.7rem; line-height: 1.2; }}
a {{ display: inline-block; padding: 0.75rem 1.5rem; border-radius: 0.5rem; background: #0b5670;
  color: #fff; font-weight: bold; text-decoration: none; }}
a:focus-visible {{ outline: 3px solid #14232e; outline-offset: 3px; }}
</style>
</head>
<body><main><h1>{heading}</h1><p>{words}</p>{way_out}</main></body>
</html>
"""
ASK_AGAIN = '<p><a href="">Réessayer</a></p>'
SEND_AGAIN = (
    "<p><strong>Rechargez cette page</strong> dans quelques secondes\u00a0: votre navigateur "
    "propose de renvoyer ce que vous avez rempli. Acceptez, rien n’est à ressaisir.</p>"
)


def refuse(scope: Scope, protocol: HTTPProtocol, refusal: Refusal) -> None:
    """Answer a request that the application did not answer; a client that has left is no error."""
    if scope.path.startswith("/api/"):
        message = f"{refusal.heading}. {refusal.words}".strip()
        kind, body = "application/json", f'{{"status":{refusal.status},"message":"{message}"}}'
    else:
        way_out = ASK_AGAIN if scope.method in SAFE_METHODS else SEND_AGAIN
        kind = "text/html; charset=utf-8"
        body = PAGE.format(heading=refusal.heading, words=refusal.words, way_out=way_out)
    headers = [("content-type", kind), ("cache-control", "no-store"), ("connection", "close")]
    if refusal.status == 503:
        headers.append(("retry-after", RETRY_AFTER_S))
    with suppress(ProtocolClosed):
        protocol.response_bytes(refusal.status, headers, body.encode())
