"""Prints the tests of what has changed since a commit, for `make affected`.

A feature is tested where it imports a changed module, however far, but for what only lists the
features: the application, its commands, its tables.
"""

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path, PurePosixPath

from grimp import ImportGraph, build_graph

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("salon", "webserver", "untrusted_files")
LISTS_FEATURES = (
    *("salon.application", "salon.addresses", "salon.models", "salon.public_tables"),
    *("salon.stored_files", "salon.commands", "salon.worker", "salon.doctor", "salon.__main__"),
)
EVERY_TEST = "tests"
OTHER_TESTS = {
    "docs": ("tests/test_documents.py", "tests/test_names.py"),
    "migrations": ("tests/platform/database/test_schema.py",),
    "seed_data": ("tests/demonstration",),
    "static": ("tests/browser", "tests/platform/web/test_assets.py"),
    "deploy": ("tests/deploy",),
}
TABLES_OF_ROUTES = ("tests/test_walls.py", "tests/platform/pages/acts/test_table.py")
"""What compares who opens each route, and which acts ask or are undone, with the written tables."""


def changed_paths(base: str) -> list[str]:
    """Return the files that differ from the last commit in common with `base`, new ones too."""
    tracked = ("diff", "--name-only", "--merge-base", base)
    new = ("ls-files", "--others", "--exclude-standard")
    return [path for words in (tracked, new) for path in git(*words).splitlines()]


def git(*words: str) -> str:
    command = ("git", *words)
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def import_graph() -> ImportGraph:
    """Return who imports whom, without the modules that import every feature."""
    graph = build_graph(*PACKAGES, cache_dir=str(ROOT / ".import_linter_cache"))
    for module in LISTS_FEATURES:
        graph.remove_module(module)
    return graph


def module_of(path: str) -> str:
    return ".".join(PurePosixPath(path).with_suffix("").parts).removesuffix(".__init__")


def affected_tests(paths: Iterable[str], graph: ImportGraph) -> list[str]:
    """Return the folders and files of tests to run; no file of a folder that is there too."""
    modules = {module_of(path) for path in paths if path.endswith(".py")}
    selected = {test for path in paths for test in tests_beside(path)}
    for module in modules & graph.modules:
        for dependent in {module, *graph.find_downstream_modules(module)}:
            selected.add(folder_of(dependent))
    selected |= set(importers(modules))
    existing = {test for test in selected if (ROOT / test).exists()}
    return sorted(
        test
        for test in existing
        if not any(str(parent) in existing for parent in PurePosixPath(test).parents)
    )


def tests_beside(path: str) -> Iterator[str]:
    """Yield the tests of a file that no import leads to, and a file of tests itself."""
    top, *folders = PurePosixPath(path).parts
    if not folders or module_of(path) in LISTS_FEATURES or path == "tests/conftest.py":
        if path.endswith((".py", ".toml")):
            yield EVERY_TEST
        return
    yield from OTHER_TESTS.get(top, ())
    if top == "salon" and not {"routes", "api"}.isdisjoint(module_of(path).split(".")):
        yield from TABLES_OF_ROUTES
    if top in ("templates", "salon"):
        yield f"tests/{folders[0]}" if len(folders) > 1 else EVERY_TEST
    elif top == "static":
        yield from (f"tests/{folder}" for folder in folders[1:-1])
    elif top == "tests":
        name = folders[-1]
        yield str(PurePosixPath(path).parent) if name == "conftest.py" else path


def folder_of(module: str) -> str:
    """Return the tests of a feature, or of another package, that a module belongs to."""
    package, *rooms = module.split(".")
    return f"tests/{rooms[0]}" if package == "salon" and rooms else f"tests/{package}"


def importers(modules: set[str]) -> Iterator[str]:
    """Yield the files of tests that import one of the modules; what helps tests passes it on."""
    waiting, known = set(modules), set()
    while waiting:
        known |= waiting
        following = set()
        for path, names in imports_of_tests().items():
            if names & waiting:
                relative = path.relative_to(ROOT).as_posix()
                if path.name.startswith("test_"):
                    yield relative
                elif any(module.startswith("tests.") for module in names & waiting):
                    following.add(module_of(relative))
        waiting = following - known


@cache
def imports_of_tests() -> dict[Path, set[str]]:
    return {path: imported_names(path) for path in (ROOT / "tests").rglob("*.py")}


def imported_names(path: Path) -> set[str]:
    """Return each module that a file imports, and each name of a module, which may be one."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


if __name__ == "__main__":
    print(
        *affected_tests(changed_paths(sys.argv[1] if len(sys.argv) > 1 else "main"), import_graph())
    )
