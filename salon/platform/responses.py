"""Files as answers to requests: stored documents, calendars, open data."""

from flask import Response, abort, make_response, request

from salon.platform.access import settings
from salon.platform.files import attachment, file_path

FRESH_S = 300


def document_response(stored_name: str, media_type: str, name: str) -> Response:
    """Return a stored file as an attachment, sandboxed so that it never runs in our origin.

    404 when the file is not there.
    """
    path = file_path(settings().data, stored_name)
    if not path.is_file():
        abort(404)
    response = make_response(path.read_bytes())
    response.mimetype = media_type
    response.headers["Content-Disposition"] = attachment(name)
    response.headers["Content-Security-Policy"] = "sandbox"
    return response


def framed_response(stored_name: str, media_type: str, name: str) -> Response:
    """Return a stored file for a frame of our pages, under the policy of its address.

    404 when the file is not there.
    """
    response = document_response(stored_name, media_type, name)
    response.headers["Content-Disposition"] = attachment(name).replace("attachment", "inline", 1)
    del response.headers["Content-Security-Policy"]
    return response


def calendar_response(
    content: bytes, name: str, method: str = "", *, is_download: bool = True
) -> Response:
    """Return a calendar file. `method`: of RFC 5546, repeated in the media type where given."""
    response = make_response(content)
    parameters = f"; method={method}" if method else ""
    response.content_type = f"text/calendar; charset=utf-8{parameters}"
    disposition = "attachment" if is_download else "inline"
    response.headers["Content-Disposition"] = f'{disposition}; filename="{name}"'
    return response


def reusable_response(content: bytes | str, media_type: str, licence_url: str) -> Response:
    """Return open data, cached for a few minutes and revalidated by ETag."""
    response = make_response(content)
    response.mimetype = media_type
    response.headers["Link"] = f'<{licence_url}>; rel="license"'
    response.cache_control.public = True
    response.cache_control.max_age = FRESH_S
    response.add_etag()
    response.make_conditional(request)
    return response
