"""Imported packages are declared in pyproject.toml, and declared packages are used."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from salon.platform.settings.installation import ROOT

OURS = ("salon", "webserver", "untrusted_files")
UNIMPORTED = {
    "tzdata": "the zones of zoneinfo where the system has none",
}


def canonical(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def imported_distributions() -> set[str]:
    """Return the distributions of every module imported by name, inside functions too."""
    files = [ROOT / "app.py", *(path for name in OURS for path in (ROOT / name).rglob("*.py"))]
    modules = {
        module.partition(".")[0]
        for path in files
        for node in ast.walk(ast.parse(path.read_bytes()))
        for module in modules_of(node)
    }
    distributions = packages_distributions()
    return {
        canonical(name)
        for module in modules - sys.stdlib_module_names - {*OURS, "app", "_typeshed"}
        for name in distributions[module]
    }


def modules_of(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    return []


def declared_distributions() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [name for names in project["optional-dependencies"].values() for name in names]
    return {
        canonical(re.split(r"[\[<>=!~; ]", dependency, maxsplit=1)[0])
        for dependency in (*project["dependencies"], *extras)
    }


def test_every_imported_package_is_declared() -> None:
    assert imported_distributions() - declared_distributions() == set()


def test_every_declared_package_is_imported() -> None:
    assert declared_distributions() - imported_distributions() == set(UNIMPORTED)
