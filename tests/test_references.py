"""Names that docstrings, comments and pages of docs/ quote exist in the code."""

import ast
import builtins
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("salon", "webserver", "untrusted_files", "scripts", "bench", "migrations")
QUOTED = re.compile(r"`([^`\n]+)`")
NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?:\(\))?")
FILE = re.compile(r"(?:[\w.-]+/)*[\w.-]+\.(?:py|js|html|json|md|toml|txt|css|csv|sql)")
COMMENT = re.compile(r"#.*`")
WORD = re.compile(r"[A-Za-z_]\w*")
HISTORY = ("CHANGELOG.md", "docs/decisions/")
"""Pages about the past, which may name what was removed."""
ELSEWHERE = {
    "lp",  # a command of CUPS
    "wrk",  # a load generator
    "mmap_size",  # a pragma of SQLite
    "NAME_FILE",  # any variable, with the name of a file
    "object_store",  # a library in Rust
    "pool_pre_ping",  # an option of SQLAlchemy
    "Custom.WIDTHxHEIGHT",  # an option of CUPS
    "RESTIC_PASSWORD_FILE",  # variables of restic
    "RESTIC_REPOSITORY",
}
"""Names of other programs' worlds."""


def tracked(*patterns: str) -> list[Path]:
    output = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [path for name in output.splitlines() if (path := ROOT / name).exists()]


class Code:
    """Every name of the code, and the names that each module, package and class holds."""

    def __init__(self) -> None:
        self.files = tracked()
        self.paths = {path.relative_to(ROOT).as_posix() for path in self.files}
        self.names = set(dir(builtins))
        self.members: dict[str, set[str]] = defaultdict(set)
        self.texts: list[tuple[str, str]] = []
        for path in self.files:
            name = path.relative_to(ROOT)
            self.names.update(name.with_suffix("").parts)
            if path.suffix == ".py" and name.parts[0] in PACKAGES:
                self._read_module(path)
            elif path.suffix == ".md":
                if not name.as_posix().startswith(HISTORY):
                    self.texts.append((str(name), path.read_text()))
            elif path.suffix not in {".png", ".svg", ".webp", ".ico", ".woff2", ".pdf", ".gz"}:
                self.names.update(WORD.findall(path.read_text(errors="ignore")))

    def _read_module(self, path: Path) -> None:
        source = path.read_text()
        tree = ast.parse(source)
        name = path.relative_to(ROOT)
        folder = path.parent.parent if path.stem == "__init__" else path.parent
        module = path.parent.name if path.stem == "__init__" else path.stem
        self.members[folder.name].add(module)
        documents = dict(_documents(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if id(node) in documents:
                    self.texts.append((f"{name}:{node.lineno}", node.value))
                else:
                    self.names.update(WORD.findall(node.value))
            for field in ("id", "attr", "name", "arg", "asname", "module"):
                if isinstance(value := getattr(node, field, None), str):
                    self.names.update(value.split("."))
            if isinstance(node, ast.ClassDef):
                self.members[node.name].update(_names_in(node))
        self.members[module].update(_names_in(tree))
        for number, line in enumerate(source.splitlines(), 1):
            if comment := COMMENT.search(line):
                self.texts.append((f"{name}:{number}", line[comment.start() :]))

    def has_name(self, quoted: str) -> bool:
        """Return whether a dotted name exists: each part, and each in what stands before it.

        A secret NAME may lie in the file that NAME_FILE gives.
        """
        parts = quoted.removesuffix("()").split(".")
        if not all(
            part in self.names or part.removesuffix("_FILE") in self.names for part in parts
        ):
            return False
        return all(
            holder not in self.members or member in self.members[holder] or holder in IMPORTED
            for holder, member in pairwise(parts)
        )

    def has_file(self, quoted: str) -> bool:
        """Return whether a file exists, or, of data that somebody gives, whether code names it."""
        if quoted.endswith((".csv", ".toml")):
            return all(word in self.names for word in WORD.findall(quoted.partition(".")[0]))
        return any(path == quoted or path.endswith(f"/{quoted}") for path in self.paths)


IMPORTED = {"db", "settings", "form", "clock", "session", "text", "request", "json"}
"""Names of objects as well as of modules."""


def _documents(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the strings that stand alone: docstrings, also of attributes."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            yield id(node.value), node.value.value


def _names_in(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        for field in ("id", "attr", "name", "arg", "asname"):
            if isinstance(value := getattr(node, field, None), str):
                names.add(value)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            names.update(WORD.findall(node.value) if len(node.value) < 60 else ())
    return names


def test_names_quoted_in_docstrings_and_pages_exist() -> None:
    code = Code()
    stale = []
    for place, text in code.texts:
        for quoted in QUOTED.findall(text):
            if quoted in ELSEWHERE or (quoted.startswith("salon.") and place.endswith(".md")):
                continue  # in a page, a host or a credential
            if FILE.fullmatch(quoted):
                exists = code.has_file(quoted) or code.has_name(quoted)
            elif NAME.fullmatch(quoted):
                exists = code.has_name(quoted)
            else:
                continue
            if not exists:
                stale.append(f"{place}: `{quoted}`")
    assert stale == []
