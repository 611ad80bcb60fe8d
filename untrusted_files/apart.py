"""Starts the process that reads a file, and waits for it no longer than its limits."""

import logging
import subprocess
import sys
from enum import StrEnum
from pathlib import Path

from untrusted_files import FileRefused

ROOT = Path(__file__).resolve().parent.parent
CPU_S = 4
"""Of one core. A PDF of 200 pages takes 0.5 s, a logo of 16 million pixels 1 s."""
MEMORY_BYTES = 1_000_000_000
"""Of addresses, of which Python and its libraries take a quarter."""
WALL_S = 30.0
"""Where the machine is busy, a process takes longer than its CPU_S."""
ACCEPTED, REFUSED = b"+", b"-"
ENVIRONMENT = {"LANG": "C.UTF-8"}
"""No secret of ours."""
TOO_COSTLY = (
    "Ce fichier demande trop de calcul pour être vérifié. Enregistrez-le de nouveau, plus "
    "simplement\u00a0: «\u00a0imprimer vers un fichier PDF\u00a0», ou une image plus petite."
)
TOO_COSTLY_WORKBOOK = (
    "Ce classeur demande trop de calcul pour être lu. Copiez la liste seule dans un nouveau "
    "classeur, ou enregistrez-le en CSV."
)
TOO_COSTLY_STATEMENT = (
    "Ce relevé demande trop de calcul pour être lu. Exportez une période plus courte, ou en CSV."
)

log = logging.getLogger("untrusted_files")


class Task(StrEnum):
    """The use for which a file is read."""

    LOGO = "logo"
    PICTURE = "picture"
    SMALL_PICTURE = "small-picture"
    DOCUMENT = "document"
    DOCUMENT_NAMED_PDF = "document-named-pdf"
    WORKBOOK = "workbook"
    STATEMENT = "statement"


def read_apart(task: Task, content: bytes) -> bytes:
    """Return what the task reads of a file: a picture written anew, a document's media type, or the
    lines of a workbook or of a bank statement.

    Raises FileRefused, also when a limit is reached.
    """
    words = {Task.WORKBOOK: TOO_COSTLY_WORKBOOK, Task.STATEMENT: TOO_COSTLY_STATEMENT}
    too_costly = words.get(task, TOO_COSTLY)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "untrusted_files", task],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=ENVIRONMENT,
            timeout=WALL_S,
        )
    except subprocess.TimeoutExpired:
        raise FileRefused(too_costly) from None
    verdict, result = done.stdout[:1], done.stdout[1:]
    if done.returncode or verdict not in (ACCEPTED, REFUSED):
        log.warning("a file could not be read: its process ended with %d", done.returncode)
        raise FileRefused(too_costly)
    if verdict == REFUSED:
        raise FileRefused(result.decode())
    return result
