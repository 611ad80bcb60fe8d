"""Responses that carry a file."""

from flask import Response, abort, make_response


def pdf_response(content: bytes, name: str) -> Response:
    """Return a PDF that the browser shows; 404 without content. `name` never holds a person's
    name."""
    if not content:
        abort(404)
    response = make_response(content)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
