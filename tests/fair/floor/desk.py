"""Texts and forms of the pages of the plan."""

import html
import re
from typing import Any

from werkzeug.test import TestResponse

from salon.fair.models import Hall, Stand
from salon.platform.database.db import current_session
from tests.pages import PageClient

ADDRESS = "/organisation/plan/2"


def plain(answer: TestResponse) -> str:
    text = html.unescape(answer.get_data(as_text=True))
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u202f", " "))


def hidden(page: str, name: str) -> str:
    match = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert match, name
    return html.unescape(match[1])


def read_form(client: PageClient, path: str = ADDRESS) -> dict[str, str]:
    """Return the hidden fields of the drawing's form."""
    return saving_form(client.get(path).text)


def saving_form(page: str) -> dict[str, str]:
    """Return the fields of the drawing on this page."""
    form = page[page.index('id="plan-save"') :]
    return {name: hidden(form, name) for name in ("csrf_token", "version", "base", "layout")}


def numbers(hall: Hall) -> list[str]:
    current_session().expire_all()
    return sorted(stand.number for stand in hall.stands)


def stand_of(number: str) -> Stand:
    current_session().expire_all()
    return current_session().query(Stand).filter_by(number=number).one()


def fields(stand: Stand, **changes: Any) -> dict[str, str]:
    """Return the fields of the form of one stand."""
    values = {
        "number": stand.number,
        "x": f"{stand.x:g}",
        "y": f"{stand.y:g}",
        "width": f"{stand.width:g}",
        "depth": f"{stand.depth:g}",
        "power_kw": str(stand.power_kw),
        "category": stand.category.value,
        "is_accessible": "y",
        "version": str(stand.hall.version),
    }
    return {**values, **{name: str(value) for name, value in changes.items()}}
