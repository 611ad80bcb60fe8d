"""Paper packs: planned before each opening or asked for, drawn by the worker.

No PDF is made inside a transaction. Another worker takes the pack over when its lease expires.
"""

import logging
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import insert

from salon.fair.models import Edition
from salon.fair.queries import find_current_edition, get_current_edition
from salon.paper import queries
from salon.paper.models import PaperPack, PaperPage, Reason
from salon.paper.presenters import content as contents
from salon.platform.clock import now as fair_now
from salon.platform.clock import real_now
from salon.platform.db import current_session, transaction, upsert
from salon.platform.files import file_path
from salon.platform.identity import SYSTEM, Identity
from salon.platform.journal import note, write_entry
from salon.platform.leases import has_work, lease_next
from salon.platform.mail import outbox
from salon.platform.submissions import claim_submission, settle_submission
from salon.village_day.queries.standins import organisers

log = logging.getLogger("salon")

LEASE = timedelta(minutes=2)
DAY_BEFORE, TWO_HOURS = timedelta(hours=24), timedelta(hours=2)
PAGE_PATH = "ORGANISATION/PAPIER"
"""Address in a page's QR code, in capitals, which need fewer modules."""


@dataclass(frozen=True)
class Job:
    """A pack leased by this worker."""

    pack_id: int
    edition_id: int
    path: Path


def plan_packs(now: datetime) -> int:
    """Queue the packs that are due before an opening; return how many. Idempotent.

    Packs missed while no worker ran are not made up for: the latest one replaces them.
    """
    edition = find_current_edition()
    if edition is None:
        return 0
    due = [
        (_reason_at(day.opens_at - now), day.opens_at)
        for day in edition.days
        if timedelta(0) < day.opens_at - now <= DAY_BEFORE
    ]
    return sum(_plan(edition, reason, opens_at, now) for reason, opens_at in due)


def _reason_at(left: timedelta) -> Reason:
    return Reason.TWO_HOURS_BEFORE if left <= TWO_HOURS else Reason.DAY_BEFORE


def _plan(edition: Edition, reason: Reason, opens_at: datetime, now: datetime) -> bool:
    """Queue a pack unless there is one; the unique index decides between two workers."""
    if queries.is_planned(reason, opens_at):
        return False
    with transaction() as session:
        added = session.scalar(
            upsert(PaperPack)
            .values(
                edition_id=edition.id,
                reason=reason,
                planned_for=opens_at,
                status="waiting",
                asked_by=SYSTEM.display_name,
                asked_at=now,
                total=0,
                done=0,
                pages=0,
                file_name="",
            )
            .on_conflict_do_nothing()
            .returning(PaperPack.id)
        )
        if added is not None:
            write_entry(session, SYSTEM, "paper_pack.asked", f"paper_pack:{added}", reason=reason)
    return added is not None


def ask_pack(edition: Edition, key: str, now: datetime, actor: Identity) -> int:
    """Queue a pack and return its id, or the id of the pack already waiting or running."""
    with transaction(edition) as session:
        earlier = claim_submission(session, key, {})
        if earlier is not None:
            return int(earlier)
        pack = queries.find_pack_in_hand(edition)
        if pack is None:
            pack = PaperPack(
                edition_id=edition.id,
                reason=Reason.ASKED,
                asked_by=actor.display_name,
                asked_at=now,
            )
            session.add(pack)
            session.flush()
            write_entry(
                session, actor, "paper_pack.asked", f"paper_pack:{pack.id}", reason=Reason.ASKED
            )
        settle_submission(session, key, str(pack.id))
    return pack.id


def note_download(pack: PaperPack, actor: Identity) -> None:
    note(actor, "paper_pack.downloaded", f"paper_pack:{pack.id}")


def run_packs(data: Path, public_url: str) -> int:
    """Make the file of each waiting pack; return how many. Called by the worker."""
    pack_count = 0
    while (job := _lease_pack(data)) is not None:
        _make_file(job, public_url)
        pack_count += 1
    return pack_count


def _lease_pack(data: Path) -> Job | None:
    if not has_work(PaperPack):
        return None
    with transaction() as session:
        pack = lease_next(session, PaperPack, LEASE)
        if pack is None:
            return None
        pack.done = 0
        pack.file_name = pack.file_name or f"{secrets.token_hex(16)}.pdf"
        return Job(pack.id, pack.edition_id, file_path(data, pack.file_name))


def _make_file(job: Job, public_url: str) -> None:
    draft = job.path.with_suffix(f".{os.getpid()}.part")
    try:
        job.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            pages = draw_pack(file, job.pack_id, public_url)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(job.path)
    except OSError as error:
        log.error("paper pack %s: %s", job.pack_id, error)
        if draft.is_file():
            draft.unlink()
        _give_up(job.pack_id)
        return
    _finish(job.pack_id, pages)


def draw_pack(stream: BinaryIO, pack_id: int, public_url: str) -> list[tuple[int, ...]]:
    """Write the PDF of a pack; return the badges of each of its pages."""
    # ReportLab takes 13 MB: a web worker that prints nothing does without.
    from salon.paper.documents.pack_pdf import write_pack

    pack = current_session().get_one(PaperPack, pack_id)
    edition = current_session().get_one(Edition, pack.edition_id)
    day = contents.day_of(edition, pack)
    content = contents.content_of(edition, pack, fair_now())
    digits = len(str(2 * len(content.by_name) + content.facts.people))
    current_session().rollback()

    def address_of(number: int) -> str:
        return f"{public_url}/{PAGE_PATH}/{pack_id}/{number:0{digits}d}".upper()

    def lines_of(badge_ids: Sequence[int]) -> dict[int, contents.Line]:
        lines = {line.badge_id: line for line in contents.lines_of(badge_ids, day)}
        current_session().rollback()
        return lines

    def report_progress(done: int, total: int) -> None:
        _record_progress(pack_id, done, total)

    return write_pack(stream, content, address_of, lines_of, report_progress)


def _record_progress(pack_id: int, done: int, total: int) -> None:
    with transaction() as session:
        pack = session.get_one(PaperPack, pack_id, with_for_update=True)
        pack.done, pack.total = done, total
        if pack.status == "running":
            pack.leased_until = real_now() + LEASE


def _finish(pack_id: int, pages: Sequence[tuple[int, ...]]) -> None:
    with transaction() as session:
        pack = session.get_one(PaperPack, pack_id, with_for_update=True)
        if pack.status != "running":
            return
        pack.status, pack.done, pack.total = "done", len(pages), len(pages)
        pack.leased_until, pack.finished_at, pack.pages = None, real_now(), len(pages)
        session.execute(
            insert(PaperPage),
            [
                {"pack_id": pack_id, "number": number, "badge_ids": list(ids)}
                for number, ids in enumerate(pages, 1)
            ],
        )
        subject = f"paper_pack:{pack_id}"
        write_entry(session, SYSTEM, "paper_pack.done", subject, pages=len(pages))
        # A pack made by the command was handed over there: there is no file to fetch.
        for address, first_name in organisers() if pack.file_name else ():
            outbox.post(
                session,
                "paper_pack_ready",
                address,
                about=subject,
                urgent=pack.reason == Reason.TWO_HOURS_BEFORE,
                first_name=first_name,
                number=pack_id,
                pages=len(pages),
                why=pack.reason.label,
            )


def _give_up(pack_id: int) -> None:
    with transaction() as session:
        pack = session.get_one(PaperPack, pack_id, with_for_update=True)
        pack.status, pack.leased_until, pack.finished_at = "failed", None, real_now()
        write_entry(session, SYSTEM, "paper_pack.failed", f"paper_pack:{pack_id}")


def write_pack_file(output: Path, public_url: str, now: datetime, actor: Identity) -> int:
    """Make a pack of the current edition at once, also into `output`; return its page count.

    Raises NoResultFound without an edition, OSError when a disk is full.
    """
    edition = get_current_edition()
    with transaction() as session:
        pack = PaperPack(
            edition_id=edition.id,
            reason=Reason.ASKED,
            status="running",
            asked_by=actor.display_name,
            asked_at=now,
            leased_until=real_now() + LEASE,
        )
        session.add(pack)
        session.flush()
        write_entry(
            session, actor, "paper_pack.asked", f"paper_pack:{pack.id}", reason=Reason.ASKED
        )
    with output.open("wb") as stream:
        pages = draw_pack(stream, pack.id, public_url)
    _finish(pack.id, pages)
    return len(pages)


def file_of(pack: PaperPack, data: Path) -> Path:
    """Return the path of the file of a finished pack."""
    return file_path(data, pack.file_name)
