"""Two machines of one database behind nginx, each with its data folder, its name, its worker."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.fairs import Fair
from bench.web import Web
from bench.workers import Worker
from tests.buckets import S3Server
from tests.deploy.proxy import Proxy, proxy_before

SECRET_KEY = "5c8e0a7d41f92b3687d1e4c05fa96b2e8d7340c1b5a2f96e"
SERVE = [sys.executable, "-m", "salon", "serve", "--without-worker"]


class Machine:
    """The pages of a machine, and its worker. `more` goes into the environment of both."""

    def __init__(self, fair: Fair, name: str, web_workers: int, **more: str) -> None:
        self.fair, self.name = fair, name
        settings = {"SALON_MACHINE": name, "WEB_WORKERS": str(web_workers), **more}
        self.web = Web("", fair.environment(**settings))
        self.web.command = SERVE
        self.web.environ["PORT"] = str(self.web.port)
        self.worker = Worker(fair, **settings)

    @property
    def port(self) -> int:
        return self.web.port

    def kill(self) -> None:
        """kill -9 of the pages and of the worker."""
        self.web.kill()
        self.worker.kill()

    def start(self) -> None:
        self.web.start("/healthz")
        self.worker.start()


@dataclass(frozen=True)
class Pair:
    machines: tuple[Machine, Machine]
    proxy: Proxy

    def other(self, machine: Machine) -> Machine:
        first, second = self.machines
        return second if machine is first else first


@contextmanager
def pair_of(fair: Fair, folder: Path, web_workers: int = 1, **more: str) -> Iterator[Pair]:
    """Yield two machines that answer, on one database and one bucket; no worker runs yet."""
    buckets = S3Server(folder / "buckets")
    bucket = buckets.bucket()
    settings = {
        "SECRET_KEY": SECRET_KEY,
        "SALON_ENV": "production",
        "TRUSTED_PROXIES": "1",
        "SALON_FILES_URL": bucket.address,
        "SALON_FILES_ACCESS_KEY": bucket.access_key,
        "SALON_FILES_SECRET_KEY": bucket.secret_key,
        **more,
    }
    first, second = (
        Machine(Fair(folder / name, fair.database_url, fair.token), name, web_workers, **settings)
        for name in ("machine-1", "machine-2")
    )
    with (
        buckets.running(),
        proxy_before(folder, (first.port, second.port)) as proxy,
        first.web,
        second.web,
    ):
        for machine in (first, second):
            machine.web.environ["PUBLIC_URL"] = machine.worker.environ["PUBLIC_URL"] = proxy.url
            machine.web.start("/healthz")
        yield Pair((first, second), proxy)
