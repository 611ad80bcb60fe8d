"""Each path of the tree that a document names exists."""

import re
from collections.abc import Iterator
from pathlib import Path

from salon.platform.settings.installation import ROOT
from tests.tables import each

TOP = (
    *("bench", "docs", "migrations", "requirements", "salon", "scripts", "seed_data", "static"),
    *("templates", "tests", "untrusted_files", "webserver"),
)
FEATURES = {path.name for path in (ROOT / "salon").iterdir() if path.is_dir()}
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")], key=lambda path: path.as_posix()
)


def paths_named_in(document: Path) -> Iterator[Path]:
    """Paths in backquotes, from the top or from `salon/`, and the targets of links."""
    text = document.read_text(encoding="utf-8")
    for name in re.findall(r"`([\w./-]+/[\w./-]*)`", text):
        first = name.partition("/")[0]
        if first in TOP:
            yield ROOT / name
        elif first in FEATURES and name.endswith((".py", "/")):
            yield ROOT / "salon" / name
    for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", text):
        yield document.parent / target


@each("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_path_that_a_document_names_exists(document: Path) -> None:
    assert [path for path in paths_named_in(document) if not path.exists()] == []


def test_the_table_of_rules_names_files() -> None:
    table = ROOT / "docs" / "where-is-the-rule.md"
    assert len(set(paths_named_in(table))) > 60


def test_the_readme_is_read_in_five_minutes() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 100
