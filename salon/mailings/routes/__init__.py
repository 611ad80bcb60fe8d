"""« Écrire »: the list, a message and its audience, its sending and what became of it."""

from flask import Blueprint, abort

from salon.fair.access import get_request_edition
from salon.mailings.access import may_write_to, readable_audiences
from salon.mailings.models import Mailing
from salon.mailings.queries.mailings import get_mailing

blueprint = Blueprint("mailings", __name__)


def mailing_to_read(mailing_id: int) -> Mailing:
    """Return a mailing of this edition, whose audience the signed-in organiser may read."""
    mailing = get_mailing(get_request_edition(), mailing_id)
    if mailing.audience not in readable_audiences():
        abort(404)
    return mailing


def mailing_to_write(mailing_id: int) -> Mailing:
    """Return a mailing of this edition, to whose audience the signed-in organiser may write."""
    mailing = mailing_to_read(mailing_id)
    if not may_write_to(mailing.audience):
        abort(404)
    return mailing


# The pages hang themselves on the blueprint: they come after it.
from salon.mailings.routes import campaign, pages, sending, writing

__all__ = ["blueprint", "campaign", "pages", "sending", "writing"]
