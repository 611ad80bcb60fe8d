"""Counts of events for Prometheus, which the processes of a machine add up in shared files.

This is the multiprocess mode of prometheus-client: each process counts in files of its own, in
SALON_DATA/metrics, and `/metrics` adds all of them up. Without METRICS_TOKEN nothing is counted and
the library is not loaded. No label holds what people type: its values are those of the code.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from hmac import compare_digest
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response, current_app, request

from salon.platform.settings.installation import Settings

if TYPE_CHECKING:
    from prometheus_client import Counter, Histogram, Metric

FOLDER = "metrics"
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
EXTENSION = "salon_metrics"
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


@dataclass(frozen=True)
class CountedEvent:
    """A counter and the names of its labels."""

    name: str
    documentation: str
    labels: tuple[str, ...]

    def add(self, *values: str, count: int = 1) -> None:
        """Count events with these values of the labels."""
        metrics = current_app.extensions.get(EXTENSION)
        if metrics is not None:
            metrics.add(self, values, count)


REQUESTS = CountedEvent(
    "salon_http_requests_total", "Requests answered.", ("route", "method", "status")
)
OPERATIONS = CountedEvent(
    "salon_operations_total",
    "Pages, calls of stations, mails and tasks, by outcome.",
    ("kind", "outcome"),
)


class Metrics:
    """The counters of this process."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        os.environ[FOLDER_VARIABLE] = str(folder)
        import prometheus_client  # reads the variable when it is loaded

        self.folder = folder

        self._counter = prometheus_client.Counter
        self._counters: dict[CountedEvent, Counter] = {}
        self._children: dict[tuple[CountedEvent, tuple[str, ...]], Counter] = {}
        self._durations: dict[str, Histogram] = {}
        self._histogram = prometheus_client.Histogram(
            "salon_http_request_duration_seconds",
            "From the whole request to its answer, the wait for a thread included.",
            ("route",),
            buckets=BUCKETS_S,
            registry=None,
        )

    def add(self, event: CountedEvent, values: tuple[str, ...], count: int) -> None:
        child = self._children.get((event, values))
        if child is None:
            if event not in self._counters:
                self._counters[event] = self._counter(
                    event.name, event.documentation, event.labels, registry=None
                )
            child = self._counters[event].labels(*values)
            self._children[event, values] = child
        child.inc(count)

    def observe(self, route: str, seconds: float) -> None:
        child = self._durations.get(route)
        if child is None:
            child = self._durations[route] = self._histogram.labels(route)
        child.observe(seconds)


def register_metrics(app: Flask, settings: Settings) -> None:
    """Open the counters, where a token allows to read them."""
    if not settings.metrics_token:
        return
    app.extensions[EXTENSION] = Metrics(settings.data / FOLDER)


def count_request(route: str, method: str, status: int, seconds: float) -> None:
    """Count an answer. `route` is the address as the code writes it."""
    metrics = current_app.extensions.get(EXTENSION)
    if metrics is not None:
        metrics.add(REQUESTS, (route, method, str(status)), 1)
        metrics.observe(route, seconds)


def may_read_metrics(settings: Settings) -> bool:
    """Return whether the request bears the token of the metrics."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    expected = settings.metrics_token
    is_token = compare_digest(token.strip().encode(), expected.encode())
    return bool(expected) and scheme.lower() == "bearer" and is_token


class _Measured:
    """A collector of values that were measured already."""

    def __init__(self, families: "Sequence[Metric]") -> None:
        self.families = families

    def collect(self) -> "Sequence[Metric]":
        return self.families


def write_metrics(gauges: "Sequence[Metric]") -> Response:
    """Return the counts of every process of this machine, and these gauges."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    folder = str(current_app.extensions[EXTENSION].folder)
    MultiProcessCollector(registry, path=folder)
    registry.register(_Measured(gauges))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def forget_metrics(data: Path) -> None:
    """Remove the counts of processes that have ended; a new server counts from zero."""
    for file in (data / FOLDER).glob("*.db"):
        pid = int(file.stem.rpartition("_")[2])
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            file.unlink()
        except PermissionError:
            continue  # another account's process has this number now
