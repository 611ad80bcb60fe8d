"""Texts and forms of the organiser's pages."""

import re
from typing import Any

from salon.exhibitors.models import (
    ApplicationStatus,
    Exhibitor,
)
from salon.platform.database.db import current_session
from salon.platform.database.identity import Identity, Role
from tests.pages import PageClient

LIST = "/organisation/exposants"
OTHER = Identity(Role.ORGANISER, 99, "Sylvie Cros")
Status = ApplicationStatus


def page_of(response: Any) -> str:
    """Return the text of a page, no-break spaces made plain."""
    text = response.get_data(as_text=True).replace("&nbsp;", " ")
    return str(re.sub("[\u00a0\u202f]", " ", text))


def hidden(client: PageClient, path: str) -> dict[str, str]:
    """Return the hidden fields of the forms of a page."""
    page = client.get(path).get_data(as_text=True)
    matches = re.findall(r'<input[^>]*type="hidden"[^>]*>', page)
    pairs = (
        (re.search(r'name="([^"]+)"', match), re.search(r'value="([^"]*)"', match))
        for match in matches
    )
    return {name[1]: value[1] for name, value in pairs if name and value}


def again(exhibitor: Exhibitor) -> Exhibitor:
    current_session().expire_all()
    return current_session().get_one(Exhibitor, exhibitor.id)
