"""Routes compile the builders of their addresses when they are asked for, and build the same."""

from collections import Counter

import pytest
from flask import Flask, url_for
from werkzeug.routing import Rule

from salon import create_app
from salon.application import Application
from salon.platform.settings.installation import Settings
from salon.platform.web.routing import Route


def test_a_builder_is_compiled_at_its_first_use(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: Counter[str] = Counter()
    compile_builder = Rule._compile_builder

    def count(rule: Rule, append_unknown: bool = True) -> object:
        compiled[rule.endpoint] += 1
        return compile_builder(rule, append_unknown)

    monkeypatch.setattr(Rule, "_compile_builder", count)
    # Rules of its own, not those that the suite's applications share.
    monkeypatch.setattr(Application, "url_rule_class", Route)
    monkeypatch.setattr(Application, "register_blueprint", Flask.register_blueprint)
    app = create_app(settings)
    assert compiled == {}
    with app.test_request_context():
        for token in ("a", "b"):
            assert url_for("badges.badge", token=token) == f"/badge/{token}"
    assert compiled == {"badges.badge": 1}


def test_each_address_is_built_as_by_a_plain_rule(app: Flask) -> None:
    rules = list(app.url_map.iter_rules())
    assert all(isinstance(rule, Route) for rule in rules)
    for rule in rules:
        choices = {
            name: getattr(converter, "items", {"7"}) for name, converter in rule._converters.items()
        }
        values = {name: min(items) for name, items in choices.items()}
        for append_unknown in (False, True):
            plain = Rule._compile_builder(rule, append_unknown)(rule, **values, x="é a")
            late = rule._compile_builder(append_unknown)(rule, **values, x="é a")
            assert plain == late, rule.rule


def test_applications_of_the_suite_share_rules_and_their_matcher(
    app: Flask, settings: Settings
) -> None:
    """Five thousand applications that each compiled its own would take minutes of the suite."""
    other = create_app(settings)
    for routed_app in (app, other):
        routed_app.url_map.update()
    pairs = zip(app.url_map.iter_rules(), other.url_map.iter_rules(), strict=True)
    assert all(rule is other_rule for rule, other_rule in pairs)
    assert app.url_map._matcher is other.url_map._matcher
