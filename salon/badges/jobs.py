"""Print runs: batches by the worker, or one badge at once at the welcome desk.

No PDF is made inside a transaction. A printed badge does not count as an entry.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import insert
from sqlalchemy.orm import Session

from salon.badges import queries, rules
from salon.badges.actions import BadgeAction
from salon.badges.models import Printing, PrintRun
from salon.badges.models.badge_layouts import Layout
from salon.badges.queries import AttendeeFilter
from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import claim_submission, settle_submission
from salon.platform.settings.clock import now as fair_now
from salon.platform.work.jobs import JobKind, JobRun, ask

FOLDER = "print_runs"


def ask_print_run(act: FairAct, filters: AttendeeFilter, layout: Layout, key: str) -> int:
    """Queue a file of the filtered badges; return the run's number.

    Raises NothingToPrint, TooManyToPrint, SubmissionDiffers.
    """
    with act.transaction() as session:
        content = {**filters.as_dict(), "layout": layout}
        earlier = claim_submission(session, key, content)
        if earlier is not None:
            return int(earlier)
        count = queries.count_to_print(act.edition.id, filters)
        rules.check_run_size(count)
        details = {"badges": count, "filters": filters.as_dict()}
        columns = {"filters": filters.as_dict(), "layout": layout, "total": count}
        run = ask(act, session, PRINT_RUNS, details, edition_id=act.edition.id, **columns)
        settle_submission(session, key, str(run.id))
    return run.id


def _make_file(run: PrintRun, job_run: JobRun[PrintRun]) -> list[int]:
    """Write the file; return the badges printed."""
    filters, layout = AttendeeFilter(**run.filters), Layout(run.layout)
    ids = [badge for badge, _ in queries.badges_to_print(run.edition_id, filters)]
    edition = current_session().get_one(Edition, run.edition_id)
    with job_run.draft_of(file_of(run)) as stream:
        return _write(
            stream,
            ids,
            edition,
            layout,
            job_run.settings.qr_prefix,
            lambda done: job_run.report(done=done, total=len(ids)),
        )


def _save_printings(session: Session, run: PrintRun, badge_ids: Sequence[int]) -> None:
    run.done = run.total = len(badge_ids)
    printed_values = {"print_run_id": run.id, "printed_at": fair_now(), "printed_by": run.asked_by}
    if badge_ids:
        session.execute(
            insert(Printing), [{**printed_values, "badge_id": badge} for badge in badge_ids]
        )
    write_entry(session, SYSTEM, BadgeAction.PRINT_RUN_DONE, run.subject, badges=len(badge_ids))


PRINT_RUNS = JobKind(
    PrintRun,
    name="imprimer les badges",
    lane="papers",
    act="print_run.",
    make=_make_file,
    save=_save_printings,
)


def file_of(run: PrintRun) -> str:
    """Return the name of a run's file in its store."""
    return f"{FOLDER}/{run.file_name}"


def render_badges(badge_ids: Sequence[int], layout: Layout, qr_prefix: str) -> bytes:
    """Return the PDF of a few badges of one edition; the printing is not recorded."""
    buffer = BytesIO()
    badge = queries.get_badge(badge_ids[0])
    edition = current_session().get_one(Edition, badge.edition_id)
    _write(buffer, badge_ids, edition, layout, qr_prefix)
    return buffer.getvalue()


def print_badge_now(act: Act, attendee_id: int, layout: Layout, qr_prefix: str) -> bytes:
    """Return the PDF of a person's valid badge and record its printing. Raises NoResultFound."""
    badge = queries.get_valid_badge(attendee_id)
    content = render_badges([badge.id], layout, qr_prefix)
    _record_printings(act, [badge.id], layout)
    return content


def write_badge_file(
    edition: Edition,
    output: Path,
    layout: str,
    qr_prefix: str,
    limit: int | None,
    now: datetime,
) -> int:
    """Write every valid badge of an edition into `output`; return how many."""
    pairs = queries.badges_to_print(edition.id, AttendeeFilter(), limit)
    ids = [badge for badge, _ in pairs]
    with output.open("wb") as stream:
        _write(stream, ids, edition, Layout(layout), qr_prefix)
    _record_printings(Act(SYSTEM, now), ids, Layout(layout))
    return len(ids)


def _write(
    stream: BinaryIO,
    badge_ids: Sequence[int],
    edition: Edition,
    layout: Layout,
    qr_prefix: str,
    on_progress: Callable[[int], None] | None = None,
) -> list[int]:
    """Write the file; return the badges that are in it, none revoked meanwhile."""
    # ReportLab takes 13 MB: a web worker that prints nothing does without.
    from salon.badges.documents.badge_sheet import write_badges

    settings = queries.settings_of(edition.id)
    fair = queries.fair_face(edition, settings)
    promised_at = edition if layout is Layout.A6 else None
    printed: list[int] = []
    faces = queries.faces_of(badge_ids, qr_prefix, settings, promised_at, printed)
    write_badges(stream, faces, fair, layout, on_progress)
    return printed


def _record_printings(act: Act, badge_ids: Sequence[int], layout: Layout) -> None:
    if not badge_ids:
        return
    rows = [
        {"badge_id": badge, "printed_at": act.now, "printed_by": act.actor.display_name}
        for badge in badge_ids
    ]
    with act.transaction() as session:
        session.execute(insert(Printing), rows)
        subject = f"badge:{badge_ids[0]}" if len(badge_ids) == 1 else ""
        write_entry(
            session, act.actor, BadgeAction.PRINTED, subject, badges=len(badge_ids), layout=layout
        )
