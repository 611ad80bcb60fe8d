"""No name of a template hides one that every page counts on, nor one that its view gives it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from flask import Flask
from jinja2 import Environment, nodes

from salon.platform.settings.installation import ROOT


def names_everywhere(app: Flask) -> set[str]:
    """Return the names given to every template by the application, its processors and Jinja."""
    names = set(app.jinja_env.globals)
    with app.test_request_context():
        for processors in app.template_context_processors.values():
            for processor in processors:
                names |= set(processor())
    return names


def bindings_in(tree: nodes.Template) -> Iterator[tuple[type[nodes.Node], str]]:
    """Yield (what gives it, name) of each name that a template gives a value to, outside the
    arguments of its macros."""
    for node in tree.find_all((nodes.Macro, nodes.FromImport, nodes.Import, nodes.Name)):
        if isinstance(node, nodes.Macro):
            yield nodes.Macro, node.name
        elif isinstance(node, nodes.FromImport):
            for name in node.names:
                yield nodes.FromImport, name if isinstance(name, str) else name[1]
        elif isinstance(node, nodes.Import):
            yield nodes.Import, node.target
        elif isinstance(node, nodes.Name) and node.ctx == "store":
            yield nodes.Name, node.name


def test_no_template_hides_what_every_page_is_given(app: Flask) -> None:
    names = names_everywhere(app)
    assert {"identity", "edition", "settings", "demo", "request"} <= names
    hidden = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((ROOT / "templates").rglob("*.*"))
        for _, name in bindings_in(app.jinja_env.parse(path.read_text()))
        if name in names
    }
    assert hidden == set()


def test_no_view_hides_a_function_of_the_templates(app: Flask) -> None:
    functions = {name for name, value in app.jinja_env.globals.items() if callable(value)}
    hidden = {
        f"{path.relative_to(ROOT)}:{call.lineno}: {keyword.arg}"
        for path in sorted((ROOT / "salon").rglob("*.py"))
        for call in calls_of(path, "render_template")
        for keyword in call.keywords
        if keyword.arg in functions
    }
    assert hidden == set()


def test_no_template_hides_what_its_view_gives_it(app: Flask) -> None:
    """By a macro or an import of its own, or of a template that it extends or includes."""
    hidden = {
        f"{path.relative_to(ROOT)}:{call.lineno}: {keyword.arg}"
        for path in sorted((ROOT / "salon").rglob("*.py"))
        for call in calls_of(path, "render_template")
        for template in templates_named_in(call)
        for keyword in call.keywords
        if keyword.arg in macros_in_reach(app.jinja_env, template)
    }
    assert hidden == set()


def templates_named_in(call: ast.Call) -> Iterator[str]:
    """Yield the whole names of templates that the first argument may be."""
    for node in ast.walk(call.args[0]):
        if isinstance(node, ast.Constant) and str(node.value).endswith(".html"):
            path = ROOT / "templates" / node.value
            if path.exists():
                yield node.value


@cache
def macros_in_reach(environment: Environment, template: str) -> set[str]:
    """Return the macros and imports of a template, and of those that it extends or includes."""
    tree = environment.parse((ROOT / "templates" / template).read_text())
    others = [
        node.template.value
        for node in tree.find_all((nodes.Extends, nodes.Include))
        if isinstance(node, (nodes.Extends, nodes.Include))
        and isinstance(node.template, nodes.Const)
    ]
    own = {name for kind, name in bindings_in(tree) if kind is not nodes.Name}
    return own.union(*(macros_in_reach(environment, other) for other in others))


def calls_of(path: Path, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name:
            yield node
