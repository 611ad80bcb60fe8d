"""Writes requirements/*.txt and package-lock.json again, with hashes and without addresses.

Keeps the versions that are locked; the names given as arguments, or `all`, are raised.
"""

import json
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".vendor" / "lock"
COMPILE = ["--quiet", "--no-config", "--generate-hashes", "--universal", "--no-header"]


def main() -> None:
    if not (TOOLS / "bin" / "uv").exists():
        venv.create(TOOLS, with_pip=True)
        run(TOOLS / "bin" / "pip", "install", "--quiet", "uv")
    compile_lock("run", "pyproject.toml")
    compile_lock("test", "pyproject.toml", "--group=test", "--constraint=requirements/run.txt")
    compile_lock("build", "--group=build", "--constraint=requirements/test.txt")
    compile_lock("mutants", "--group=mutants", "--constraint=requirements/test.txt")
    compile_lock("vendor", "--group=vendor")
    compile_lock("node", "--group=node")
    run("npm", "install", "--package-lock-only", f"--prefix={ROOT}")
    strip_addresses(ROOT / "package-lock.json")


def compile_lock(name: str, *sources: str) -> None:
    output = f"--output-file=requirements/{name}.txt"
    uv = [TOOLS / "bin" / "uv", "pip", "compile", *COMPILE, "--python-version=3.11"]
    run(*uv, *raised(sys.argv[1:]), output, *sources)


def raised(packages: list[str]) -> list[str]:
    if packages == ["all"]:
        return ["--upgrade"]
    return [f"--upgrade-package={package}" for package in packages]


def strip_addresses(lock: Path) -> None:
    content = json.loads(lock.read_text())
    for package in content["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    lock.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def run(*command: str | Path) -> None:
    if subprocess.run(command, cwd=ROOT).returncode:
        sys.exit(f"failed: {' '.join(map(str, command))}")


if __name__ == "__main__":
    main()
