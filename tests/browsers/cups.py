"""A CUPS of the test's own, with one printer: what it receives is kept, and nothing is printed."""

import grp
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.processes import PATIENCE_S, free_port, tied

QUEUE = "badges"
SYSTEM_PROGRAMS = "/usr/sbin:/usr/bin"
"""`cupsd` and `lpadmin` are not on the path of an ordinary user."""

SETTINGS = """Listen 127.0.0.1:{port}
Browsing Off
PreserveJobFiles Yes
DefaultAuthType None
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order allow,deny
    Allow all
  </Limit>
</Policy>
"""
FOLDERS = {
    "ServerRoot": "etc",
    "RequestRoot": "spool",
    "TempDir": "spool/tmp",
    "CacheDir": "cache",
    "StateDir": "run",
    "ErrorLog": "log/error_log",
    "AccessLog": "log/access_log",
    "PageLog": "log/page_log",
}

PAPERS = {"A4": (595, 842), "A6": (298, 420), "62x100": (176, 283)}
"""The printer's papers, in points. The first is its default, as printers leave the factory."""

DESCRIPTION = """*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "BADGES.PPD"
*Manufacturer: "Salon"
*Product: "(Badges)"
*ModelName: "Badges"
*ShortNickName: "Badges"
*NickName: "Badges"
*PSVersion: "(3010.000) 0"
*ColorDevice: False
*cupsFilter2: "application/pdf application/pdf 0 -"
"""
"""The head of the printer's PPD: it takes PDF as it is, so that CUPS needs no filter."""


def printer_description() -> str:
    default, lines = next(iter(PAPERS)), [DESCRIPTION]
    for keyword in ("PageSize", "PageRegion"):
        lines += [f"*OpenUI *{keyword}: PickOne", f"*Default{keyword}: {default}"]
        lines += [f'*{keyword} {name}/{name}: ""' for name in PAPERS]
        lines += [f"*CloseUI: *{keyword}"]
    lines += [f"*DefaultImageableArea: {default}", f"*DefaultPaperDimension: {default}"]
    for name, (width, height) in PAPERS.items():
        lines += [f'*ImageableArea {name}: "0 0 {width} {height}"']
        lines += [f'*PaperDimension {name}: "{width} {height}"']
    return "\n".join([*lines, ""])


@dataclass(frozen=True)
class PrintServer:
    """A running CUPS, at `host`, that keeps its files in `folder`."""

    host: str
    folder: Path

    def run(self, *words: str) -> str:
        """Return what a command of CUPS prints, typed as on the machine of a kiosk."""
        environment = {**os.environ, "CUPS_SERVER": self.host, "LC_ALL": "C"}
        environment["PATH"] = f"{environment['PATH']}:{SYSTEM_PROGRAMS}"
        completed = subprocess.run(words, env=environment, capture_output=True, text=True)
        assert completed.returncode == 0, f"{' '.join(words)}: {completed.stderr}"
        return completed.stdout

    def is_running(self) -> bool:
        """`lpstat -r` succeeds whether it runs or not: only its words tell."""
        return "is running" in self.run("lpstat", "-r")

    def completed_jobs(self) -> int:
        return len(self.run("lpstat", "-W", "completed", "-o").splitlines())

    def documents(self) -> list[Path]:
        """Return the documents as they came, in the order of their jobs."""
        return sorted((self.folder / "spool").glob("d*"))

    def wait_for_job(self, number: int) -> Path:
        """Return the document of a job, the first being 1, once it is printed."""
        end = time.monotonic() + PATIENCE_S
        while self.completed_jobs() < number:
            assert time.monotonic() < end, f"CUPS printed {self.completed_jobs()} of {number} jobs"
            time.sleep(0.1)
        return self.documents()[number - 1]


@contextmanager
def print_server(folder: Path) -> Iterator[PrintServer]:
    """CUPS with a printer as its default, on its first paper."""
    for name in ("etc/ppd", "spool/tmp", "cache", "run/certs", "log"):
        (folder / name).mkdir(parents=True)
    port = free_port()
    settings, places = folder / "etc/cupsd.conf", folder / "etc/cups-files.conf"
    settings.write_text(SETTINGS.format(port=port))
    lines = [f"{name} {folder / place}" for name, place in FOLDERS.items()]
    group = grp.getgrgid(os.getgid()).gr_name
    places.write_text("\n".join([*lines, f"SystemGroup {group}", "FileDevice Yes", ""]))
    description = folder / "printer.ppd"
    description.write_text(printer_description())
    line = ["/usr/sbin/cupsd", "-f", "-c", str(settings), "-s", str(places)]
    process = subprocess.Popen(tied(*line), stderr=subprocess.DEVNULL)
    server = PrintServer(f"127.0.0.1:{port}", folder)
    try:
        end = time.monotonic() + PATIENCE_S
        while not server.is_running():
            assert process.poll() is None, "CUPS stopped at once"
            assert time.monotonic() < end, "CUPS does not start"
            time.sleep(0.1)
        device = ("-v", "file:///dev/null", "-P", str(description))
        server.run("lpadmin", "-p", QUEUE, "-E", *device)
        server.run("lpadmin", "-d", QUEUE)
        yield server
    finally:
        process.terminate()
        process.wait()
