"""Gauges of the installation for Prometheus: what they mean is in docs/production.md."""

import platform
import shutil
from collections.abc import Iterable
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from salon.dashboard.queries.installation import InstallationState, state_of_installation
from salon.dashboard.services.messages import can_write
from salon.platform.database.db import current_session
from salon.platform.settings.clock import local, real_now
from salon.platform.settings.clock import now as fair_now
from salon.platform.settings.installation import Settings
from salon.platform.settings.release import VERSION
from salon.platform.work.heartbeat import last_beat

if TYPE_CHECKING:
    from prometheus_client.core import Metric


def gauges_of(settings: Settings) -> "list[Metric]":
    """Measure this machine and the database; the absence of one does not hide the other."""
    now = real_now()
    gauges = _of_machine(settings, now)
    began_at = monotonic()
    is_writable = can_write()
    seconds = monotonic() - began_at
    state = _find_state(now)
    up = state is not None and is_writable
    gauges.append(_gauge("salon_database_up", "1 when the database reads and takes a write.", up))
    if is_writable:
        words = "Time of one write, made for this answer."
        gauges.append(_gauge("salon_database_write_seconds", words, seconds))
    return gauges if state is None else gauges + _of_database(state, now)


def _find_state(now: datetime) -> InstallationState | None:
    try:
        return state_of_installation(now, local(fair_now()))
    except SQLAlchemyError:
        current_session().rollback()
        return None


def _of_machine(settings: Settings, now: datetime) -> "list[Metric]":
    disk, beat = shutil.disk_usage(settings.data), last_beat(settings.data)
    words = (
        "Seconds since the background worker of this machine gave a sign; absent when none runs."
    )
    return [
        _families(
            "salon_build_info",
            "What runs here.",
            ("version", "python"),
            [((VERSION, platform.python_version()), 1)],
        ),
        _gauge("salon_disk_free_bytes", "Free space where SALON_DATA lies.", disk.free),
        _gauge("salon_disk_size_bytes", "Size of that disk.", disk.total),
        *_age("salon_worker_heartbeat_age_seconds", words, beat, now),
    ]


def _of_database(state: InstallationState, now: datetime) -> "list[Metric]":
    return [
        _gauge("salon_database_size_bytes", "Size of the database.", state.database_bytes),
        _families(
            "salon_outbox_messages",
            "Messages by status; those that are held wait, too.",
            ("status",),
            (((status,), count) for status, count in state.messages.items()),
        ),
        *_age(
            "salon_outbox_oldest_age_seconds",
            "Since when the oldest message that is due waits; absent when none does.",
            state.oldest_message_at,
            now,
        ),
        _families(
            "salon_jobs",
            "Jobs that wait or run, and those that failed within a day.",
            ("kind", "status"),
            state.jobs.items(),
        ),
        _families(
            "salon_stations",
            "Stations in service: those that report their health, and those that fell silent.",
            ("state",),
            ((("answering",), state.stations_answering), (("silent",), state.stations_silent)),
        ),
        _gauge("salon_fair_open", "1 during the opening hours of the fair.", state.is_fair_open),
        *_age(
            "salon_backup_age_seconds",
            "Since when the last backup was written; absent before the first.",
            state.backup_at,
            now,
        ),
        *_age(
            "salon_restore_drill_age_seconds",
            "Since when a backup was last restored aside; absent before the first time.",
            state.drill_at,
            now,
        ),
    ]


def _gauge(name: str, documentation: str, value: float) -> "Metric":
    return _families(name, documentation, (), [((), value)])


def _age(name: str, documentation: str, since: datetime | None, now: datetime) -> "list[Metric]":
    if since is None:
        return []
    return [_gauge(name, documentation, max(0.0, (now - since).total_seconds()))]


def _families(
    name: str,
    documentation: str,
    labels: tuple[str, ...],
    values: Iterable[tuple[tuple[str, ...], float]],
) -> "Metric":
    from prometheus_client.core import GaugeMetricFamily

    family = GaugeMetricFamily(name, documentation, labels=labels)
    for label_values, value in values:
        family.add_metric(label_values, float(value))
    return family
