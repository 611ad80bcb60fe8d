"""The page that stops the messages sent to many, by the link that each of them carries."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from salon.invitations.services import oppositions as services
from salon.platform.mail.oppositions import (
    UNSUBSCRIBE_PATH,
    OppositionSource,
    find_opposition,
    hash_of_token,
)
from salon.platform.pages.acts import request_act
from salon.platform.web.access import public, stays_open

blueprint = Blueprint("unsubscribing", __name__)
ADDRESS = f"{UNSUBSCRIBE_PATH}<token>"


@blueprint.get(ADDRESS)
@public
def unsubscribe(token: str) -> ResponseReturnValue:
    """Ask first: mail filters open the links of what they let through."""
    return _page(token)


@blueprint.post(ADDRESS)
@public
@stays_open
def stop(token: str) -> ResponseReturnValue:
    """Stop them at once, for the button of the page as for that of a mail program (RFC 8058)."""
    if request.form.get("List-Unsubscribe") != "One-Click":
        abort(400)
    services.oppose_address(request_act(), _hash_of(token), OppositionSource.LINK)
    return _page(token)


@blueprint.post("/courriels/reprendre/<token>")
@public
@stays_open
def resume(token: str) -> ResponseReturnValue:
    services.readmit_address(request_act(), _hash_of(token))
    return _page(token, is_resumed=True)


def _page(token: str, *, is_resumed: bool = False) -> str:
    return render_template(
        "mailings/unsubscribe.html",
        token=token,
        opposition=find_opposition(_hash_of(token)),
        is_resumed=is_resumed,
    )


def _hash_of(token: str) -> str:
    hash_of_address = hash_of_token(token)
    if hash_of_address is None:
        abort(404)
    return hash_of_address
