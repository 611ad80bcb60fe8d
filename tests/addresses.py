"""Rules of addresses and their matcher, made once a run.

An application has 650 rules, which take 100 ms to compile, and 10 ms to add and to arrange for
matching; each test has an application of its own.
"""

from collections.abc import Callable, Sequence
from copy import copy
from typing import Any, NamedTuple

from flask import Blueprint, Flask
from werkzeug.routing import Map, Rule, RuleFactory
from werkzeug.routing.matcher import StateMachineMatcher

from salon.platform.web.routing import Route

ADDS_A_RULE = "Blueprint.add_url_rule.<locals>.<lambda>"
"""Name of what a blueprint does for each of its rules when it is registered."""


class Registration(NamedTuple):
    """What a blueprint adds to any application: its rules, their views, all the rest."""

    rules: Sequence[Rule]
    views: dict[str, Callable[..., Any]]
    rest: Blueprint


RULES: dict[tuple[Any, ...], Route] = {}
ARRANGED: dict[tuple[int, ...], tuple[StateMachineMatcher, dict[str, list[Rule]]]] = {}
REGISTRATIONS: dict[Blueprint, Registration] = {}


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
    """A map of shared rules, arranged as every map of the same rules."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.added: list[Rule] = []
        super().__init__(*args, **options)

    def add(self, rulefactory: RuleFactory) -> None:
        for rule in rulefactory.get_rules(self):
            if rule.map is None:
                rule.bind(self)
            self.add_bound([rule])

    def add_bound(self, rules: Sequence[Rule]) -> None:
        self.added += rules
        self._remap = True

    def update(self) -> None:
        if not self._remap:
            return
        key = (self.merge_slashes, *map(id, self.added))
        if key not in ARRANGED:
            matcher = StateMachineMatcher(self.merge_slashes)
            rules_by_endpoint: dict[str, list[Rule]] = {}
            for rule in self.added:
                rules_by_endpoint.setdefault(rule.endpoint, []).append(rule)
                if not rule.build_only:
                    matcher.add(rule)
            matcher.update()
            for rules in rules_by_endpoint.values():
                rules.sort(key=Rule.build_compare_key)
            ARRANGED[key] = matcher, rules_by_endpoint
        self._matcher, self._rules_by_endpoint = ARRANGED[key]
        self._remap = False


def register_blueprint(app: Flask, blueprint: Blueprint) -> None:
    """Register a blueprint as `Flask.register_blueprint`; its rules are made for the first
    application, and added to the others as they are."""
    url_map = app.url_map
    assert isinstance(url_map, SharedMap)
    if blueprint in REGISTRATIONS:
        rules, views, rest = REGISTRATIONS[blueprint]
        rest.register(app, {})
        app.blueprints[blueprint.name] = blueprint
        url_map.add_bound(rules)
        app.view_functions.update(views)
        return
    count, former_views = len(url_map.added), set(app.view_functions)
    blueprint.register(app, {})
    rest = copy(blueprint)
    rest.deferred_functions = [
        deferred
        for deferred in blueprint.deferred_functions
        if deferred.__qualname__ != ADDS_A_RULE
    ]
    views = {name: view for name, view in app.view_functions.items() if name not in former_views}
    REGISTRATIONS[blueprint] = Registration(url_map.added[count:], views, rest)
