"""The routes of the application."""

from collections.abc import Callable
from functools import cache
from typing import Any

from werkzeug.routing import Rule


class Route(Rule):
    """A rule that compiles the builder of its address when one is asked for.

    A process builds the addresses of a few of its pages; to compile them all would take two thirds
    of `create_app`.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        @cache
        def compiled() -> Callable[..., tuple[str, str]]:
            return super(Route, self)._compile_builder(append_unknown)

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            return compiled()(rule, **values)

        return build
