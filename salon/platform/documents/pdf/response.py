"""A PDF as the answer to a request."""

from flask import Response, abort


def pdf_response(content: bytes, name: str, *, is_download: bool = False) -> Response:
    """Return a PDF that the browser shows, or saves; 404 without content.

    `name`: of the file; never holds a person's name.
    """
    if not content:
        abort(404)
    response = Response(content, mimetype="application/pdf")
    disposition = "attachment" if is_download else "inline"
    response.headers["Content-Disposition"] = f'{disposition}; filename="{name}"'
    return response
