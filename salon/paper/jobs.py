"""Paper packs: planned before each opening or asked for, drawn by the worker.

No PDF is made inside a transaction. Another worker takes the pack over when its lease expires.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import insert
from sqlalchemy.orm import Session

from salon.fair.models import Edition
from salon.fair.queries import confirmed_editions
from salon.fair.services.acts import FairAct
from salon.paper import queries
from salon.paper.actions import PaperAction
from salon.paper.models import PaperPack, PaperPage, Reason
from salon.paper.presenters import content as contents
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction, upsert
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import note, write_entry
from salon.platform.database.submissions import claim_submission, settle_submission
from salon.platform.files.uploads import upload
from salon.platform.mail import outbox
from salon.platform.settings.clock import now as fair_now
from salon.platform.settings.installation import Settings
from salon.platform.work.jobs import JobKind, JobRun, ask, find_in_hand, run_job
from salon.village_day.queries.standins import organisers

Pages = Sequence[tuple[int, ...]]
"""The badges of each page of a pack."""

DAY_BEFORE, TWO_HOURS = timedelta(hours=24), timedelta(hours=2)
PAGE_PATH = "ORGANISATION/PAPIER"
"""Address in a page's QR code, in capitals, which need fewer modules."""


def plan_packs(now: datetime) -> int:
    """Queue the packs that are due before an opening; return how many. Idempotent.

    Packs missed while no worker ran are not made up for: the latest one replaces them.
    """
    due = [
        (edition, _reason_at(day.opens_at - now), day.opens_at)
        for edition in confirmed_editions()
        for day in edition.days
        if timedelta(0) < day.opens_at - now <= DAY_BEFORE
    ]
    return sum(_plan(edition, reason, opens_at, now) for edition, reason, opens_at in due)


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
                asked_by=SYSTEM.display_name,
                asked_at=now,
            )
            .on_conflict_do_nothing()
            .returning(PaperPack.id)
        )
        if added is not None:
            write_entry(session, SYSTEM, PaperAction.ASKED, f"paper_pack:{added}", reason=reason)
    return added is not None


def ask_pack(act: FairAct, key: str) -> int:
    """Queue a pack and return its id, or the id of the pack already waiting or running."""
    with act.transaction(act.edition) as session:
        earlier = claim_submission(session, key, {})
        if earlier is not None:
            return int(earlier)
        pack = find_in_hand(PaperPack, act.edition.id) or _ask(act, session)
        settle_submission(session, key, str(pack.id))
    return pack.id


def _ask(act: FairAct, session: Session) -> PaperPack:
    reason = {"reason": Reason.ASKED}
    return ask(act, session, PAPER_PACKS, reason, edition_id=act.edition.id, **reason)


def note_download(act: Act, pack: PaperPack) -> None:
    note(act.actor, PaperAction.DOWNLOADED, pack.subject)


def _make_file(pack: PaperPack, run: JobRun[PaperPack]) -> Pages:
    with run.draft_of(file_of(pack)) as stream:
        return _draw(stream, pack, run)


def _draw(stream: BinaryIO, pack: PaperPack, run: JobRun[PaperPack]) -> Pages:
    """Write the PDF of a pack; return the badges of each of its pages."""
    # ReportLab takes 13 MB: a web worker that prints nothing does without.
    from salon.paper.documents.pack_pdf import write_pack

    pack_id, edition = pack.id, current_session().get_one(Edition, pack.edition_id)
    day = contents.day_of(edition, pack)
    content = contents.content_of(edition, pack, fair_now())
    digits = len(str(2 * len(content.by_name) + content.facts.people))
    current_session().rollback()

    def address_of(number: int) -> str:
        return f"{run.settings.public_url}/{PAGE_PATH}/{pack_id}/{number:0{digits}d}".upper()

    def lines_of(badge_ids: Sequence[int]) -> dict[int, contents.CheckInLine]:
        lines = {line.badge_id: line for line in contents.lines_of(badge_ids, day)}
        current_session().rollback()
        return lines

    def report_progress(done: int, total: int) -> None:
        run.report(done=done, total=total)

    return write_pack(stream, content, address_of, lines_of, report_progress)


def _save_pages(session: Session, pack: PaperPack, pages: Pages) -> None:
    pack.done = pack.total = pack.pages = len(pages)
    session.execute(
        insert(PaperPage),
        [
            {"pack_id": pack.id, "number": number, "badge_ids": list(ids)}
            for number, ids in enumerate(pages, 1)
        ],
    )
    write_entry(session, SYSTEM, PaperAction.DONE, pack.subject, pages=len(pages))
    # A pack made by the command was handed over there: there is no file to fetch.
    for address, first_name in organisers() if pack.file_name else ():
        outbox.post(
            session,
            "paper_pack_ready",
            address,
            about=pack.subject,
            urgent=pack.reason == Reason.TWO_HOURS_BEFORE,
            first_name=first_name,
            number=pack.id,
            pages=len(pages),
            why=pack.reason.label,
        )


PAPER_PACKS = JobKind(
    PaperPack,
    name="faire les dossiers papier",
    lane="papers",
    act="paper_pack.",
    make=_make_file,
    save=_save_pages,
)


def write_pack_file(act: FairAct, output: Path, settings: Settings) -> int:
    """Make a pack at once, into `output`; return its page count.

    Raises OSError when a disk is full.
    """
    with act.transaction() as session:
        pack = _ask(act, session)
        pack.begin()
        pack.file_name = ""

    def make(pack: PaperPack, run: JobRun[PaperPack]) -> Pages:
        with output.open("wb") as stream:
            return _draw(stream, pack, run)

    run_job(replace(PAPER_PACKS, make=make), pack, settings)
    return pack.pages


def file_of(pack: PaperPack) -> str:
    """Return the name of a pack's file in its store."""
    return upload(pack.file_name)
