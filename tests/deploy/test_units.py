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

from salon.platform.settings.installation import ROOT
from salon.platform.settings.variables import VARIABLES
from tests.commands import environment, start
from tests.deploy.machine import run
from tests.webserver.conftest import wait_for

DEPLOY = ROOT / "deploy"
SERVICES = ("salon-web", "salon-worker", "salon-migrate", "salon-backup", "salon-drill")
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
def test_containers_back_up_the_fair_when_they_start(tmp_path: Path) -> None:
    compose = yaml.safe_load((DEPLOY / "container" / "compose.yaml").read_text("utf-8"))
    service = compose["services"]["backup"]
    program, folder = "/opt/salon/current/bin/salon", "/var/lib/salon-backups"
    [line] = service["command"]
    assert program in line
    assert f"backups:{folder}" in service["volumes"]
    start(tmp_path, "db", "upgrade")
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
