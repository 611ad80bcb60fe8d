"""`salon serve`: the pages and the background worker, under one supervisor."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click

from salon.platform.metrics import forget_metrics
from salon.platform.settings import Settings
from webserver.supervisor import PortInUse, Supervisor, listen

WORKER = ["-m", "flask", "--app", "app", "worker"]


def make_supervisor(settings: Settings, environ: Mapping[str, str], worker: bool) -> Supervisor:
    """Return the server of the port, already listening; `worker`: with the background worker.

    Raises ClickException.
    """
    host, port = settings.host, settings.port
    try:
        listeners = listen(host, port, settings.web_workers)
    except PortInUse:
        raise click.ClickException(
            f"Le port {port} est déjà pris sur {host} : arrêtez l’autre serveur, "
            "ou choisissez un autre port (PORT=5001 make run)."
        ) from None
    except OSError as error:
        raise click.ClickException(
            f"Impossible d’écouter sur {host}, port {port} : {error.strerror or error}."
        ) from None
    beside = {"Le travail de fond": WORKER} if worker else {}
    return Supervisor("app:app", listeners, environ, beside, "/readyz", click.echo)


@contextmanager
def folder_held(settings: Settings) -> Iterator[None]:
    """Hold the data folder, which one server uses at a time. Raises ClickException.

    The counts of the server before are forgotten.
    """
    descriptor = os.open(settings.data, os.O_RDONLY)
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
