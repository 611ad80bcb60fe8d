"""Addresses compiled once a run.

An application has 450 rules, which take 100 ms to compile; each test has an application of its own.
"""

from typing import Any

from werkzeug.routing import Rule

Compiled = tuple[Any, Any, Any, set[str], Any, Any]
KNOWN: dict[tuple[Any, ...], Compiled] = {}


class KnownRule(Rule):
    """A rule that takes what was compiled of the same rule of another application.

    Nothing of it belongs to an application: its parts, the converters of its values (ours know no
    map) and the functions that build addresses.
    """

    def compile(self) -> None:
        assert self.map is not None
        shape = (self.rule, repr(self.defaults), self.subdomain, self.host, self.is_leaf)
        key = (*shape, self.merge_slashes, self.strict_slashes, self.map.host_matching)
        if key not in KNOWN:
            super().compile()
            build, unknown = self._compile_builder(False), self._compile_builder(True)
            made = (self._parts, self._trace, self._converters, set(self.arguments))
            KNOWN[key] = (*made, build, unknown)
        self._parts, self._trace, self._converters, arguments, build, unknown = KNOWN[key]
        self.arguments = set(arguments)
        self._build = build.__get__(self, None)
        self._build_unknown = unknown.__get__(self, None)
