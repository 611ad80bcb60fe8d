"""Stand-ins for the commands of a Debian machine that a test may not touch.

`python -m tests.deploy.machine systemctl start salon-web.service` reads the real unit files, under
$MACHINE in place of the root, and runs what they say with the settings and credentials they name.
"""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

# The application is not imported: these commands are many.
ROOT = Path(__file__).resolve().parents[2]
MACHINE = Path(os.environ.get("MACHINE", "/nowhere"))
UNITS = MACHINE / "etc" / "systemd" / "system"
CREDSTORE = MACHINE / "etc" / "credstore"
END_S = 60
STARTED: set[str] = set()


def run(*command: str | Path) -> None:
    completed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert completed.returncode == 0, completed.stdout + completed.stderr


def sudo(words: Sequence[str]) -> int:
    return subprocess.run(words[2:] if words[0] == "-u" else words).returncode


def make(words: Sequence[str]) -> int:
    """`make install PREFIX=…`: the files of the release that it has made once for all tests."""
    task, prefix = words
    assert task == "install"
    folder = Path(prefix.removeprefix("PREFIX="))
    shutil.copytree(os.environ["RELEASE"], folder, symlinks=True, copy_function=os.link)
    return 0


def certbot(words: Sequence[str]) -> int:
    """Give the certificate of the test's own authority, and another one at each `renew`.

    The hook runs once a certificate is there, and again after each renewal, as certbot's does.
    """
    saved = MACHINE / "renewal.json"
    if words[0] == "renew":
        name, hook, certificate = (*json.loads(saved.read_text()), "renewed.pem")
    else:
        name, certificate = words[words.index("-d") + 1], "certificate.pem"
        hook = words[words.index("--deploy-hook") + 1] if "--deploy-hook" in words else ""
        saved.write_text(json.dumps([name, hook]))
    folder = MACHINE / "etc" / "letsencrypt" / "live" / name
    folder.mkdir(parents=True, exist_ok=True)
    for file in ("fullchain.pem", "privkey.pem"):
        shutil.copy(MACHINE / certificate, folder / file)
    return 0 if "--no-deploy-hook" in words else subprocess.run(hook, shell=True).returncode


def nginx(words: Sequence[str]) -> int:
    program = shutil.which("nginx", path=f"{os.environ['SERVICE_PATH']}:/usr/sbin")
    assert program
    return subprocess.run(
        [program, "-e", MACHINE / "nginx.log", "-c", MACHINE / "etc/nginx/nginx.conf", *words]
    ).returncode


def systemd_run(words: Sequence[str]) -> int:
    """Run the command with the properties that are given, as a unit would."""
    service: dict[str, list[str]] = {}
    words = list(words)
    while words[0].startswith("-"):
        name, _, value = words.pop(0).removeprefix("--property=").partition("=")
        key = {"--uid": "User"}.get(name, name)
        service.setdefault(key, []).append(value)
    return subprocess.run(words, env=environment("command", service)).returncode


def systemctl(words: Sequence[str]) -> int:
    act, *units = words
    if act == "daemon-reload":
        return 0
    for unit in units:
        if unit == "nginx.service":
            pid = MACHINE / "nginx.pid"  # `nginx -t` leaves an empty one
            if nginx(["-s", "reload"] if pid.exists() and pid.read_text() else []):
                return 1
        elif unit.endswith(".service"):
            ACTS[act](unit)
    return 0


def service_of(unit: str) -> dict[str, list[str]]:
    """Return the settings of a unit and of the files that complete it, each with its values."""
    paths = [UNITS / unit, *sorted((UNITS / "salon-.service.d").glob("*.conf"))]
    values: dict[str, list[str]] = {}
    for path in paths:
        for line in path.read_text("utf-8").splitlines():
            if match := re.match(r"(\w+)=(.*)", line):
                values.setdefault(match[1], []).append(match[2])
    return values


def environment(name: str, service: dict[str, list[str]]) -> dict[str, str]:
    """Return the environment that systemd gives a service: only the paths of programs are ours."""
    values = {"PATH": os.environ["SERVICE_PATH"], "PGUSER": service["User"][0]}
    for line in service.get("Environment", []):
        values |= dict(word.split("=", 1) for word in shlex.split(line))
    for path in service.get("EnvironmentFile", []):
        for line in shlex.split(Path(path).read_text("utf-8"), comments=True):
            values |= dict([line.split("=", 1)])
    credentials = MACHINE / "credentials" / name
    credentials.mkdir(parents=True, exist_ok=True)
    for line in service.get("LoadCredential", []):
        identifier, _, source = line.partition(":")
        if (CREDSTORE / source).exists():
            shutil.copy(CREDSTORE / source, credentials / identifier)
            (credentials / identifier).chmod(0o400)
    for folders in service.get("StateDirectory", []):
        for folder in folders.split():
            (MACHINE / "var" / "lib" / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    for folder in service.get("RuntimeDirectory", []):
        (MACHINE / "run" / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        values["RUNTIME_DIRECTORY"] = str(MACHINE / "run" / folder)
    return {**values, "CREDENTIALS_DIRECTORY": str(credentials)}


def pid_file(unit: str) -> Path:
    return MACHINE / f"{unit}.pid"


def start(unit: str) -> None:
    """Start a unit after those that it requires, each once in one call of systemctl.

    One of Type=notify has started when it says so.
    """
    service = service_of(unit)
    for required in service.get("Requires", []):
        if required not in STARTED:
            start(required)
    STARTED.add(unit)
    variables = environment(unit, service)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as messages:
        if service["Type"] == ["notify"]:
            messages.bind("")
            messages.settimeout(END_S)
            variables["NOTIFY_SOCKET"] = f"@{messages.getsockname()[1:].decode()}"
        for line in [*service["ExecStart"], *service.get("ExecStartPost", [])]:
            command = shlex.split(line.replace("$$", "$").replace("%%", "%"))
            with (MACHINE / f"{unit}.log").open("ab") as log:
                process = subprocess.Popen(
                    command, env=variables, cwd="/", stdout=log, stderr=log, start_new_session=True
                )
            if service["Type"] == ["oneshot"]:
                if process.wait():
                    sys.exit(f"{unit} failed: {(MACHINE / f'{unit}.log').read_text()}")
            else:
                pid_file(unit).write_text(str(process.pid))
        while service["Type"] == ["notify"] and b"READY=1" not in messages.recv(4096).split(b"\n"):
            pass


def enable(unit: str) -> None:
    if unit != "--now":
        start(unit)


def reload(unit: str) -> None:
    service = service_of(unit)
    variables = {**environment(unit, service), "MAINPID": pid_file(unit).read_text()}
    for line in service["ExecReload"]:
        command = [word.replace("$MAINPID", variables["MAINPID"]) for word in shlex.split(line)]
        if subprocess.run(command, env=variables, cwd="/").returncode:
            sys.exit(f"{unit} failed to reload: {line}")


def stop(unit: str) -> None:
    """End a service and wait for its end."""
    number = int(pid_file(unit).read_text())
    os.kill(number, signal.SIGTERM)
    until = time.monotonic() + END_S
    while is_running(number):
        assert time.monotonic() < until, f"{unit} does not end"
        time.sleep(0.05)
    pid_file(unit).unlink()


def is_running(number: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{number}/status").read_text()
    except FileNotFoundError:
        return False


def restart(unit: str) -> None:
    stop(unit)
    start(unit)


ACTS: dict[str, Callable[[str], None]] = {
    "start": start,
    "enable": enable,
    "reload": reload,
    "restart": restart,
}
DONE_ALREADY = ("apt-get", "useradd")
COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "sudo": sudo,
    "make": make,
    "certbot": certbot,
    "nginx": nginx,
    "systemd-run": systemd_run,
    "systemctl": systemctl,
    **{name: lambda _: 0 for name in DONE_ALREADY},
}

if __name__ == "__main__":
    sys.exit(COMMANDS[sys.argv[1]](sys.argv[2:]))
