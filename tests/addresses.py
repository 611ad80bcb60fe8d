"""Rules of addresses and their matcher, made once a run.

An application has 430 rules, which take 100 ms to compile and 10 ms to arrange for matching; each
test has an application of its own.
"""

from typing import Any

from werkzeug.routing import Map, Rule, RuleFactory
from werkzeug.routing.matcher import StateMachineMatcher

from salon.platform.web.routing import Route

RULES: dict[tuple[Any, ...], Route] = {}
MATCHERS: dict[tuple[int, ...], StateMachineMatcher] = {}


def shared_rule(address: str, methods: set[str], **options: Any) -> Route:
    """Return the rule of another application with the same address, methods and options.

    Nothing of a rule belongs to an application: its parts, the converters of its values (ours
    know no map) and the functions that build addresses.
    """
    key = (address, frozenset(methods), repr(sorted(options.items())))
    if key not in RULES:
        RULES[key] = Route(address, methods=methods, **options)
    return RULES[key]


class SharedMap(Map):
    """A map of shared rules, whose matcher is that of every map of the same rules."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.added: list[Rule] = []
        super().__init__(*args, **options)

    def add(self, rulefactory: RuleFactory) -> None:
        for rule in rulefactory.get_rules(self):
            if rule.map is None:
                rule.bind(self)
            self.added.append(rule)
            self._rules_by_endpoint.setdefault(rule.endpoint, []).append(rule)
        self._remap = True

    def update(self) -> None:
        if not self._remap:
            return
        key = (self.merge_slashes, *map(id, self.added))
        if key not in MATCHERS:
            matcher = StateMachineMatcher(self.merge_slashes)
            for rule in self.added:
                if not rule.build_only:
                    matcher.add(rule)
            matcher.update()
            MATCHERS[key] = matcher
        self._matcher = MATCHERS[key]
        super().update()
