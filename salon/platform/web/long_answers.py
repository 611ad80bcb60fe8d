"""Views whose answers last: the web server has them made beside pages and scans.

See `webserver/long_answers.py`. Under another server they are views as any other.
"""

import re
from collections.abc import Callable
from typing import TypeVar

from flask import Flask, Request

from webserver import LONG_PATHS

View = TypeVar("View", bound=Callable[..., object])
VARIABLE = re.compile(r"<[^>]*>")


def long_answer(view: View) -> View:
    """Mark a view whose answer to a GET grows with the fair: an export, a print run."""
    view.is_long = True  # type: ignore[attr-defined]
    return view


def is_long(app: Flask, request: Request) -> bool:
    """Return whether the view of a request is marked so."""
    return getattr(app.view_functions.get(request.endpoint or ""), "is_long", False)


def register_long_answers(app: Flask) -> None:
    """Tell the web server the paths of these views, with or without the prefix of an edition."""
    patterns = [
        "[^/]+".join(map(re.escape, VARIABLE.split(rule.rule)))
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "is_long", False)
    ]
    setattr(app, LONG_PATHS, re.compile(f"(?:/e/[^/]+)?(?:{'|'.join(patterns)})"))
