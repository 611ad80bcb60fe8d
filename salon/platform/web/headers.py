"""Security headers, by exact value (OWASP ASVS 5.0 3.4, RGAA-neutral)."""

import re

from flask import Flask, Response, g, request

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
SCANNER_POLICY = CONTENT_SECURITY_POLICY.replace(
    "script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'"
)
# A page that shows a document beside a decision, and the PDF in its frame: a browser's own reader
# shows nothing of a sandboxed frame, so the answer itself allows nothing but to be framed by us.
READING_POLICY = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
FRAMED_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
# A message in a frame of ours: its inline styles and its picture, nothing that runs; its links
# leave the frame.
LETTER_POLICY = (
    f"{FRAMED_POLICY}; style-src 'unsafe-inline'; img-src data:; "
    "sandbox allow-top-navigation-by-user-activation allow-popups"
)
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
SCANNER_PERMISSIONS = PERMISSIONS.replace("camera=()", "camera=(self)")
# Addresses that open something by themselves, of all routes with a secret in them.
TOKEN_PATHS = (
    "/badge/",
    "/B/",
    "/b/",
    "/stand/",
    "/premier-jour/",
    "/inscription/dossier/",
    "/exposants/inscription/",
    "/invitation/",
    "/courriels/",
    "/connexion/premiere/",
    "/connexion/mot-de-passe-perdu/",
    "/scanner/enrolement/",
    "/planning/",
    "/file/",
    "/rendez-vous/",
)
SCANNER_PATHS = (
    "/scanner/",
    "/borne/",
    "/organisation/village/pointage/",
    "/planning/rendez-vous/badge",
    "/planning/rendez-vous/nouveau",
    "/static/vendor/zxing/",
    "/static/js/scanner",
)
READING_PAGE = re.compile(
    r"/organisation/(documents|ecrire)/\d+|/(organisation|demonstration)/courriels/\d+"
)
FRAMED_FILE = re.compile(r"/organisation/documents/\d+/lecture")
LETTER = re.compile(r"/(organisation/(courriels|ecrire)|demonstration/courriels)/\d+/lettre")
STAND_SCANNER = re.compile(r"/mon-stand/\d+/contacts/lecture(/|$)")


def fixed_headers(path: str, https: bool) -> dict[str, str]:
    """Return the headers that depend on the address alone."""
    scanner = (
        path in ("/scanner", "/borne")
        or path.startswith(SCANNER_PATHS)
        or STAND_SCANNER.match(path) is not None
    )
    policy = SCANNER_POLICY if scanner else CONTENT_SECURITY_POLICY
    if READING_PAGE.fullmatch(path):
        policy = READING_POLICY
    elif FRAMED_FILE.fullmatch(path):
        policy = FRAMED_POLICY
    elif LETTER.fullmatch(path):
        policy = LETTER_POLICY
    fixed = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer" if path.startswith(TOKEN_PATHS) else "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": SCANNER_PERMISSIONS if scanner else PERMISSIONS,
    }
    if path.startswith(TOKEN_PATHS):
        fixed["X-Robots-Tag"] = "noindex"
    if https:
        fixed["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return fixed


def _is_refused_form(response: Response) -> bool:
    """Return whether a form of somebody who is not signed in came back with its faults.

    A browser keeps that page: « back » shows again what was typed, in place of an error.
    """
    return (
        request.method == "POST"
        and g.get("identity") is None
        and 400 <= response.status_code < 500
        and response.mimetype == "text/html"
    )


def register_headers(app: Flask, https: bool) -> None:
    for_calls = {**fixed_headers("/api/", https), "Vary": "Authorization"}

    @app.after_request
    def add_headers(response: Response) -> Response:
        path, headers = request.path, response.headers
        if path.startswith("/api/"):
            headers.extend(for_calls)
            if "Cache-Control" not in headers:
                headers["Cache-Control"] = "no-store"
            return response
        headers.extend(fixed_headers(path, https))
        if request.endpoint != "static":
            response.vary.add("Cookie")
            if _is_refused_form(response):
                headers["Cache-Control"] = "private, no-cache"
            elif (
                path.startswith(TOKEN_PATHS)
                or g.get("identity") is not None
                or "Cache-Control" not in headers
            ):
                headers["Cache-Control"] = "no-store"
        return response
