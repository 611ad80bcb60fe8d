"""Save a form that meets an ended session; its author signs in and finds it filled.

Nothing is sent by itself: the page shows the typed values, and its author validates again. A page
with a stale token (signed in again in another tab) is shown again, filled, at once.
"""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as browser_session
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import NoResultFound
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from salon.accounts.access.sign_ins import account_of_browser
from salon.accounts.services import saved_forms as services
from salon.accounts.services.saved_forms import FormContent
from salon.platform.database.identity import Role
from salon.platform.settings.prefixes import page_address, plain_url_for
from salon.platform.web.access import allowed_of, find_identity, may_open, safe_path
from salon.platform.web.error_pages import error_page
from salon.platform.words.errors import RuleBroken

NEVER_KEPT = frozenset({"csrf_token", "password", "current", "pin"})
"""Names of the fields that hold a secret, or a token that no longer serves."""
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
SIGNED_OUT = "Votre session avait pris fin."
STALE = "Cette page était restée ouverte trop longtemps, ou avait été ouverte ailleurs."
NOTHING_LOST = "Rien n’est perdu\u00a0: relisez, puis validez de nouveau."


def register_saved_forms(app: Flask) -> None:
    """Save the forms that access refuses; call after `register_access`."""
    app.extensions["salon_signed_out"] = save_form_and_sign_in
    app.register_error_handler(CSRFError, show_again)
    app.before_request(_fill_saved_form)
    app.after_request(_show_unused_values)


def save_form_and_sign_in() -> ResponseReturnValue:
    """Redirect an ended session to the sign-in page, then back to the page or form."""
    account = account_of_browser()
    following = page_address() if request.method == "GET" else None
    if request.method == "POST" and request.mimetype in FORMS:
        if account is None and _is_own_page() and any(map(_is_readable, _typed().values())):
            return _sign_in_elsewhere()
        if account is not None and services.save_form(account, _content()):
            following = plain_url_for("accounts.resume_form")
        else:
            following = safe_path(_page_of_form())
    is_organiser = account is not None and account.role == Role.ORGANISER
    page = "accounts.organiser_sign_in" if is_organiser else "accounts.sign_in"
    return redirect(plain_url_for(page, next=following), 303 if request.method == "POST" else 302)


def _sign_in_elsewhere() -> Response:
    """Return a page that holds the form of a browser without any trace of its account.

    Its author signs in from another tab, then sends it from here.
    """
    fields, files = _typed(), _file_names()
    flash(_notice(SIGNED_OUT, files), "warning")
    page = _resume_page(page_address(), fields, files, sign_in=plain_url_for("accounts.sign_in"))
    page.status_code = 401
    return page


def show_again(error: CSRFError) -> ResponseReturnValue:
    """Answer a form with a stale token with its page, filled, and a fresh token."""
    if request.mimetype not in FORMS or not request.endpoint or not _is_own_page():
        return _bad_token()
    allowed = allowed_of(current_app, request.endpoint)
    if allowed is None or isinstance(allowed, frozenset):
        identity = find_identity()
        if identity is None:
            return save_form_and_sign_in()
        if not may_open(request.endpoint, request.method):
            return _bad_token()
    fields, files = _typed(), _file_names()
    address = page_address()
    page = _filled_page(fields, _notice(STALE, files))
    if page is None:
        page = _resume_page(address, fields, files)
    page.status_code = 400
    return page


def resume() -> ResponseReturnValue:
    """Redirect to the form saved for the signed-in account: its own page if it has one."""
    identity = find_identity()
    saved_form = services.find_saved_form(identity.id) if identity and identity.id else None
    if saved_form is None:
        return redirect(url_for("accounts.start"))
    if _answers_get(saved_form.path):
        browser_session["kept_form"] = saved_form.path
        return redirect(saved_form.address)
    flash(_notice(SIGNED_OUT, saved_form.files), "warning")
    return _resume_page(saved_form.address, MultiDict(saved_form.fields), saved_form.files)


def _content() -> FormContent:
    return FormContent(request.path, page_address(), _pairs(_typed()), _file_names())


def _fill_saved_form() -> None:
    """Fill the forms of the page with the saved values; drop them once sent again."""
    path = browser_session.get("kept_form")
    if path != request.path:
        return
    identity = find_identity()
    if identity is None or identity.id is None:
        return
    if request.method == "POST":
        services.drop_saved_forms(identity.id)
        browser_session.pop("kept_form")
        return
    saved_form = services.find_saved_form(identity.id)
    if saved_form is None:
        browser_session.pop("kept_form")
        return
    g.kept_fields = MultiDict(saved_form.fields)
    flash(_notice(SIGNED_OUT, saved_form.files), "warning")


def _show_unused_values(response: Response) -> Response:
    """Replace a page without a form for the saved values by one that lists them."""
    if "kept_fields" not in g or g.get("kept_fields_taken"):
        return response
    fields = g.pop("kept_fields")
    return _resume_page(page_address(), fields, [])


def _filled_page(fields: MultiDict[str, str], notice: str) -> Response | None:
    """Return the page at the address of a form, filled; None when no form takes the values."""
    adapter = request_ctx.url_adapter
    assert adapter is not None
    try:
        rule, arguments = adapter.match(method="GET", return_rule=True)
    except (HTTPException, RequestRedirect):
        return None
    request.url_rule, request.view_args = rule, dict(arguments)
    request.method = request.environ["REQUEST_METHOD"] = "GET"
    g.kept_fields = fields
    flash(notice, "warning")
    try:
        page = make_response(current_app.preprocess_request() or current_app.dispatch_request())
    except (HTTPException, RuleBroken, NoResultFound):
        return None
    finally:
        g.pop("kept_fields")
    is_filled = g.get("kept_fields_taken", False)
    return page if is_filled and page.status_code == 200 else None


def _resume_page(
    address: str,
    fields: MultiDict[str, str],
    files: Sequence[Mapping[str, str]],
    sign_in: str = "",
) -> Response:
    return make_response(
        render_template(
            "accounts/resume_form.html",
            address=address,
            pairs=_pairs(fields),
            readable=[value for _, value in _pairs(fields) if _is_readable(value)],
            files=files,
            sign_in=sign_in,
        )
    )


def _is_readable(value: str) -> bool:
    """Return whether a person typed it: not a row number, a key or an instant."""
    return bool(re.search(r"[^\W\d_]{2}", value)) and not re.fullmatch(
        r"[0-9a-f-]{32,}|[\w-]{40,}|\d{4}-\d\d-\d\dT.*", value
    )


def _typed() -> MultiDict[str, str]:
    return MultiDict(
        [(name, value) for name, value in request.form.items(multi=True) if name not in NEVER_KEPT]
    )


def _file_names() -> list[dict[str, str]]:
    return [
        {"field": field, "name": file.filename}
        for field, file in request.files.items(multi=True)
        if file.filename
    ]


def _pairs(fields: MultiDict[str, str]) -> list[tuple[str, str]]:
    return list(fields.items(multi=True))


def _notice(reason: str, files: Sequence[Mapping[str, str]]) -> str:
    names = ", ".join(f"«\u00a0{file['name']}\u00a0»" for file in files)
    if not names:
        return f"{reason} {NOTHING_LOST}"
    return (
        f"{reason} {NOTHING_LOST} Choisissez de nouveau {names}\u00a0: un fichier ne se garde pas."
    )


def _answers_get(path: str) -> bool:
    adapter = request_ctx.url_adapter
    assert adapter is not None
    try:
        adapter.match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return False
    return True


def _page_of_form() -> str:
    """Return the path of the page that the form was on, from the Referer."""
    parts = urlsplit(request.referrer or "")
    return parts.path if parts.netloc == request.host else ""


def _is_own_page() -> bool:
    """Return whether a page of this site sent the form (Fetch Metadata)."""
    sent_by = request.headers.get("Sec-Fetch-Site")
    if sent_by is not None:
        return sent_by == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _bad_token() -> ResponseReturnValue:
    return error_page(
        400,
        "Ce formulaire n’est plus valable : la page est restée ouverte trop longtemps, "
        "ou a été ouverte ailleurs. Rechargez-la et validez de nouveau.",
    )
