"""The watch over the machines of one database: each worker looks at all of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from salon.accounts.queries import live_organisers
from salon.dashboard.actions import DashboardAction
from salon.platform.database.db import transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import write_entry
from salon.platform.mail.outbox import oldest_waiting, post
from salon.platform.settings.installation import Settings
from salon.platform.work.alarms import Alarm, alarms_of, are_settled, settle_alarms
from salon.platform.work.machines import (
    is_report_due,
    report_of_this_machine,
    save_report,
    saved_reports,
)

KIND = "alarm"


def watch_over(settings: Settings, now: datetime) -> None:
    """Report this machine, and write to the organisers of each alarm that no worker wrote of.

    `now` is the world's time. Nothing is written while nothing changes.
    """
    own_report, reports = (
        report_of_this_machine(settings.machine, settings.data, now),
        saved_reports(),
    )
    other_reports = [report for report in reports if report.machine != own_report.machine]
    alarms = alarms_of([own_report, *other_reports], oldest_waiting(), now)
    is_due = is_report_due(own_report, reports)
    if not is_due and are_settled(alarms, now):
        return
    with transaction() as session:
        if is_due:
            save_report(session, own_report)
        raise_alarms(session, alarms, now)


def raise_alarms(session: Session, alarms: Sequence[Alarm], now: datetime) -> bool:
    """Record the alarms and post one message about those that are due; return whether any is."""
    due = settle_alarms(session, alarms, now)
    if due:
        sentences = [alarm.words for alarm in due]
        for organiser in live_organisers():
            post(session, KIND, organiser.email, sentences=sentences)
        write_entry(session, SYSTEM, DashboardAction.ALARM_RAISED, sentences=sentences)
    return bool(due)
