"""The files of deploy/ are what systemd, nginx and Caddy understand, and as closed as they say."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bench.people import Door
from salon.platform.settings.installation import ROOT
from salon.platform.settings.variables import VARIABLES
from tests.commands import environment
from tests.conftest import copy_data
from tests.deploy.machine import run
from tests.deploy.proxy import proxy_before
from tests.processes import free_port, listens, tied, wait_for

DEPLOY = ROOT / "deploy"
SERVICES = ("salon-web", "salon-worker", "salon-migrate", "salon-backup", "salon-drill")
PRIVATE = (
    "/badge/secret-1",
    "/e/2021/badge/secret-2.pdf",
    "/rendez-vous/liste/secret-3?next=secret-4",
)
EXPOSURE = 25
"""Of systemd-analyze security, in tenths: 2.5."""


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the units, whose programs exist on this machine."""
    folder = tmp_path_factory.mktemp("units")
    shutil.copytree(DEPLOY / "systemd", folder, dirs_exist_ok=True)
    for path in folder.glob("*.service"):
        path.write_text(path.read_text().replace("/opt/salon/current/bin/python", "/bin/sh"))
    return folder


def analyze(units: Path, *words: str) -> str:
    completed = subprocess.run(
        ["systemd-analyze", *words],
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{units}:"},
        capture_output=True,
        text=True,
    )
    assert completed.returncode == 0, completed.stdout + completed.stderr
    return completed.stdout + completed.stderr


def test_systemd_understands_the_units(units: Path) -> None:
    names = [f"{name}.service" for name in SERVICES]
    timers = ("salon-backup.timer", "salon-drill.timer")
    assert analyze(units, "verify", *names, *timers) == ""


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_may_do_little_else_than_its_work(units: Path, name: str) -> None:
    threshold = f"--threshold={EXPOSURE}"
    report = analyze(units, "security", "--offline=true", threshold, f"{name}.service")
    print(report.splitlines()[-1])


def test_caddy_understands_its_file() -> None:
    run("caddy", "validate", "--adapter", "caddyfile", "--config", DEPLOY / "caddy" / "Caddyfile")


def test_no_log_of_nginx_holds_a_private_link(tmp_path: Path) -> None:
    """The machines answer nothing, which nginx would say with the address."""
    with proxy_before(tmp_path, (free_port(), free_port())) as proxy:
        for path in PRIVATE:
            connection = proxy.door.open()
            connection.request("GET", path, headers={"Referer": f"{proxy.url}{path}"})
            assert connection.getresponse().status == 502
            connection.close()
    logs = {path.name: path.read_text("utf-8") for path in tmp_path.glob("*.log")}
    assert len(logs["salon.log"].splitlines()) == len(PRIVATE)
    assert re.fullmatch(
        r"127.0.0.1 \[.+?\] GET 502 .+ [0-9a-f]{32}", logs["salon.log"].split("\n")[0]
    )
    telling = [name for name, text in logs.items() if "secret" in text and name != proxy.log.name]
    assert telling == []


def test_no_log_of_caddy_holds_a_private_link(tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "caddy.log"
    settings = {
        "SALON_NAME": f"http://127.0.0.1:{port}",
        "SALON_UPSTREAM": f"127.0.0.1:{free_port()}",
        "XDG_DATA_HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    file = tmp_path / "Caddyfile"
    text = (DEPLOY / "caddy" / "Caddyfile").read_text("utf-8")
    file.write_text(text.replace("{\n", "{\n\tadmin off\n", 1))
    words = ["caddy", "run", "--adapter", "caddyfile", "--config", str(file)]
    with log.open("wb") as output:
        process = subprocess.Popen(tied(*words), stderr=output, env={**os.environ, **settings})
        try:
            wait_for(lambda: listens(port), "Caddy")
            for path in PRIVATE:
                connection = Door(port).open()
                connection.request("GET", path, headers={"Referer": f"https://a.example{path}"})
                assert connection.getresponse().status == 502
                connection.close()
        finally:
            process.terminate()
            process.wait()
    words_logged = log.read_text("utf-8")
    assert words_logged.count('"status":502') == len(PRIVATE)
    assert "secret" not in words_logged


def test_the_command_has_the_secrets_and_settings_of_the_units() -> None:
    unit = (DEPLOY / "systemd" / "salon-.service.d" / "hardening.conf").read_text("utf-8")
    command = (DEPLOY / "salon").read_text("utf-8")
    for name in ("LoadCredential", "EnvironmentFile"):
        values = re.findall(rf"^{name}=(.+)$", unit, re.M)
        assert values == re.findall(rf"--property={name}=(\S+)", command)


def test_each_secret_may_be_a_credential() -> None:
    unit = (DEPLOY / "systemd" / "salon-.service.d" / "hardening.conf").read_text("utf-8")
    names = re.findall(r"^LoadCredential=(\w+):", unit, re.M)
    secrets = [variable.credential for variable in VARIABLES.values() if variable.is_secret]
    assert sorted(names) == sorted(secrets)


@pytest.mark.long
def test_containers_back_up_the_fair_when_they_start(migrated: Path, tmp_path: Path) -> None:
    compose = yaml.safe_load((DEPLOY / "container" / "compose.yaml").read_text("utf-8"))
    service = compose["services"]["backup"]
    program, folder = "/opt/salon/current/bin/salon", "/var/lib/salon-backups"
    [line] = service["command"]
    assert program in line
    assert f"backups:{folder}" in service["volumes"]
    copy_data(migrated, tmp_path)
    (tmp_path / "archives").mkdir()
    command = line.replace(program, f"{sys.executable} -P -m salon")
    with subprocess.Popen(
        [*service["entrypoint"], command.replace(folder, f"{tmp_path}/archives")],
        cwd=ROOT,
        env={**environment(tmp_path), "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    ) as shell:
        try:
            wait_for(lambda: list(tmp_path.glob("archives/salon-*.zip")), "an archive")
        finally:
            os.killpg(shell.pid, signal.SIGTERM)
