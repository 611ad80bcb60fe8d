"""A WSGI application that says which process answers, sleeps, echoes, or fails, as asked."""

import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from webserver import LONG_PATHS
from webserver.gateway import Gateway, Limits
from webserver.supervisor import Supervisor, listen

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LOADING = secrets.token_hex(8).encode()
"""Another one each time that this module is loaded."""


def app(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
    act, _, word = environ["PATH_INFO"].strip("/").partition("/")
    content = str(os.getpid()).encode()
    if act == "sleep":
        time.sleep(float(word))
    elif act in ("wait", "long"):
        Path(environ["HTTP_X_FILE"] + ".taken").touch()
        while not Path(environ["HTTP_X_FILE"]).exists():
            time.sleep(0.01)
    elif act == "loading":
        content = LOADING
    elif act == "child":  # it ends with this process, whose end it reads
        reader = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
        content = str(reader.pid).encode()
        children.append(reader)
    elif act == "echo":
        content = environ["wsgi.input"].read()
    elif act == "environ":
        content = repr({k: v for k, v in environ.items() if isinstance(v, str)}).encode()
    elif act == "absent" and Path(f"/{word}").exists():
        start("503 Service Unavailable", [("Content-Type", "text/plain")])
        return [content]
    elif "fail" in (act, word):
        raise RuntimeError("as asked")
    elif act == "file":
        start("200 OK", [("Content-Type", "text/plain")])
        return environ["wsgi.file_wrapper"](open(environ["HTTP_X_FILE"], "rb"))  # type: ignore
    start("200 OK", [("Content-Type", "text/plain")])
    return [content]


children: list["subprocess.Popen[bytes]"] = []
setattr(app, LONG_PATHS, re.compile("/long|/quick.*"))
impatient = Gateway(app, Limits(body_s=0.5, queue_s=0.5, long_s=0.5))


def run_with_short_pauses() -> None:
    """`python -m tests.webserver.small PORT [READY]`: two processes, begun again almost at once.

    With `spawned` in the place of READY, each loads the application by itself; with `listening`,
    one that is silent for a second is killed.
    """
    port, *words = sys.argv[1:]
    forks = words != ["spawned"]
    silence_s = 1.0 if words == ["listening"] else 60.0
    Supervisor(
        "tests.webserver.small:app",
        listen("127.0.0.1", int(port), 2),
        os.environ,
        ready_path="".join(word for word in words if word.startswith("/")),
        web_pauses_s=(0.01, 0.05),
        forks=forks,
        silence_s=silence_s,
    ).run()


if __name__ == "__main__":
    run_with_short_pauses()
