"""`salon serve`: the pages and the background worker, under one supervisor."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from socket import socket
from typing import NoReturn

import click

from salon.platform.settings.installation import Settings
from salon.platform.work.metrics import forget_metrics
from webserver.supervisor import PortInUse, become_supervisor, listen

WORKER = ["-m", "flask", "--app", "app", "worker"]


def listeners_of(settings: Settings) -> list[socket]:
    """Return the sockets of the server's port, one for each web process. Raises ClickException."""
    host, port = settings.host, settings.port
    try:
        return listen(host, port, settings.web_workers)
    except PortInUse:
        raise click.ClickException(
            f"Le port {port} est déjà pris sur {host} : arrêtez l’autre serveur, "
            "ou choisissez un autre port (PORT=5001 make run)."
        ) from None
    except OSError as error:
        raise click.ClickException(
            f"Impossible d’écouter sur {host}, port {port} : {error.strerror or error}."
        ) from None


def keep_serving(settings: Settings, listeners: Sequence[socket], worker: bool) -> NoReturn:
    """Become the supervisor of the pages and, with `worker`, of the background worker."""
    environ = {**os.environ, "SALON_DATA": str(settings.data)}
    beside = {"Le travail de fond": WORKER} if worker else {}
    become_supervisor("app:app", listeners, environ, beside, "/readyz")


@contextmanager
def folder_held(settings: Settings) -> Iterator[None]:
    """Hold the data folder, which one server uses at a time. Raises ClickException.

    The supervisor that this process becomes holds it on. The counts of the server before are
    forgotten.
    """
    descriptor = os.open(settings.data, os.O_RDONLY)
    os.set_inheritable(descriptor, True)
    try:
        if not _take_lock(descriptor):
            raise click.ClickException(
                f"Le dossier {settings.data} sert déjà à un autre serveur : arrêtez-le d’abord, "
                "ou donnez un autre dossier (SALON_DATA)."
            )
        forget_metrics(settings.data)
        yield
    finally:
        os.close(descriptor)


def _take_lock(descriptor: int) -> bool:
    """Take the lock of an open file; it ends with the process. Return False when it is held."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
