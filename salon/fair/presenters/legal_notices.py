"""The legal notices shown: those given on the pages, else those of the server's settings."""

from dataclasses import replace

from salon.fair.models import Edition
from salon.platform.settings.installation import LegalNotice


def notice_of(edition: Edition | None, server_notice: LegalNotice) -> LegalNotice:
    """Return the notice of an edition; before there is one, that of the server's settings."""
    texts = {name: text for name, text in (edition.legal if edition else {}).items() if text}
    return replace(server_notice, **texts)
