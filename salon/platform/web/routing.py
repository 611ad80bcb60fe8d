"""The routes of the application."""

from collections.abc import Callable

from werkzeug.routing import Rule


class Route(Rule):
    """A rule that compiles the builder of its address when one is asked for.

    A process builds the addresses of a few of its pages; to compile them all would take two thirds
    of `create_app`.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        return Route._build_first_with_query if append_unknown else Route._build_first

    def _build_first(self, /, **values: object) -> tuple[str, str]:
        self._build = super()._compile_builder(False).__get__(self, None)
        return self._build(**values)

    def _build_first_with_query(self, /, **values: object) -> tuple[str, str]:
        self._build_unknown = super()._compile_builder(True).__get__(self, None)
        return self._build_unknown(**values)
