"""A worker killed while it makes a paper pack: it is made once, whole, and told of once."""

from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from bench.fairs import Fair
from bench.workers import Worker
from salon.paper.jobs import ask_pack, file_of
from salon.paper.models import PaperPack, PaperPage
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.journal import JournalEntry
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import local, now, real_now
from salon.platform.web.access import settings
from salon.platform.work.jobs import LEASE, JobStatus
from salon.stored_files import ORPHAN_AFTER, remove_orphans
from tests.conftest import settings_for
from tests.factories import act_in, make_account, make_edition, make_places, new_key
from tests.kills import count, files_in, write_lock
from tests.paper.people import make_crowd, pages_of
from tests.platform.files.backup.places import close, opened

PEOPLE = 150
LATER = timedelta(days=10)
"""Until the fair, which so has no pack of its eve meanwhile."""
RUNS, DONE = PaperPack.status == JobStatus.RUNNING, PaperPack.status == JobStatus.DONE


def end_lease(pack_id: int) -> None:
    """Let another worker take the pack now, as it may in a minute."""
    with transaction() as session:
        pack = session.get_one(PaperPack, pack_id, populate_existing=True)
        pack.leased_until = real_now() - LEASE


@pytest.mark.long
def test_a_pack_whose_worker_is_killed_is_made_once_and_whole(tmp_path: Path) -> None:
    """Between its file and its rows, and while it is drawn."""
    app = opened(settings_for(tmp_path / "data"))
    fair = Fair(tmp_path / "data", "", "")
    with app.app_context():
        make_places()
        edition = make_edition(day=(local(now()) + LATER).date())
        organiser = make_account(role=Role.ORGANISER)
        badges = {badge.id for badge in make_crowd(edition, PEOPLE)}
        pack_id = ask_pack(act_in(edition, SYSTEM), new_key())
        pack = PaperPack.id == pack_id
        with Worker(fair) as worker:
            worker.wait_for(lambda: count(fair, PaperPack, pack, RUNS) == 1)
            with write_lock(fair):
                worker.wait_for(lambda: len(files_in(fair, "uploads")) == 1)
                worker.kill()
            [orphan] = files_in(fair, "uploads")
            assert count(fair, PaperPage) == count(fair, Message) == 0
            others = {path.name for path in fair.data.iterdir()}
            end_lease(pack_id)
            worker.start()
            worker.wait_for(lambda: count(fair, PaperPack, pack, PaperPack.attempts == 2) == 1)
            worker.kill()
            assert {path.name for path in fair.data.iterdir()} <= others
            end_lease(pack_id)
            worker.start()
            worker.wait_for(lambda: count(fair, PaperPack, pack, DONE) == 1)
        current_session().rollback()
        made = current_session().get_one(PaperPack, pack_id, populate_existing=True)
        assert {number for page in pages_of(made) for number in page} == badges
        assert len(PdfReader(fair.data / file_of(made)).pages) == made.pages == len(pages_of(made))
        told = count(fair, Message, Message.recipient == organiser.email)
        is_done = JournalEntry.action == "paper_pack.done"
        assert (told, count(fair, JournalEntry, is_done)) == (1, 1)
        assert remove_orphans(settings().file_store, real_now() + ORPHAN_AFTER * 2) == 1
        assert files_in(fair, "uploads") == {made.file_name} != {orphan}
    close(app)
