"""The command `salon`: French help for each command and option, French answers, exit codes."""

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from salon import __main__ as program
from salon.commands import SECTIONS
from salon.platform.settings.environment import Environment
from salon.platform.settings.installation import ROOT, read_settings
from salon.platform.settings.release import VERSION
from salon.platform.settings.variables import LIBRARY_VARIABLES, VARIABLES
from scripts.commands_page import PATH, page
from tests.commands import environment
from tests.tables import each

COMMANDS = [command for section in SECTIONS.values() for command in section]
FRENCH = re.compile(
    r"\b(le|la|les|l’\w+|de|des|d’\w+|du|un|une|en|au|est|sans|ce|dit|nom|par|à)\b", re.I
)


def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[object, str, str]:
    """Exit code, output and errors of `salon WORDS`, in this process."""
    monkeypatch.setattr(sys, "argv", ["salon", *words])
    with pytest.raises(SystemExit) as end:
        program.main()
    return (end.value.code, *capsys.readouterr())


@each("command", COMMANDS, ids=lambda command: str(command.name))
def test_each_command_and_each_option_has_french_help(command: click.Command) -> None:
    assert FRENCH.search(command.help or ""), "help of the command"
    assert "Codes de sortie" in (command.epilog or "")
    for parameter in command.params:
        assert isinstance(parameter, click.Option | click.Argument)
        assert FRENCH.search(parameter.help or ""), parameter.name
    text = command.get_help(click.Context(command, info_name=f"salon {command.name}"))
    assert not re.search(r"Usage: |Show this|\[required\]|\[default|Error|TEXT|PATH|INTEGER", text)


def test_the_help_lists_the_commands_and_none_of_flask(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in ([], ["--help"]):
        code, output, errors = run(monkeypatch, capsys, *words)
        assert (code, errors) == (0, "")
        for command in COMMANDS:
            assert f"\n  {command.name} " in output
        assert not re.search(r"\n  (run|shell|routes|db) ", output)
        assert "Codes de sortie" in output
    assert run(monkeypatch, capsys, "--version") == (0, f"salon {VERSION}\n", "")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["docter"], "« docter » n’est pas une commande de salon. Vouliez-vous dire doctor ?"),
        (["shell"], "« shell » n’est pas une commande de salon."),
        (["worker", "--twice"], "« --twice » n’est pas une option de cette commande."),
        (["backup"], "Il manque FICHIER."),
        (["print-badges"], "Il manque --output."),
        (["print-badges", "--output"], "L’option --output est mal employée"),
        (["print-badges", "--output", "/tmp/a", "--format", "a5"], "écrivez a4 ou a6 ou 62mm"),
        (["doctor", "now"], "Il y a un mot de trop"),
    ],
)
def test_a_wrong_command_is_answered_in_french_with_exit_2(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    answer: str,
) -> None:
    code, output, errors = run(monkeypatch, capsys, *words)
    assert (code, output) == (2, "")
    assert answer in errors.replace("\u00a0", " ")
    assert errors.splitlines()[-1].startswith("Aide\u00a0: salon")


def test_a_command_runs_in_the_application_and_a_failure_is_one_line(tmp_path: Path) -> None:
    completed = subprocess.run(
        [sys.executable, "-m", "salon", "badge-codes"],
        cwd=ROOT,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
    )
    assert (completed.returncode, completed.stdout) == (1, "")
    assert completed.stderr == "La base n’est pas migrée : salon migrate\n"


def test_the_page_of_commands_and_variables_is_that_of_the_code() -> None:
    assert PATH.read_text("utf-8") == page(), "type: python -m scripts.commands_page"


def test_every_variable_that_is_read_is_declared_and_the_reverse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = set()
    original = Environment._given

    def note(self: Environment, name: str) -> str:
        read.add(name)
        return original(self, name)

    monkeypatch.setattr(Environment, "_given", note)
    read_settings({"SALON_DATA": str(tmp_path)})
    # What is only asked when another has a value.
    read_settings(
        {
            "SALON_DATA": str(tmp_path),
            "SALON_DEMONSTRATION": "1",
            "SALON_DEMONSTRATION_PUBLIC": "1",
            "PUBLIC_URL": "https://salon.example",
            "OIDC_ISSUER": "https://id.example",
            "IMAP_HOST": "imap.example",
            "IMAP_USER": "salon",
            "IMAP_PASSWORD": "secret",
            "OIDC_CLIENT_ID": "salon",
            "OIDC_CLIENT_SECRET": "secret",
            "SALON_FILES_URL": "https://s3.example/salon",
            "SALON_FILES_ACCESS_KEY": "salon",
            "SALON_FILES_SECRET_KEY": "secret",
        }
    )
    secret_files = {f"{name}_FILE" for name, variable in VARIABLES.items() if variable.is_secret}
    assert read - {"CREDENTIALS_DIRECTORY"} == {*VARIABLES, *secret_files}
    with pytest.raises(KeyError):
        Environment({}).text("SALON_UNKNOWN")


def test_the_environment_is_read_by_the_settings_alone() -> None:
    """Elsewhere it is only handed on to the processes that are started, or read by libraries."""
    of_systemd = ("NOTIFY_SOCKET", "RUNTIME_DIRECTORY")
    names = "|".join([*(variable.name for variable in LIBRARY_VARIABLES), *of_systemd])
    reads = [
        f"{path.relative_to(ROOT)}: {match}"
        for folder in ("salon", "webserver", "untrusted_files", "migrations")
        for path in (ROOT / folder).rglob("*.py")
        for match in re.findall(
            r"os\.environ(?:\.get\(|\[.+\](?! = )).*|getenv.*", path.read_text(encoding="utf-8")
        )
        if not re.search(names, match)
    ]
    assert reads == []
