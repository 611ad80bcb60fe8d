"""Answers to requests: stored documents and logos, printed papers, calendars, open data."""

from http import HTTPStatus

from flask import Response, abort, make_response, request
from werkzeug.wsgi import wrap_file

from salon.platform.files.uploads import attachment, upload
from salon.platform.storage.store import OpenFile
from salon.platform.web.access import settings

FRESH_S = 300


def _opened(name: str) -> OpenFile:
    """Open a file of the store; 404 when it is not there."""
    try:
        return settings().file_store.open(name)
    except FileNotFoundError:
        abort(HTTPStatus.NOT_FOUND)


def _streamed(file: OpenFile, media_type: str) -> Response:
    response = Response(
        wrap_file(request.environ, file.stream), mimetype=media_type, direct_passthrough=True
    )
    response.content_length = file.facts.size
    return response


def printed_response(name: str, download_name: str) -> Response:
    """Return a PDF that the worker made, as an attachment; parts of it may be asked for.

    404 when the file is not there.
    """
    file = _opened(name)
    response = _streamed(file, "application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=download_name)
    response.last_modified = file.facts.modified_at
    response.set_etag(f"{name.rpartition('/')[2]}-{file.facts.size}")
    response.make_conditional(request, accept_ranges=True, complete_length=file.facts.size)
    return response


def logo_response(stored_name: str) -> Response:
    """Return a logo, always WebP; 404 for "" and for a file that is not there."""
    if not stored_name:
        abort(HTTPStatus.NOT_FOUND)
    with _opened(upload(stored_name)).stream as stream:
        response = make_response(stream.read())
    response.mimetype = "image/webp"
    return response


def document_response(stored_name: str, media_type: str, name: str) -> Response:
    """Return a stored file as an attachment, sandboxed so that it never runs in our origin.

    404 when the file is not there.
    """
    response = _streamed(_opened(upload(stored_name)), media_type)
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
