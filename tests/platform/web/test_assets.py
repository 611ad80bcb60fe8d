"""Scripts of pages: what one imports is of the same version, and fetched with it."""

import gzip
import hashlib
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.platform.settings.installation import ROOT
from salon.platform.web.assets import (
    ALL_ICONS,
    COPIES,
    PUBLIC_ICONS,
    STATIC,
    module,
    names_of,
    version_of,
    with_imports,
)
from scripts import build_styles, compress_static
from tests.pages import PageClient
from tests.tables import each

MODULES = names_of("js/**/*.js")


@each("name", MODULES)
def test_each_neighbour_that_a_module_names_is_followed(name: str) -> None:
    text = re.sub(r"/\*\* @import .*", "", (STATIC / name).read_text())  # types, not fetched
    named = re.findall(r"[\"'`](\.\.?/[^\"'`]+\.js)[\"'`]", text)
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
    imported = [
        name for name in MODULES if re.search(r"(?<!{)import\(", (STATIC / name).read_text())
    ]
    assert imported == ["js/scanner/decoder.js"]


@each(
    ("accepted", "encoding", "content_of"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("gzip, br;q=0", "gzip", gzip.decompress),
        ("", None, bytes),
        ("zstd", None, bytes),
    ],
)
def test_a_file_leaves_compressed_as_the_browser_accepts_it(
    client: PageClient, accepted: str, encoding: str | None, content_of: Callable[[bytes], bytes]
) -> None:
    compress_static.main()
    with client.get("/static/css/theme.css?v=1", headers={"Accept-Encoding": accepted}) as answer:
        assert content_of(answer.get_data()) == (STATIC / "css/theme.css").read_bytes()
        assert answer.headers.get("Content-Encoding") == encoding
        assert "Accept-Encoding" in answer.vary
        assert answer.mimetype == "text/css"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_changed_file_is_sent_as_it_is(client: PageClient) -> None:
    former, changed = b"one line", b"another line"
    digest = hashlib.sha256(former).hexdigest()[: compress_static.DIGEST_LENGTH]
    path, copy = STATIC / "vendor" / f"trial-{os.getpid()}.txt", COPIES / f"{digest}.br"
    compress_static.main()
    try:
        path.write_bytes(changed)
        copy.write_bytes(brotli.compress(former))
        headers = {"Accept-Encoding": "br, gzip"}
        with client.get(f"/static/vendor/{path.name}", headers=headers) as answer:
            assert (answer.get_data(), answer.content_encoding) == (changed, None)
    finally:
        path.unlink()
        copy.unlink(missing_ok=True)


@each("name", ["../app.py", "..%2Fapp.py", "/etc/passwd", "css", "absent.css"])
def test_no_address_leaves_the_folder(client: PageClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code in (308, 404)


def test_what_browsers_load_is_compressed() -> None:
    compress_static.main()
    assert compress_static.missing_copies() == {}
    for digest, path in compress_static.originals().items():
        assert brotli.decompress((COPIES / f"{digest}.br").read_bytes()) == path.read_bytes()


def test_public_pages_load_the_small_sheet_of_icons_alone(
    client: PageClient, edition: Edition
) -> None:
    for path in ("/", "/exposants", "/plan", "/inscription", "/village", "/programme"):
        sheets = set(re.findall(r"icons/([a-z-]+\.svg)", client.get(path).text))
        assert sheets == {"public.svg"}, path
    small, whole = (STATIC / name for name in (PUBLIC_ICONS, ALL_ICONS))
    assert small.stat().st_size < whole.stat().st_size / 2


def test_bootstrap_stays_whole_when_every_class_is_named() -> None:
    whole = build_styles.WHOLE.read_text()
    styles = build_styles.keep_named(whole, build_styles.classes_of(whole))
    assert styles.replace("/**/", "") == whole


@pytest.mark.parametrize(
    ("words", "expected_styles"),
    [
        ((), ":root{--a:1}a:not(.btn){c:d}"),
        (("btn",), ":root{--a:1}.btn,a:not(.btn){c:d}@media print{.btn{e:f}}"),
        (("btn", "card"), ":root{--a:1}.btn,.card .btn,a:not(.btn){c:d}@media print{.btn{e:f}}"),
        (
            ("spin-",),
            ":root{--a:1}a:not(.btn){c:d}.spin-sm{animation:turn}@keyframes turn{to{g:h}}",
        ),
        (("spi",), ":root{--a:1}a:not(.btn){c:d}"),
    ],
)
def test_rules_and_animations_stay_for_the_classes_that_a_word_names(
    words: tuple[str, ...], expected_styles: str
) -> None:
    styles = (
        ":root{--a:1}.btn,.card .btn,a:not(.btn){c:d}@media print{.btn{e:f}}"
        ".spin-sm{animation:turn}@keyframes turn{to{g:h}}"
    )
    assert build_styles.keep_named(styles, words) == expected_styles


def test_pages_are_served_the_styles_that_the_sources_name() -> None:
    whole, served = build_styles.WHOLE.read_text(), build_styles.SERVED.read_text()
    assert served == build_styles.keep_named(whole, build_styles.words()), "type make setup"
    assert len(served) < len(whole) / 3


def test_each_package_that_is_served_comes_with_its_licence() -> None:
    vendor = ROOT / "static" / "vendor"
    files = json.loads((vendor / "manifest.json").read_text("utf-8"))
    packages = {file["package"] for file in files.values()} | {"bootstrap-icons"}
    texts = {path.name for path in (vendor / "licences").iterdir() if path.stat().st_size > 200}
    for package in packages:
        assert any(name.startswith(f"{package.replace('/', '-')}-") for name in texts), package
    assert {"preact.txt", "zxing-cpp.txt"} <= texts
