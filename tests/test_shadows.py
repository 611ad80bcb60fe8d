"""No name of a template hides one that every page counts on."""

import ast
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from jinja2 import nodes

from salon.platform.settings.installation import ROOT


def names_everywhere(app: Flask) -> set[str]:
    """Return the names given to every template by the application, its processors and Jinja."""
    names = set(app.jinja_env.globals)
    with app.test_request_context():
        for processors in app.template_context_processors.values():
            for processor in processors:
                names |= set(processor())
    return names


def names_bound_in(tree: nodes.Template) -> Iterator[str]:
    """Names that a template gives a value to, outside the arguments of its macros."""
    for node in tree.find_all((nodes.Macro, nodes.FromImport, nodes.Import, nodes.Name)):
        if isinstance(node, nodes.Macro):
            yield node.name
        elif isinstance(node, nodes.FromImport):
            yield from (name if isinstance(name, str) else name[1] for name in node.names)
        elif isinstance(node, nodes.Import):
            yield node.target
        elif isinstance(node, nodes.Name) and node.ctx == "store":
            yield node.name


def test_no_template_hides_what_every_page_is_given(app: Flask) -> None:
    names = names_everywhere(app)
    assert {"identity", "edition", "settings", "demo", "request"} <= names
    hidden = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((ROOT / "templates").rglob("*.*"))
        for name in names_bound_in(app.jinja_env.parse(path.read_text()))
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


def calls_of(path: Path, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name:
            yield node
