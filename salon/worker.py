"""The worker: sends the mail, runs the scheduled tasks and the long jobs."""

import logging
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import click
from flask import current_app

from salon.appointments.services.following import follow_attendees
from salon.appointments.services.promises import recall_promises
from salon.appointments.services.reminders import post_appointment_reminders
from salon.appointments.services.rescue import notify_untended_appointments
from salon.appointments.services.waiting import run_waiting_lists
from salon.badges import jobs as badge_jobs
from salon.badges import services as badges
from salon.billing.jobs import store_papers
from salon.billing.services.reminders import post_invoice_reminders
from salon.dashboard.jobs import post_digests
from salon.dashboard.services import destructions, erasure
from salon.dashboard.services.alarms import watch_over
from salon.entrance.services.offline_list import update_list
from salon.entrance.services.visitors_inside import record_visitors_inside
from salon.exhibitor_space.services.eve import post_exhibitor_eves
from salon.exhibitor_space.services.reminders import post_reminders
from salon.exhibitors.services import review
from salon.mailings.services.sending import send_mailings
from salon.paper import jobs as packs
from salon.placement import jobs as proposals
from salon.platform.database.act import Act
from salon.platform.database.clock_evidence import clock_doubt
from salon.platform.database.db import db, wait_longer
from salon.platform.database.identity import SYSTEM
from salon.platform.files.backup.leftovers import places_of_backups
from salon.platform.files.backup.leftovers import sweep as sweep_leftovers
from salon.platform.mail import outbox, sending
from salon.platform.mail.bounces import record_bounces
from salon.platform.mail.hand_overs import HandOvers
from salon.platform.mail.pace import Pace
from salon.platform.mail.server import MailServer, deliver
from salon.platform.settings.clock import now, real_now
from salon.platform.web.access import settings
from salon.platform.words.errors import RuleBroken
from salon.platform.work.heartbeat import stop_beating
from salon.platform.work.jobs import JobKind, run_jobs
from salon.platform.work.machines import forget_machine
from salon.platform.work.operations import count_operation
from salon.platform.work.scheduler import ScheduledTask, Supervisor
from salon.staffing import jobs as rotas
from salon.staffing.services.reminders import post_rota_reminders
from salon.stored_files import remove_orphans
from salon.village_day.services.asking import process_stand_ins

log = logging.getLogger("salon")

MAIL_SENDERS = 3
"""Conversations with the mail server at once: a slow one does not hold up the others."""
PATIENCE_MS = 30_000
"""Longest wait of a task for SQLite's write lock, which the tasks of other lanes hold, too."""
SWITCH_S = 0.0005
"""Longest time that a computing thread delays the others, so that the mail server's answers are
recorded at once."""
START_S = 3.0
"""The mail goes first, alone, when the worker starts."""
MINUTE_S, HOUR_S = 60, 3600


def run_worker(once: bool) -> None:
    """Run until SIGTERM or SIGINT, or, with `once`, until nothing is due.

    Raises ClickException when a task failed.
    """
    app: Any = current_app
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    wait_longer(db.engine, PATIENCE_MS)
    sys.setswitchinterval(SWITCH_S)
    tasks = tasks_of(stop)
    if not once:
        Supervisor(app._get_current_object(), tasks).run(stop)
        stop_beating(settings().data)
        forget_machine(settings().machine)
        return
    failed = Supervisor(app._get_current_object(), [*tasks, tasks[0]]).run_once()
    stop_beating(settings().data)
    forget_machine(settings().machine)
    if failed:
        raise click.ClickException(f"{failed} tâches ont échoué : voyez au-dessus.")


def tasks_of(stop: threading.Event) -> list[ScheduledTask]:
    """Return every task of the worker; the mail comes first."""
    rate = settings().mail_per_minute if settings().smtp_host else 0
    senders = sending.Senders(HandOvers(settings().data), Pace(rate))
    later_tasks = (*_quick_tasks(), *_reminder_tasks(), *_bounce_tasks(), *_long_tasks(stop))
    return [
        *_mail_tasks(senders, stop),
        *(replace(task, waits_at_start_s=START_S) for task in later_tasks),
    ]


def _mail_tasks(senders: sending.Senders, stop: threading.Event) -> list[ScheduledTask]:
    """Return the senders. All are woken by a write; one looks for messages whose time has come."""
    return [
        ScheduledTask(
            "envoyer les courriels",
            lambda: send_mail(senders, stop.is_set),
            lane=f"mail {number}",
            every_s=MINUTE_S if number else 5,
        )
        for number in range(MAIL_SENDERS)
    ]


def _bounce_tasks() -> list[ScheduledTask]:
    """Return the reading of the messages that came back, where a mailbox is set."""
    mailbox = settings().bounce_mailbox
    if mailbox is None:
        return []
    return [
        ScheduledTask(
            "lire les courriels revenus",
            lambda: record_bounces(mailbox),
            lane="bounces",
            every_s=5 * MINUTE_S,
            after_writes=False,
        )
    ]


def _quick_tasks() -> list[ScheduledTask]:
    """Return the tasks that follow a write within seconds."""

    def task(
        name: str, run: Callable[[datetime], object], gap_s: float, every_s: float
    ) -> ScheduledTask:
        return ScheduledTask(name, lambda: run(now()), "quick", every_s=every_s, gap_s=gap_s)

    def by_clock(
        name: str, run: Callable[[datetime], object], gap_s: float, every_s: float
    ) -> ScheduledTask:
        return replace(task(name, run, gap_s, every_s), run=unless_clock_lies(run))

    return [
        ScheduledTask("donner l’alerte", raise_alarm, "quick", every_s=10, after_writes=False),
        by_clock("clore les offres de place", review.expire_offers, 1, 15),
        task("révoquer les badges des stands partis", badges.revoke_orphans, 1, 10 * MINUTE_S),
        task("donner leur badge aux agents", badges.update_agent_badges, 1, 10 * MINUTE_S),
        by_clock("envoyer les messages écrits", send_mailings, 1, 15),
        task("suivre les inscrits remplacés", follow_attendees, 5, 10 * MINUTE_S),
        by_clock("faire avancer les listes d’attente", run_waiting_lists, 5, 15),
        task("signaler les rendez-vous sans agent", notify_untended_appointments, 5, MINUTE_S),
        task("noter les visiteurs arrivés", record_visitors_inside, 5, MINUTE_S),
        task("tenir la liste hors réseau", update_list, 5, 10 * MINUTE_S),
    ]


def _reminder_tasks() -> list[ScheduledTask]:
    """Return the tasks due at a time of day, checked once a minute."""

    def task(name: str, run: Callable[[datetime], object]) -> ScheduledTask:
        return ScheduledTask(
            name, unless_clock_lies(run), "reminders", every_s=MINUTE_S, after_writes=False
        )

    return [
        task("rappeler les tâches des exposants", post_reminders),
        task("écrire aux exposants avant le montage", post_exhibitor_eves),
        task("rappeler les factures", post_invoice_reminders),
        task("rappeler les vacations", post_rota_reminders),
        task("rappeler les rendez-vous", post_appointment_reminders),
        task("rappeler les suites promises", recall_promises),
        task("écrire aux organisateurs le matin", post_digests),
        task("chercher des remplaçants", process_stand_ins),
        task("prévoir les dossiers papier", packs.plan_packs),
    ]


def _long_tasks(stop: threading.Event) -> list[ScheduledTask]:
    """Return the tasks that may take minutes, in lanes of their own: the jobs, the purge."""

    def task(kind: JobKind[Any, Any]) -> ScheduledTask:
        run = partial(run_jobs, kind, settings(), stop.is_set)
        return ScheduledTask(kind.name, run, kind.lane, every_s=30)

    return [
        task(badge_jobs.PRINT_RUNS),
        task(packs.PAPER_PACKS),
        task(proposals.PLAN_PROPOSALS),
        task(rotas.ROTA_RUNS),
        ScheduledTask(
            "garder les pièces de vente",
            lambda: store_papers(settings().file_store, now()),
            "sales papers",
            every_s=30,
        ),
        ScheduledTask(
            "vider le journal de la base",
            erasure.empty_write_ahead_log,
            "housekeeping",
            every_s=10 * MINUTE_S,
            after_writes=False,
        ),
        ScheduledTask("purger", housekeep, "housekeeping", every_s=6 * HOUR_S, after_writes=False),
    ]


def unless_clock_lies(run: Callable[[datetime], object]) -> Callable[[], object]:
    """Return a task that lapses or reminds by the clock, and waits while that may be wrong.

    What is destroyed waits likewise, and says so in the log; doctor does as well.
    """
    return lambda: None if clock_doubt(real_now()) else run(now())


def send_mail(senders: sending.Senders, stop: Callable[[], bool]) -> None:
    """Send the due messages, in one conversation with the mail server."""
    with MailServer(settings(), senders.hand_overs) as server:
        sending.send_due(lambda message: deliver_counted(message, server), senders, stop)


def deliver_counted(message: outbox.Message, server: MailServer) -> outbox.Delivery:
    """Send one message, counted among the operations of the fair unless it is called off."""
    delivery = deliver(message, server)
    if not delivery.called_off:
        count_operation("mail", not delivery.sent)
    return delivery


def raise_alarm() -> None:
    """Write to the organisers of what is wrong, on this machine or another."""
    watch_over(settings(), real_now())


def housekeep() -> None:
    """Destroy data past their retention, files without a row, and what a killed backup left."""
    for folder in sweep_leftovers(*places_of_backups(settings())):
        log.warning("%s was left by a command that was killed: deleted", folder)
    destructions.watch_over(real_now())
    try:
        destructions.purge_approved(Act(SYSTEM), real_now())
    except RuleBroken as refusal:
        log.warning("%s", refusal.message)
        return
    remove_orphans(settings().file_store, real_now())
