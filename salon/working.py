"""The worker: sends the mail, runs timed jobs and what takes long, one turn a second."""

import signal
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import click

from salon import outbox
from salon.access import settings
from salon.appointments.queries.documents import stored_names as appointment_files
from salon.appointments.services.following import follow_attendees
from salon.appointments.services.reminders import post_appointment_reminders
from salon.appointments.services.rescue import tell_untended
from salon.appointments.services.waiting import run_waiting_lists
from salon.badges import services as badges
from salon.dashboard import retention
from salon.dashboard.services import tell_alarm
from salon.deliver import deliver
from salon.entrance.inside import note_visitors_inside
from salon.entrance.services.offline_list import keep_list
from salon.exhibitors.services import documents, proposals, review
from salon.exhibitors.services.invoice_reminders import post_invoice_reminders
from salon.exhibitors.services.reminders import post_reminders
from salon.identity import SYSTEM
from salon.mail_server import MailServer
from salon.operations import count_operation, counted, recent_failures
from salon.paper.queries import stored_names as paper_files
from salon.paper.services import packs
from salon.staffing.services import runs as rotas
from salon.staffing.services.asking import run_stand_ins
from salon.staffing.services.reminders import post_rota_reminders
from salon.times import now, real_now

PAUSE_S = 1.0
REMINDERS_EVERY = timedelta(minutes=1)
APPOINTMENTS_EVERY = timedelta(seconds=5)
HOUSEKEEPING_EVERY = timedelta(hours=6)


@click.command()
@click.option("--once", is_flag=True, help="Empties what is due, then ends.")
def worker(once: bool) -> None:
    """Sends the outbox, runs print runs and timed jobs. SIGTERM ends after the job in hand."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    timed = _Timed()
    while not stop.is_set():
        with counted("job"):
            _quick_jobs(timed, stop)
        badges.run_print_runs(settings().data, settings().qr_prefix)
        packs.run_packs(settings().data, settings().public_url)
        proposals.run_proposals()
        rotas.run_rotas(now, lambda: _quick_jobs(timed, stop), stop.is_set)
        if timed.housekeeping.is_due():
            retention.purge(now(), real_now(), dry_run=False, by=SYSTEM)
            documents.remove_orphans(settings().data, real_now(), _named_elsewhere)
        if once:
            send_mail(stop.is_set)
            return
        stop.wait(PAUSE_S)


def send_mail(stop: Callable[[], bool]) -> None:
    """Send what is due, in one conversation with the mail server."""
    with MailServer(settings()) as server:
        outbox.send_due(lambda message: deliver_counted(message, server), stop=stop)


def deliver_counted(message: outbox.Message, server: MailServer) -> outbox.Delivery:
    """Send one message, counted among the operations of the fair."""
    delivery = deliver(message, server)
    count_operation("mail", not delivery.sent)
    return delivery


def _quick_jobs(timed: "_Timed", stop: threading.Event) -> None:
    """What does not wait for a long computation.

    The mail first: a job that fails ends the worker, and the mail must leave at each new start.
    """
    send_mail(stop.is_set)
    tell_alarm(recent_failures(settings().data), real_now())
    review.expire_offers(now())
    badges.revoke_orphans(now())
    badges.give_agent_badges(now())
    if timed.appointments.is_due():
        follow_attendees(now())
        run_waiting_lists(now())
        tell_untended(now())
        note_visitors_inside(now())
        keep_list(now())
    if timed.reminders.is_due():
        post_reminders(now())
        post_invoice_reminders(now())
        post_rota_reminders(now())
        post_appointment_reminders(now())
        run_stand_ins(now())
        packs.plan_packs(now())


def _named_elsewhere() -> set[str]:
    """The files in the folder of exhibitors' documents that rows of other features name."""
    return appointment_files() | paper_files()


class _Timed:
    """The jobs that are not done at each turn."""

    def __init__(self) -> None:
        self.appointments = _Every(APPOINTMENTS_EVERY)
        self.reminders = _Every(REMINDERS_EVERY)
        self.housekeeping = _Every(HOUSEKEEPING_EVERY)


class _Every:
    """Says once per interval that its time has come, the first time it is asked included."""

    def __init__(self, interval: timedelta) -> None:
        self.interval = interval
        self.last: datetime | None = None

    def is_due(self) -> bool:
        moment = real_now()
        if self.last is not None and moment - self.last < self.interval:
            return False
        self.last = moment
        return True
