"""A real nginx with the file of deploy/nginx, on ports of 127.0.0.1."""

import ipaddress
import json
import os
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from cryptography import x509

from bench.people import Door
from salon.platform.settings.installation import ROOT
from tests.certificates import Authority
from tests.processes import free_port

ADDRESS = "127.0.0.1"
NAME = "salon.example.fr"
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
LOGGED = (
    '{"at": $msec, "method": "$request_method", "path": "$uri", "status": $status,'
    ' "seconds": $request_time, "machines": "$upstream_addr", "statuses": "$upstream_status"}'
)
"""Of each request: the machines that were asked, in turn, and what each answered."""


def main_configuration(root: Path, more: str = "access_log off;") -> str:
    """Return an nginx.conf whose files all lie under `root`; `more` goes into its http block."""
    user = "user root;" if os.geteuid() == 0 else ""
    temporary = "".join(f"{kind}_temp_path {root}/nginx-{kind};" for kind in TEMPORARY)
    return (
        f"{user} pid {root}/nginx.pid; events {{}} http {{ {temporary} {more} "
        f"include {root}/etc/nginx/sites-enabled/*; }}"
    )


def on_ports(configuration: str, http: int, https: int) -> str:
    """Return the file of deploy/nginx, which listens on two ports of 127.0.0.1."""
    text = re.sub(r" *listen \[::\].*\n", "", configuration)
    for former, port in (("listen 80", http), ("listen 443", https)):
        text = text.replace(former, f"listen {ADDRESS}:{port}")
    return text


@dataclass(frozen=True)
class Passage:
    """A request that the proxy has answered, `at` a time of the world in seconds.

    `ports`: of the machines that were asked for it, the last one having answered; `statuses`: the
    answer of each.
    """

    at: float
    method: str
    path: str
    status: int
    ports: tuple[int, ...]
    statuses: tuple[str, ...]


class Proxy:
    """nginx before the machines of these ports, in turn. `door`: where browsers come in."""

    def __init__(self, root: Path, ports: Sequence[int]) -> None:
        self.root, self.log = root, root / "access.log"
        http, https = free_port(), free_port()
        authority = Authority(root)
        certificate = authority.certify(ADDRESS, x509.IPAddress(ipaddress.ip_address(ADDRESS)))
        self.door = Door(https, ssl.create_default_context(cafile=str(authority.file)))
        self.url = f"https://{ADDRESS}:{https}"
        for folder in ("sites-enabled", "salon"):
            (root / "etc/nginx" / folder).mkdir(parents=True)
        text = on_ports((ROOT / "deploy/nginx/salon.conf").read_text("utf-8"), http, https)
        text = text.replace("/etc/nginx/salon/", f"{root}/etc/nginx/salon/")
        text = text.replace("/var/log/nginx/", f"{root}/")
        # Beside the log of the file, whose format is another one.
        text = text.replace(
            "    access_log ", f"    access_log {self.log} machines;\n    access_log "
        )
        (root / "etc/nginx/sites-enabled/salon.conf").write_text(text)
        first, second = ports
        for path in (ROOT / "deploy/nginx/local").iterdir():
            text = path.read_text("utf-8").replace(NAME, ADDRESS)
            text = re.sub(r"(?m)(ssl_certificate\w*) .*;", rf"\1 {certificate};", text)
            # As README.md says: a line for each machine.
            text = text.replace("127.0.0.1:5000", f"127.0.0.1:{first}")
            text = text.replace("# server 10.0.0.12:5000", f"server 127.0.0.1:{second}")
            (root / "etc/nginx/salon" / path.name).write_text(text)
        more = (
            f"log_format machines escape=json '{LOGGED}'; access_log {self.log} machines; "
            'add_header X-Machine "$upstream_addr" always;'
        )
        (root / "nginx.conf").write_text(main_configuration(root, more))

    def start(self) -> None:
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        assert program
        command = [program, "-e", self.root / "error.log", "-c", self.root / "nginx.conf"]
        completed = subprocess.run(command, capture_output=True, text=True)
        assert completed.returncode == 0, completed.stderr

    def stop(self) -> None:
        process = psutil.Process(int((self.root / "nginx.pid").read_text()))
        process.terminate()
        process.wait(30)

    def passages(self) -> list[Passage]:
        """Return the requests that were answered, the oldest first."""
        passages = []
        for line in self.log.read_text("utf-8").splitlines():
            report = json.loads(line)
            addresses = [word for word in re.split(r"[ ,:]+", report["machines"]) if word.isdigit()]
            statuses = tuple(re.findall(r"\w+", report["statuses"]))
            ports = tuple(int(word) for word in addresses)
            passages.append(
                Passage(
                    report["at"],
                    report["method"],
                    report["path"],
                    report["status"],
                    ports,
                    statuses,
                )
            )
        return passages


@contextmanager
def proxy_before(root: Path, ports: Sequence[int]) -> Iterator[Proxy]:
    proxy = Proxy(root, ports)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()
