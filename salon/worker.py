"""The worker: sends the mail, runs timed and long jobs."""

import logging
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import click
from flask import current_app

from salon.appointments.queries.documents import stored_names as appointment_files
from salon.appointments.services.following import follow_attendees
from salon.appointments.services.reminders import post_appointment_reminders
from salon.appointments.services.rescue import notify_untended_appointments
from salon.appointments.services.waiting import run_waiting_lists
from salon.badges import jobs as badge_jobs
from salon.badges import services as badges
from salon.dashboard.services import destructions, erasure
from salon.dashboard.services.messages import post_alarm
from salon.entrance.services.offline_list import update_list
from salon.entrance.services.visitors_inside import record_visitors_inside
from salon.exhibitors import jobs as proposals
from salon.exhibitors.services import documents, review
from salon.exhibitors.services.invoice_reminders import post_invoice_reminders
from salon.exhibitors.services.reminders import post_reminders
from salon.paper import jobs as packs
from salon.paper.queries import stored_names as paper_files
from salon.platform.access import settings
from salon.platform.clock import now, real_now
from salon.platform.db import db, wait_longer
from salon.platform.errors import RuleBroken
from salon.platform.heartbeat import stop_beating
from salon.platform.identity import SYSTEM
from salon.platform.jobs import Job, Supervisor
from salon.platform.mail import outbox
from salon.platform.mail.delivery import deliver
from salon.platform.mail.server import MailServer
from salon.platform.operations import count_operation, recent_failures
from salon.staffing import jobs as rotas
from salon.staffing.services.asking import process_stand_ins
from salon.staffing.services.reminders import post_rota_reminders

log = logging.getLogger("salon")

MAIL_SENDERS = 3
"""Conversations with the mail server at once: a slow one does not hold up the others."""
PATIENCE_MS = 30_000
"""Longest wait of a job for SQLite's write lock, which the jobs of other lanes hold, too."""
SWITCH_S = 0.0005
"""Longest time that a computing thread delays the others, so that the mail server's answers are
recorded at once."""
START_S = 3.0
"""The mail goes first, alone, when the worker starts."""
MINUTE_S, HOUR_S = 60, 3600


@click.command()
@click.option("--once", is_flag=True, help="Empties what is due, then ends.")
def worker(once: bool) -> None:
    """Sends the outbox, runs print runs and timed jobs. SIGTERM ends after the job in hand."""
    app: Any = current_app
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    wait_longer(db.engine, PATIENCE_MS)
    sys.setswitchinterval(SWITCH_S)
    jobs = jobs_of(stop)
    if not once:
        Supervisor(app._get_current_object(), jobs).run(stop)
        stop_beating(settings().data)
        return
    failed = Supervisor(app._get_current_object(), [*jobs, jobs[0]]).run_once()
    stop_beating(settings().data)
    if failed:
        raise click.ClickException(f"{failed} tâches ont échoué : voyez au-dessus.")


def jobs_of(stop: threading.Event) -> list[Job]:
    """Return every job of the worker; the mail comes first."""
    senders = outbox.Senders()
    later_jobs = (*_quick_jobs(), *_reminder_jobs(), *_long_jobs(stop))
    return [
        *_mail_jobs(senders, stop),
        *(replace(job, waits_at_start_s=START_S) for job in later_jobs),
    ]


def _mail_jobs(senders: outbox.Senders, stop: threading.Event) -> list[Job]:
    return [
        Job(
            "envoyer les courriels",
            lambda: send_mail(senders, stop.is_set),
            lane=f"mail {number}",
            every_s=5,
        )
        for number in range(MAIL_SENDERS)
    ]


def _quick_jobs() -> list[Job]:
    """Return the jobs that follow a write within seconds."""

    def job(name: str, run: Callable[[Any], object], gap_s: float, every_s: float) -> Job:
        return Job(name, lambda: run(now()), "quick", every_s=every_s, gap_s=gap_s)

    return [
        Job("donner l’alerte", raise_alarm, "quick", every_s=10, after_writes=False),
        job("clore les offres de place", review.expire_offers, 1, 15),
        job("révoquer les badges des stands partis", badges.revoke_orphans, 1, 10 * MINUTE_S),
        job("donner leur badge aux agents", badges.update_agent_badges, 1, 10 * MINUTE_S),
        job("suivre les inscrits remplacés", follow_attendees, 5, 10 * MINUTE_S),
        job("faire avancer les listes d’attente", run_waiting_lists, 5, 15),
        job("signaler les rendez-vous sans agent", notify_untended_appointments, 5, MINUTE_S),
        job("noter les visiteurs arrivés", record_visitors_inside, 5, MINUTE_S),
        job("tenir la liste hors réseau", update_list, 5, 10 * MINUTE_S),
    ]


def _reminder_jobs() -> list[Job]:
    """Return the jobs due at a time of day, checked once a minute."""

    def job(name: str, run: Callable[[Any], object]) -> Job:
        return Job(name, lambda: run(now()), "reminders", every_s=MINUTE_S, after_writes=False)

    return [
        job("rappeler les tâches des exposants", post_reminders),
        job("rappeler les factures", post_invoice_reminders),
        job("rappeler les vacations", post_rota_reminders),
        job("rappeler les rendez-vous", post_appointment_reminders),
        job("chercher des remplaçants", process_stand_ins),
        job("prévoir les dossiers papier", packs.plan_packs),
    ]


def _long_jobs(stop: threading.Event) -> list[Job]:
    """Return the jobs that may take minutes, in lanes of their own."""
    current_settings = settings()

    def job(name: str, run: Callable[[], object], lane: str) -> Job:
        return Job(name, run, lane, every_s=30)

    return [
        job(
            "imprimer les badges",
            lambda: badge_jobs.run_print_runs(current_settings.data, current_settings.qr_prefix),
            "papers",
        ),
        job(
            "faire les dossiers papier",
            lambda: packs.run_packs(current_settings.data, current_settings.public_url),
            "papers",
        ),
        job("proposer un plan", proposals.run_proposals, "solvers"),
        job("proposer un planning", lambda: rotas.run_rotas(now, stop.is_set), "solvers"),
        Job(
            "vider le journal de la base",
            erasure.empty_write_ahead_log,
            "housekeeping",
            every_s=10 * MINUTE_S,
            after_writes=False,
        ),
        Job("purger", housekeep, "housekeeping", every_s=6 * HOUR_S, after_writes=False),
    ]


def send_mail(senders: outbox.Senders, stop: Callable[[], bool]) -> None:
    """Send the due messages, in one conversation with the mail server."""
    with MailServer(settings()) as server:
        outbox.send_due(lambda message: deliver_counted(message, server), senders, stop)


def deliver_counted(message: outbox.Message, server: MailServer) -> outbox.Delivery:
    """Send one message, counted among the operations of the fair."""
    delivery = deliver(message, server)
    count_operation("mail", not delivery.sent)
    return delivery


def raise_alarm() -> None:
    """Write to the organisers when too many operations fail."""
    post_alarm(recent_failures(settings().data), real_now())


def housekeep() -> None:
    """Destroy data past their retention, and files without a row, where it is safe."""
    destructions.watch_over(real_now())
    try:
        destructions.purge_approved(now(), real_now(), SYSTEM)
    except RuleBroken as refusal:
        log.warning("%s", refusal.message)
        return
    documents.remove_orphans(settings().data, real_now(), _named_elsewhere)


def _named_elsewhere() -> set[str]:
    """Return the files in the exhibitors' document folder that rows of other features name."""
    return appointment_files() | paper_files()
