"""Files as answers."""

from flask import Response, abort, make_response


def pdf_response(content: bytes, name: str) -> Response:
    """A PDF shown by the browser; 404 when there is none. `name` is ours, never a person's."""
    if not content:
        abort(404)
    response = make_response(content)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
