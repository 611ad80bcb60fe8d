"""Addresses whose builders are compiled once a run.

An application has 270 rules, which take 90 ms to compile; each test has an application of its own.
"""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]
BUILDERS: dict[tuple[Any, ...], Builder] = {}


class KnownRule(Rule):
    """A rule that takes the builder of a rule with the same parts: it holds no state of its own."""

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        parts = (self.rule, *self._trace, repr(self.defaults), append_unknown)
        if parts not in BUILDERS:
            BUILDERS[parts] = super()._compile_builder(append_unknown)
        return BUILDERS[parts]
