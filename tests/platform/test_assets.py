"""Scripts of pages: what one imports is of the same version, and fetched with it."""

import re
from pathlib import Path

import pytest
from flask import Flask

from salon.platform.assets import STATIC, module, names_of, version_of, with_imports
from salon.platform.settings import ROOT

MODULES = names_of("js/**/*.js")


@pytest.mark.parametrize("name", MODULES)
def test_each_neighbour_that_a_module_names_is_followed(name: str) -> None:
    named = re.findall(r"[\"'`](\.\.?/[^\"'`]+\.js)[\"'`]", (STATIC / name).read_text())
    paths = [((STATIC / name).parent / address).resolve() for address in named]
    assert {path.relative_to(STATIC.resolve()).as_posix() for path in paths} <= set(
        with_imports(name)
    )
    assert all((STATIC / path).is_file() for path in with_imports(name))


def test_a_module_and_what_it_imports_lie_in_the_folder_of_one_version(app: Flask) -> None:
    with app.test_request_context():
        element = str(module("js/plan/plan.js"))
    addresses = re.findall(r'(?:href|src)="([^"]+)"', element)
    folders = {address.partition("/js/")[0] for address in addresses}
    assert folders == {f"/static/modules/{version_of(MODULES)}"}
    assert {Path(address).name for address in addresses} >= {"plan.js", "view.js", "french.js"}
    for address in addresses:
        with app.test_client().get(address) as answer:
            assert answer.mimetype == "text/javascript"
            assert "max-age=31536000" in answer.headers["Cache-Control"]


def test_the_version_follows_each_file() -> None:
    assert version_of(MODULES) != version_of(MODULES[1:])


def test_pages_load_modules_in_no_other_way() -> None:
    pages = {path: path.read_text() for path in (ROOT / "templates").rglob("*.html")}
    assert [path for path, text in pages.items() if 'type="module"' in text] == []
    assert sum("{{ module(" in text for text in pages.values()) > 20
    imported = [name for name in MODULES if "import(" in (STATIC / name).read_text()]
    assert imported == ["js/scanner/decoder.js"]
