"""Filters, order and page of a list, read from the address; unreadable values are ignored."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request

from salon.platform.pages.forms import SalonForm
from salon.platform.pages.lists.listing import PageRequest
from salon.platform.settings.prefixes import page_path
from salon.platform.web.access import LAST_PAGE, actor, settings
from salon.platform.web.limits import count_try

Filters = TypeVar("Filters")


def requested_page() -> PageRequest:
    """Return the page and the order of the address."""
    number = request.args.get("page", 1, type=int)
    return PageRequest(max(1, min(number, LAST_PAGE)), request.args.get("sort", ""))


def requested_filters(
    form: SalonForm, filters: Callable[..., Filters], **conversions: Callable[[str], object]
) -> Filters:
    """Return the filters of the address; an invalid form filters nothing.

    Fields have the names of the filters, except the search, `q` → `text`. `conversions` turn the
    text of a field into the value of its filter. Searches are counted. Raises TooManyTries.
    """
    if not form.validate():
        return filters()
    values = {field.name: field.data for field in form if field.data}
    if text := values.pop("q", ""):
        count_try(f"search:{actor().key}", settings().searches_per_minute, 60)
        values["text"] = text
    return filters(**{name: conversions.get(name, str)(value) for name, value in values.items()})


def filters_in_force(form: SalonForm, **labels: Callable[[str], str]) -> list[tuple[str, str]]:
    """Return (label, address without the filter) of each filter that is set.

    `labels` give the words of a field's value, where it has no choices to take them from.
    """
    query = {name: value for name, value in request.args.items() if value and name != "page"}
    active_filters: list[tuple[str, str]] = []
    for field in () if form.errors else form:
        if not query.get(field.name):
            continue
        choices: Any = getattr(field, "iter_choices", tuple)()
        words = {choice.value: choice.label for choice in choices}.get(field.data, field.data)
        words = labels.get(field.name, str)(words)
        other_filters = {name: value for name, value in query.items() if name != field.name}
        address = f"{page_path()}?{urlencode(other_filters)}" if other_filters else page_path()
        active_filters.append((f"{field.label.text} : {words}", address))
    return active_filters
