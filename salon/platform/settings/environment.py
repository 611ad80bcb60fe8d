"""Typed values of environment variables; an invalid one is refused in one French line.

An empty variable counts as one that is not set. A secret may lie in a file that `NAME_FILE` names,
or in a credential of systemd. Only what `variables.py` declares is read.
"""

import os
import secrets
import stat
import tempfile
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from salon.platform.settings.variables import LIBRARY_VARIABLES, VARIABLES

FLAGS = {"0": False, "1": True}
FAMILIES = ("IMAP_", "LEGAL_", "OIDC_", "SALON_", "SMTP_")
"""Beginnings of names that are ours alone."""
LIKENESS = 0.87
"""Of a misspelt name to the declared one: two letters that changed places in nine."""


class UnsafeSettings(RuntimeError):
    """The environment does not allow a safe start; the message says what to do, in French."""


class Environment:
    """Reads declared variables by name. Every method raises UnsafeSettings."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables
        self.is_production = self.choice("SALON_ENV", ("production", "development")) == "production"

    def text(self, name: str, default: str = "") -> str:
        """Return the value, else `default`, else the declared default."""
        return self._given(name) or default or self._default(name)

    def _given(self, name: str) -> str:
        return self.variables.get(name, "").strip()

    def _default(self, name: str) -> str:
        variable = VARIABLES[name]
        if name == "SALON_ENV" or self.is_production or variable.development is None:
            return variable.default
        return variable.development

    def path(self, name: str) -> Path | None:
        """Return a file that exists; None when the variable is not set."""
        value = self.text(name)
        if value and not Path(value).is_file():
            raise UnsafeSettings(f"{name}={value} n’est pas un fichier.")
        return Path(value) if value else None

    def words(self, name: str) -> tuple[str, ...]:
        """Return the values that commas separate."""
        return tuple(word.strip() for word in self.text(name).split(",") if word.strip())

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """Return one of `choices`, spelled exactly so."""
        value = self.text(name)
        if value not in choices:
            accepted = " ou ".join(choices)
            raise UnsafeSettings(f"{name}={value} est inconnu : écrivez {accepted}.")
        return value

    def flag(self, name: str) -> bool | None:
        """Return whether the variable is 1 or 0; None when it is not set."""
        value = self.text(name)
        if not value:
            return None
        if value not in FLAGS:
            raise UnsafeSettings(f"{name}={value} est inconnu : écrivez 1 (oui) ou 0 (non).")
        return FLAGS[value]

    def number(self, name: str, least: int = 0, most: int = 10**9) -> int:
        """Return a whole number between `least` and `most`, both included."""
        value = self.text(name)
        if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
            raise UnsafeSettings(
                f"{name}={value} n’est pas un nombre entier entre {least} et {most}."
            )
        return int(value)

    def secret(self, name: str, default: str = "") -> str:
        """Return the variable, else the content of the file that `NAME_FILE` names, else that of
        the credential of systemd."""
        assert VARIABLES[name].is_secret
        value, path = self._given(name), self._given(f"{name}_FILE")
        if value and path:
            raise UnsafeSettings(f"{name} et {name}_FILE sont donnés tous les deux : gardez-en un.")
        if path:
            return read_secret(Path(path))
        return value or self._credential(VARIABLES[name].credential) or default

    def _credential(self, name: str) -> str:
        folder = self._given("CREDENTIALS_DIRECTORY")
        path = Path(folder, name)
        return read_secret(path) if folder and path.exists() else ""


def unread_variables(variables: Mapping[str, str]) -> tuple[str, ...]:
    """Return a sentence for each variable that is spelled nearly as one of ours, and not read."""
    secret_files = {f"{name}_FILE" for name, variable in VARIABLES.items() if variable.is_secret}
    names = {*VARIABLES, *secret_files}
    sentences = []
    for name in sorted(variables.keys() - names - {line.name for line in LIBRARY_VARIABLES}):
        is_family = name.startswith(FAMILIES)
        if meant := get_close_matches(name, names, 1, 0.6 if is_family else LIKENESS):
            sentences.append(f"{name} n’est lu par rien : {meant[0]}\u00a0?")
        elif is_family:
            sentences.append(f"{name} n’est lu par rien.")
    return tuple(sentences)


def read_secret(path: Path) -> str:
    """Return the content of a file, without the blanks around it.

    Raises UnsafeSettings when others may read or change the file, or when it cannot be read.
    """
    try:
        file_stat = path.stat()
        if not stat.S_ISREG(file_stat.st_mode):
            raise UnsafeSettings(f"{path} n’est pas un fichier.")
        if not is_private(mode := stat.S_IMODE(file_stat.st_mode), file_stat.st_uid):
            raise UnsafeSettings(
                f"{path} (mode {mode:04o}) est ouvert à d’autres : chmod 600 {path}"
            )
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UnsafeSettings(f"{path} ne se lit pas : {reason_of(error)}.") from None


def is_private(mode: int, owner: int) -> bool:
    """Return whether a file is closed to all but its owner.

    A credential of systemd may belong to root and show as 0440: its group bits are the mask of the
    access list that names the service's user (systemd.exec(5), LoadCredential=).
    """
    return mode & (0o037 if owner == 0 else 0o077) == 0


def write_secret(path: Path) -> None:
    """Write 256 random bits into a new private file; leave an existing one.

    The file appears whole: a process that starts at the same moment never reads half of it.
    """
    try:
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_hex(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        finally:
            os.unlink(draft)
    except OSError as error:
        raise UnsafeSettings(f"{path} ne s’écrit pas : {reason_of(error)}.") from None


def reason_of(error: OSError | UnicodeDecodeError) -> str:
    """Return the reason of a failure of the file system, in French for the usual ones."""
    if isinstance(error, UnicodeDecodeError):
        return "ce n’est pas du texte"
    reasons = {
        FileNotFoundError: "il n’existe pas",
        PermissionError: "l’accès est refusé",
        NotADirectoryError: "un dossier de son chemin n’en est pas un",
        IsADirectoryError: "c’est un dossier",
        FileExistsError: "un fichier est à sa place",
    }
    return reasons.get(type(error), error.strerror or type(error).__name__)
