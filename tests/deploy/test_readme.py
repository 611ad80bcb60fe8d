"""deploy/README.md, typed block by block: real release, git, PostgreSQL, nginx and https.

The machine is a folder: paths of /etc, /opt and /var are led into it, and what changes a machine
(apt-get, useradd, systemctl…) is done by `machine.py`. Nothing listens beyond 127.0.0.1.
"""

import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
import pytest
from cryptography import x509

from salon.fair.queries import get_public_edition
from salon.platform.settings.installation import ROOT
from salon.platform.work.heartbeat import FILE
from tests.certificates import Authority
from tests.commands import application
from tests.deploy import machine as stand_ins
from tests.deploy.machine import run
from tests.deploy.proxy import NAME, main_configuration, on_ports
from tests.entrance.people import make_badge
from tests.postgres import Server
from tests.processes import free_port, wait_for
from tests.webserver.conftest import web_processes_of

pytestmark = pytest.mark.long

LED_INTO = re.compile(
    r"(?<![\w.])/(?:etc/(?:credstore|salon\.env|systemd|nginx|letsencrypt)|opt/salon"
    r"|var/(?:lib/salon|log/nginx|www)|usr/local/bin)"
)


class Machine:
    """A folder that stands for a machine, with a PostgreSQL whose administrator is `postgres`."""

    def __init__(self, root: Path, release: Path, server: Server) -> None:
        self.root, self.server = root, server
        self.http, self.https, self.port = free_port(), free_port(), free_port()
        self.authority = Authority(root)
        for certificate in ("certificate.pem", "renewed.pem"):
            self.authority.certify(NAME, x509.DNSName(NAME)).rename(root / certificate)
        self.data = root / "var" / "lib" / "salon"
        self.backups = root / "var" / "lib" / "salon-backups"
        for folder in ("bin", "usr/local/bin", "etc/nginx/sites-enabled", "etc/systemd/system"):
            (root / folder).mkdir(parents=True)
        for folder in ("opt/salon", "var/lib", "var/log/nginx", "var/www/html"):
            (root / folder).mkdir(parents=True)
        self._publish_project()
        for name in stand_ins.COMMANDS:
            command = root / "bin" / name
            command.write_text(
                f"#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m {stand_ins.__name__} "
                f'{name} "$@"\n'
            )
            command.chmod(0o755)
        (root / ".curlrc").write_text(
            f'resolve = "{NAME}:{self.https}:127.0.0.1"\ncacert = "{self.authority.file}"\n'
        )
        (root / "etc/nginx/nginx.conf").write_text(main_configuration(root))
        programs = f"{server.bin}:{os.environ['PATH']}"
        self.environment = {
            "HOME": str(root),
            "CURL_HOME": str(root),
            "PATH": f"{root}/usr/local/bin:{root}/bin:{programs}",
            "SERVICE_PATH": programs,
            "MACHINE": str(root),
            "RELEASE": str(release),
            "PGHOST": str(server.folder),
            "PGUSER": "postgres",
        }

    def _publish_project(self) -> None:
        """Make the repository that people clone, of what is typed from, and clone it."""
        published = self.root / "published"
        shutil.copytree(ROOT / "deploy", published / "deploy")
        for path in published.rglob("*"):
            if path.is_file():
                path.write_text(self.led(path.read_text("utf-8")), encoding="utf-8")
        settings = published / "deploy" / "salon.env"
        settings.write_text(f"{settings.read_text('utf-8')}\nPORT={self.port}\n")
        proxy = published / "deploy" / "nginx" / "salon.conf"
        proxy.write_text(on_ports(proxy.read_text("utf-8"), self.http, self.https))
        machines = published / "deploy" / "nginx" / "local" / "machines.conf"
        text = machines.read_text("utf-8")
        machines.write_text(text.replace("127.0.0.1:5000", f"127.0.0.1:{self.port}"))
        run("git", "init", "--quiet", published)
        self._commit(published)
        run("git", "clone", "--quiet", published, self.root / "project")

    def _commit(self, published: Path) -> None:
        run("git", "-C", published, "add", ".")
        author = ["-c", "user.name=A", "-c", "user.email=a@salon.example"]
        run("git", "-C", published, *author, "commit", "--quiet", "-m", "A release")

    def publish_another_release(self) -> None:
        """Change every file that is typed from, as the next release may."""
        published = self.root / "published"
        for path in (published / "deploy").rglob("*"):
            if path.suffix in (".conf", ".env", ".md", ".service"):
                path.write_text(f"{path.read_text('utf-8')}# Of another release.\n", "utf-8")
        self._commit(published)

    def led(self, text: str) -> str:
        """Return the text, with the paths, the socket and the port of this machine."""
        text = LED_INTO.sub(lambda match: f"{self.root}{match[0]}", text)
        text = text.replace("/run/postgresql", str(self.server.folder))
        for name in (NAME, "$name"):
            text = text.replace(f"https://{name}", f"https://{name}:{self.https}")
        return text

    def type(self, block: str) -> str:
        completed = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", self.led(block)],
            cwd=self.root / "project",
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert completed.returncode == 0, (
            f"{block}\n{completed.stdout}{completed.stderr}{self.logs()}"
        )
        return completed.stdout

    def logs(self) -> str:
        return "".join(path.read_text() for path in self.root.glob("*.log"))

    def register_somebody(self) -> None:
        environ = {
            "SALON_DATA": str(self.data),
            "DATABASE_URL": f"postgresql://salon@/salon?host={self.server.folder}",
        }
        with application(environ):
            make_badge(get_public_edition())

    def certificate(self) -> bytes:
        """Return the certificate that nginx shows a new client."""
        raw = socket.create_connection(("127.0.0.1", self.https), 30)
        context = ssl.create_default_context(cafile=str(self.authority.file))
        with context.wrap_socket(raw, server_hostname=NAME) as connection:
            return connection.getpeercert(binary_form=True) or b""

    def get(self, path: str) -> tuple[int, bytes, http.client.HTTPMessage]:
        """Status, body and headers of a page, over https on a connection of its own."""
        context = ssl.create_default_context(cafile=str(self.authority.file))
        raw = socket.create_connection(("127.0.0.1", self.https), 30)
        with closing(http.client.HTTPConnection(NAME, self.https)) as connection:
            connection.sock = context.wrap_socket(raw, server_hostname=NAME)
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.headers

    def releases(self) -> list[str]:
        """Return the release of each process that answers."""
        web = psutil.Process(int((self.root / "salon-web.service.pid").read_text()))
        folders = []
        for child in web_processes_of(web):
            with suppress(psutil.NoSuchProcess):  # it has just ended
                folders.append(Path(child.cwd()))
        return [folder.relative_to(self.root / "opt" / "salon").parts[0] for folder in folders]

    def stop(self) -> None:
        processes = []
        for path in self.root.glob("*.pid"):
            with suppress(psutil.NoSuchProcess, ValueError):
                processes.append(psutil.Process(int(path.read_text())))
        for process in processes:
            process.terminate()
        _, left = psutil.wait_procs(processes, timeout=30)
        assert left == []


@pytest.fixture
def debian(tmp_path: Path, release: Path) -> Iterator[Machine]:
    with Server.start() as server:
        with psycopg.connect(host=str(server.folder), user="salon", dbname="postgres") as cluster:
            cluster.execute("CREATE ROLE postgres SUPERUSER LOGIN")
        owner = {"host": str(server.folder), "user": "postgres", "dbname": "postgres"}
        with psycopg.connect(**owner) as cluster:
            cluster.execute("ALTER ROLE salon RENAME TO first_superuser")
        machine = Machine(tmp_path, release, server)
        try:
            yield machine
        finally:
            machine.stop()


@contextmanager
def readers(machine: Machine, count: int) -> Iterator[list[object]]:
    """Readers who ask for a page again and again; yields each answer's status or failure."""
    answers: list[object] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            try:
                answers.append(machine.get("/exposants")[0])
            except OSError as failure:
                answers.append(failure)

    threads = [threading.Thread(target=read) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


def test_the_readme_leads_from_a_clone_to_a_scan_and_through_an_upgrade(debian: Machine) -> None:
    began_at = time.monotonic()
    readme = (ROOT / "deploy" / "README.md").read_text("utf-8")
    *installing, first_edition, scanning, upgrading = re.findall(r"```sh\n(.*?)```", readme, re.S)
    debian.type("".join(installing))
    wait_for((debian.data / FILE).exists, "the first sign of the worker")
    output = debian.type(first_edition)
    assert f"https://{NAME}:{debian.https}/connexion/premiere/" in output
    report = json.loads("{" + output.partition("\n{")[2])
    states = {finding["key"]: finding["in_order"] for finding in report["findings"]}
    for subject in ("database", "migrations", "worker", "files", "secrets", "clock"):
        assert states[subject], report
    debian.register_somebody()
    [result] = json.loads(debian.type(f"name={NAME}\n{scanning}"))["results"]
    assert result["verdict"] == "accepted"
    check_proxy(debian)
    check_renewal(debian)
    print(f"from a clone to a scan over https: {time.monotonic() - began_at:.0f} s")
    assert set(debian.releases()) == {"1.0"}
    debian.publish_another_release()
    with readers(debian, 2) as answers:
        debian.type(upgrading)
        assert debian.releases() == ["1.1", "1.1"]
    print(f"answers during the upgrade: {len(answers)}, all 200")
    assert set(answers) == {200}
    assert len(answers) > 10
    check_failed_release(debian)
    with readers(debian, 2) as answers:  # the control: a restart is noticed
        debian.type("sudo systemctl restart salon-web.service")
        wait_for(lambda: set(answers) != {200}, "a request that fails")
    assert len(list(debian.backups.glob("salon-*.zip"))) == 1


def check_failed_release(machine: Machine) -> None:
    """The reload fails with a release whose pages cannot start, and the former one serves."""
    releases = machine.root / "opt" / "salon"
    machine.type("sudo make install PREFIX=/opt/salon/1.2")
    (worker,) = (releases / "1.2").glob("lib/python3*/site-packages/webserver/worker.py")
    worker.unlink()  # its content is another release's, too
    worker.write_text("raise RuntimeError")
    machine.type("sudo ln -sfn 1.2 /opt/salon/current\n! sudo systemctl reload salon-web.service")
    assert machine.releases() == ["1.1", "1.1"]
    assert machine.get("/exposants")[0] == 200
    machine.type("sudo ln -sfn 1.1 /opt/salon/current\nsudo systemctl reload salon-web.service")


def check_renewal(machine: Machine) -> None:
    """nginx serves the new certificate; the control: without the hook it serves the former."""
    former = machine.certificate()
    machine.type("certbot renew --no-deploy-hook")
    assert machine.certificate() == former
    machine.type("certbot renew")
    wait_for(lambda: machine.certificate() != former, "the new certificate")


def check_proxy(machine: Machine) -> None:
    """Files and pages that are the same for all are compressed, those of a form are not; the
    service sees https."""
    assert machine.get("/exposants")[2]["Content-Encoding"] == "gzip"
    status, page, headers = machine.get("/connexion")
    assert (status, headers["Content-Encoding"]) == (200, None)
    style = page.decode().partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    status, _, headers = machine.get(style)
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert machine.get("/metrics")[0] == 404
    assert "__Host-" in machine.get("/connexion")[2].get("Set-Cookie", "__Host-")
