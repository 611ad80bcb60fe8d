"""Print runs: batches by the worker, or one badge at once at the welcome desk.

No PDF is made inside a transaction. A printed badge does not count as an entry.
"""

import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import insert

from salon.badges import queries, rules
from salon.badges.models import Printing, PrintRun
from salon.badges.models.badge_layouts import Layout
from salon.badges.queries import AttendeeFilter
from salon.fair.models import Edition
from salon.platform.clock import now as fair_now
from salon.platform.clock import real_now
from salon.platform.db import current_session, transaction
from salon.platform.identity import SYSTEM, Identity
from salon.platform.journal import write_entry
from salon.platform.leases import has_work, lease_next
from salon.platform.submissions import claim_submission, settle_submission

log = logging.getLogger("salon")

LEASE = timedelta(minutes=2)
PROGRESS_EVERY = 100
FOLDER = "print_runs"


@dataclass(frozen=True)
class Job:
    """A print run leased by this worker."""

    run_id: int
    edition_id: int
    filters: AttendeeFilter
    layout: Layout
    path: Path


def ask_print_run(
    filters: AttendeeFilter, layout: Layout, key: str, now: datetime, actor: Identity
) -> int:
    """Queue a file of the filtered badges; return the run's number.

    Raises NothingToPrint, TooManyToPrint, SubmissionDiffers.
    """
    edition = queries.get_edition()
    with transaction() as session:
        content = {**filters.as_dict(), "layout": layout}
        earlier = claim_submission(session, key, content)
        if earlier is not None:
            return int(earlier)
        count = queries.count_to_print(edition.id, filters)
        rules.check_run_size(count)
        run = PrintRun(
            edition_id=edition.id,
            filters=filters.as_dict(),
            layout=layout,
            total=count,
            asked_by=actor.display_name,
            asked_at=now,
        )
        session.add(run)
        session.flush()
        subject = f"print_run:{run.id}"
        write_entry(session, actor, "print_run.asked", subject, badges=count, filters=run.filters)
        settle_submission(session, key, str(run.id))
    return run.id


def run_print_runs(data: Path, qr_prefix: str) -> int:
    """Make the file of each waiting run; return how many. Called by the worker.

    Another worker takes the run over when its lease expires.
    """
    run_count = 0
    while (job := _lease_run(data)) is not None:
        _make_file(job, qr_prefix)
        run_count += 1
    return run_count


def _lease_run(data: Path) -> Job | None:
    if not has_work(PrintRun):
        return None
    with transaction() as session:
        run = lease_next(session, PrintRun, LEASE)
        if run is None:
            return None
        run.done = 0
        run.file_name = run.file_name or f"{secrets.token_hex(16)}.pdf"
        filters, layout = AttendeeFilter(**run.filters), Layout(run.layout)
        path = file_of(run, data)
        return Job(run.id, run.edition_id, filters, layout, path)


def _make_file(job: Job, qr_prefix: str) -> None:
    ids = [badge for badge, _ in queries.badges_to_print(job.edition_id, job.filters)]
    reported = 0

    def report_progress(done: int) -> None:
        nonlocal reported
        if done - reported >= PROGRESS_EVERY:
            reported = done
            _record_progress(job.run_id, done, len(ids))

    draft = job.path.with_suffix(".part")
    try:
        job.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with draft.open("wb") as stream:
            edition = current_session().get_one(Edition, job.edition_id)
            _write(stream, ids, edition, job.layout, qr_prefix, report_progress)
        draft.replace(job.path)
    except OSError as error:
        log.error("print run %s: %s", job.run_id, error)
        if draft.is_file():
            draft.unlink()
        _give_up(job.run_id)
        return
    _finish(job.run_id, ids)


def _record_progress(run_id: int, done: int, total: int) -> None:
    with transaction() as session:
        run = session.get_one(PrintRun, run_id, with_for_update=True)
        run.done, run.total = done, total
        run.leased_until = real_now() + LEASE


def _finish(run_id: int, badge_ids: Sequence[int]) -> None:
    with transaction() as session:
        run = session.get_one(PrintRun, run_id, with_for_update=True)
        if run.status != "running":
            return
        run.status, run.done, run.total = "done", len(badge_ids), len(badge_ids)
        run.leased_until, run.finished_at = None, real_now()
        printed = {"print_run_id": run_id, "printed_at": fair_now(), "printed_by": run.asked_by}
        if badge_ids:
            session.execute(
                insert(Printing), [{**printed, "badge_id": badge} for badge in badge_ids]
            )
        subject = f"print_run:{run_id}"
        write_entry(session, SYSTEM, "print_run.done", subject, badges=len(badge_ids))


def _give_up(run_id: int) -> None:
    with transaction() as session:
        run = session.get_one(PrintRun, run_id, with_for_update=True)
        run.status, run.leased_until, run.finished_at = "failed", None, real_now()
        write_entry(session, SYSTEM, "print_run.failed", f"print_run:{run_id}")


def file_of(run: PrintRun, data: Path) -> Path:
    """Return the path of the file of a finished run."""
    return data / FOLDER / run.file_name


def render_badges(badge_ids: Sequence[int], layout: Layout, qr_prefix: str) -> bytes:
    """Return the PDF of a few badges of one edition; the printing is not recorded."""
    buffer = BytesIO()
    badge = queries.get_badge(badge_ids[0])
    edition = current_session().get_one(Edition, badge.edition_id)
    _write(buffer, badge_ids, edition, layout, qr_prefix)
    return buffer.getvalue()


def print_badge_now(
    attendee_id: int, layout: Layout, qr_prefix: str, now: datetime, actor: Identity
) -> bytes:
    """Return the PDF of a person's valid badge and record its printing. Raises NoResultFound."""
    badge = queries.get_valid_badge(attendee_id)
    content = render_badges([badge.id], layout, qr_prefix)
    _record_printings([badge.id], now, actor, layout)
    return content


def write_badge_file(
    output: Path, layout: str, qr_prefix: str, limit: int | None, actor: Identity, now: datetime
) -> int:
    """Write every valid badge of the current edition into `output`; return how many."""
    edition = queries.get_edition()
    pairs = queries.badges_to_print(edition.id, AttendeeFilter(), limit)
    ids = [badge for badge, _ in pairs]
    with output.open("wb") as stream:
        _write(stream, ids, edition, Layout(layout), qr_prefix)
    _record_printings(ids, now, actor, Layout(layout))
    return len(ids)


def _write(
    stream: BinaryIO,
    badge_ids: Sequence[int],
    edition: Edition,
    layout: Layout,
    qr_prefix: str,
    on_progress: Callable[[int], None] | None = None,
) -> None:
    # ReportLab takes 13 MB: a web worker that prints nothing does without.
    from salon.badges.documents.badge_sheet import write_badges

    fair = queries.fair_face(edition)
    promised_at = edition if layout is Layout.A6 else None
    faces = queries.faces_of(badge_ids, qr_prefix, promised_at)
    write_badges(stream, faces, fair, layout, on_progress)


def _record_printings(
    badge_ids: Sequence[int], now: datetime, actor: Identity, layout: Layout
) -> None:
    if not badge_ids:
        return
    rows = [
        {"badge_id": badge, "printed_at": now, "printed_by": actor.display_name}
        for badge in badge_ids
    ]
    with transaction() as session:
        session.execute(insert(Printing), rows)
        subject = f"badge:{badge_ids[0]}" if len(badge_ids) == 1 else ""
        write_entry(session, actor, "badge.printed", subject, badges=len(badge_ids), layout=layout)
