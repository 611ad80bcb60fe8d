"""Security headers, by exact value (OWASP ASVS 5.0 3.4, RGAA-neutral)."""

from flask import Flask, Response, g, request

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
SCANNER_POLICY = CONTENT_SECURITY_POLICY.replace(
    "script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'"
)
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
SCANNER_PERMISSIONS = PERMISSIONS.replace("camera=()", "camera=(self)")
TOKEN_PATHS = (
    "/badge/",
    "/B/",
    "/inscription/dossier/",
    "/connexion/premiere/",
    "/scanner/enrolement/",
)


def register_headers(app: Flask, https: bool) -> None:
    @app.after_request
    def add_headers(response: Response) -> Response:
        scanner = request.path == "/scanner" or request.path.startswith(
            ("/scanner/", "/static/vendor/zxing/", "/static/js/scanner")
        )
        headers = response.headers
        headers["Content-Security-Policy"] = SCANNER_POLICY if scanner else CONTENT_SECURITY_POLICY
        headers["X-Content-Type-Options"] = "nosniff"
        private = request.path.startswith(TOKEN_PATHS)
        headers["Referrer-Policy"] = "no-referrer" if private else "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Permissions-Policy"] = SCANNER_PERMISSIONS if scanner else PERMISSIONS
        if https:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint != "static":
            headers["Vary"] = "Cookie"
            if private or g.get("identity") is not None or "Cache-Control" not in headers:
                headers["Cache-Control"] = "no-store"
        return response
