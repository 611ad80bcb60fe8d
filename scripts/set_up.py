"""Brings what `make run` or `make test` needs; does nothing, fast, when it is all there.

Runs on the system's python3, before any package is installed: standard library only.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import build_icons
import build_styles
import compress_static

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
TOOLS = ROOT / ".vendor" / "python"
WINDOWLESS_CHROMIUM = "chromium-headless-shell"
NO_VENV = """
Python has no « venv » here. On Debian and Ubuntu, type:
    sudo apt-get install python3-venv
then type make again."""
NO_CHROMIUM = """
The browser tests need Chromium. On Debian, type:
    sudo apt-get install chromium
or say where it is: CHROMIUM=/path/to/chromium make test."""

NO_OTHER_BROWSERS = """
The journeys of tests/browsers need more browsers and a printer. On Debian, type:
    sudo apt-get install {packages}"""
BROWSER_PACKAGES = {  # program: Debian's package
    "Xvfb": "xvfb",
    "WebKitWebDriver": "webkit2gtk-driver",
    "chromedriver": "chromium-driver",
    "firefox-esr": "firefox-esr",
    "cupsd": "cups-daemon",
    "lpadmin": "cups-client",
}
NO_SERVERS = """
The tests of deploy/ need the programs that it is written for. On Debian, type:
    sudo apt-get install {packages}"""
SERVER_PACKAGES = {  # program: Debian's package
    "caddy": "caddy",
    "curl": "curl",
    "nginx": "nginx",
    "openssl": "openssl",
    "systemd-analyze": "systemd",
}
# An ordinary user's path does not lead to the programs of the system.
EVERY_PROGRAM = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"


def main(purpose: str) -> None:
    os.chdir(ROOT)
    if sys.version_info < (3, 11):  # noqa: UP036 (the system's python3 may be older)
        stop(f"Python 3.11 or later is needed, python3 is {sys.version.split()[0]}: set PYTHON=…")
    make_venv()
    install("run" if purpose == "run" else "test")
    if purpose == "mutants":
        install("mutants")
    write_command()
    build_vendor(purpose)
    build_icons.main()
    write_styles()
    compress_files()
    if purpose == "test":
        bring_chromium()
        bring_strace()
        bring_promtool()
        bring_servers()
        bring_other_browsers()


def say(message: str) -> None:
    print(f"→ {message}", flush=True)


def stop(message: str) -> None:
    sys.exit(f"\n{message.strip()}\n")


def make_venv() -> None:
    # Scripts in a virtual environment hold its path: a copied tree needs a new one.
    stamp_file, content = VENV / ".made", f"{VENV} {sys.version_info[:2]}"
    if PYTHON.exists() and stamp_file.exists() and stamp_file.read_text() == content:
        return
    say("making .venv")
    for made_before in (VENV, TOOLS):  # by another Python, perhaps
        shutil.rmtree(made_before, ignore_errors=True)
    command = [sys.executable, "-m", "venv", str(VENV)]
    if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
        say("Python has no venv")
        if not apt_install("python3-venv") or subprocess.run(command).returncode:
            shutil.rmtree(VENV, ignore_errors=True)
            stop(NO_VENV)
    stamp_file.write_text(content)


def write_command() -> None:
    """The command `salon` of this tree, beside those of its packages."""
    command = VENV / "bin" / "salon"
    script = (ROOT / "scripts" / "salon").read_text().removeprefix("#!python\n")
    command.write_text(f"#!{PYTHON}\nimport sys\n\nsys.path.insert(0, {str(ROOT)!r})\n{script}")
    command.chmod(0o755)


def apt_install(*packages: str) -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say(f"apt-get install {' '.join(packages)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    updated = subprocess.run([*quiet, "update"], env=environment, stdout=subprocess.DEVNULL)
    install = [*quiet, "install", "-y", "--no-install-recommends", *packages]
    installed = subprocess.run(install, env=environment, stdout=subprocess.DEVNULL)
    return updated.returncode == installed.returncode == 0


def is_done(stamp: Path, *sources: Path) -> bool:
    """True when the sources are those of the last time (`mark_done`)."""
    return stamp.exists() and stamp.read_text() == digest(*sources)


def mark_done(stamp: Path, *sources: Path) -> None:
    stamp.write_text(digest(*sources))


def digest(*sources: Path) -> str:
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def install(name: str) -> None:
    """test.txt holds all of run.txt, at the same versions; mutants.txt comes beside them."""
    lock, stamp = ROOT / "requirements" / f"{name}.txt", VENV / f".stamp-{name}"
    if is_done(stamp, lock):
        return
    total = sum(not line.startswith((" ", "#")) for line in lock.read_text().splitlines())
    say(f"installing {total} Python packages, hashes checked (about half a minute)")
    options = ["--require-hashes", "--no-deps", "--no-input", "--disable-pip-version-check"]
    command = [PYTHON, "-m", "pip", "install", *options, "--progress-bar=off", "-r", lock]
    log = VENV / "pip.log"
    seen = 0
    with log.open("w") as record:
        pip = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in pip.stdout or []:
            record.write(line)
            if line.startswith(("Collecting", "Requirement already")):
                seen += 1
                if seen % 10 == 0:
                    print(f"  {seen} of {total}", flush=True)
            elif line.startswith("Installing"):
                print("  unpacking", flush=True)
    if pip.wait():
        print("".join(log.read_text().splitlines(keepends=True)[-15:]))
        stop("pip could not install the packages (above, its last words). Is the network there?")
    mark_done(stamp, lock)
    if name == "test":
        mark_done(VENV / ".stamp-run", ROOT / "requirements" / "run.txt")


def with_tools() -> dict[str, str]:
    """Return the environment of the tools that make and compress static files."""
    tools, lock = TOOLS, ROOT / "requirements" / "vendor.txt"
    stamp = tools / ".stamp"
    if not is_done(stamp, lock):
        options = ["--quiet", "--require-hashes", "--no-deps", "--disable-pip-version-check"]
        pip = [PYTHON, "-m", "pip", "install", *options, "--upgrade", "--target", tools, "-r", lock]
        if subprocess.run(pip).returncode:
            stop("pip could not install the tools that make the fonts. Is the network there?")
        mark_done(stamp, lock)
    return {**os.environ, "PYTHONPATH": str(tools)}


def build_vendor(purpose: str) -> None:
    """What the tests need of npm is brought for them only: half of all the packages."""
    stamps = [ROOT / "static" / "vendor" / ".stamp"]
    if purpose == "test":
        stamps.append(ROOT / ".vendor-test" / ".stamp")
    lock = ROOT / "requirements" / "vendor.txt"
    sources = [ROOT / "package-lock.json", ROOT / "scripts" / "build_vendor.py", lock]
    if all(is_done(stamp, *sources) for stamp in stamps):
        return
    say("building static/vendor/ from npm packages")
    command = [PYTHON, "scripts/build_vendor.py", purpose]
    if subprocess.run(command, env=with_tools()).returncode:
        stop("static/vendor/ is not built; the lines above say why.")
    for stamp in stamps:
        mark_done(stamp, *sources)


def write_styles() -> None:
    """Choose Bootstrap's rules again when what may name their classes has changed."""
    stamp = build_styles.SERVED.with_name(".stamp")
    sources = [ROOT / "scripts" / "build_styles.py", build_styles.WHOLE, *build_styles.sources()]
    if is_done(stamp, *sources):
        return
    if subprocess.run([PYTHON, "scripts/build_styles.py"], env=with_tools()).returncode:
        stop("Bootstrap's styles are not written; the lines above say why.")
    mark_done(stamp, *sources)


def compress_files() -> None:
    """Compress the static files that changed since the last time."""
    if not compress_static.missing_copies():
        return
    say("compressing the static files")
    if subprocess.run([PYTHON, "scripts/compress_static.py"], env=with_tools()).returncode:
        stop("The static files are not compressed; the lines above say why.")


def bring_chromium() -> None:
    """The machine's Chromium, else Debian's, else the one that Playwright downloads.

    Without the build that draws no window, tests of pages take longer and say the same.
    """
    command = [PYTHON, "-m", "tests.chromium"]
    if subprocess.run(command, stdout=subprocess.DEVNULL).returncode:
        say("bringing Chromium for the browser tests (about a minute)")
        if not apt_install("chromium"):
            subprocess.run([*command, "--install"])
        if subprocess.run(command).returncode:
            stop(NO_CHROMIUM)
    if not shutil.which(WINDOWLESS_CHROMIUM):
        apt_install(WINDOWLESS_CHROMIUM)


def bring_strace() -> None:
    """Counts the syncs of the fault tests; without it they ask SQLite for its promise alone."""
    if not shutil.which("strace"):
        apt_install("strace")


def bring_servers() -> None:
    """nginx, Caddy and systemd's own checks, for what deploy/ holds."""
    bring_programs(SERVER_PACKAGES, NO_SERVERS)


def bring_promtool() -> None:
    """Tries the alerts of deploy/prometheus; without it the tests only read them."""
    if not shutil.which("promtool"):
        apt_install("promtool")


def bring_other_browsers() -> None:
    """Firefox, WebKitGTK (Safari's engine), the drivers of all three, a screen in memory, CUPS."""
    bring_programs(BROWSER_PACKAGES, NO_OTHER_BROWSERS)


def bring_programs(package_of: dict[str, str], refusal: str) -> None:
    """Install the packages of the programs that lack; stop with `refusal` where it cannot be."""
    packages = [
        package
        for program, package in package_of.items()
        if not shutil.which(program, path=EVERY_PROGRAM)
    ]
    if packages and not apt_install(*packages):
        stop(refusal.format(packages=" ".join(packages)))


if __name__ == "__main__":
    main(sys.argv[1])
