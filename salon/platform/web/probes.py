"""Probes of a machine or a proxy, which ask by address and not by the fair's name."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PROBES = ("/healthz", "/readyz", "/metrics")


def register_probes(app: Flask, host: str) -> None:
    """Answer the probes whatever host they name: they say nothing that depends on it."""
    answer = app.wsgi_app

    def answer_any_host(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if environ.get("PATH_INFO") in PROBES:
            environ["HTTP_HOST"] = host
        return answer(environ, start)

    app.wsgi_app = answer_any_host  # type: ignore[method-assign, assignment]
