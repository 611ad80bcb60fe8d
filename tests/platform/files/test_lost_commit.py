"""A database that is lost at a commit: no row names a file that was removed, no file stays."""

import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from salon.exhibitors.services.answers import give_logo
from salon.exhibitors.services.profile import change_profile
from salon.fair.models import Edition
from salon.fair.services.look import change_look, look_of
from salon.platform.database import postgresql_connections
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from salon.platform.database.versions import stamp_of
from salon.platform.settings.clock import real_now
from salon.platform.settings.installation import Settings
from salon.platform.storage.folder import FolderStore
from salon.stored_files import named_files, remove_orphans
from tests.conftest import settings_for
from tests.exhibitor_space.made import picture
from tests.exhibitor_space.records import BY, give, stored
from tests.exhibitor_space.test_profile_services import profile
from tests.exhibitors.make import make_exhibitor, make_terms
from tests.factories import act_in
from tests.lost_commits import ANSWER, REQUEST, Line, line_to
from tests.postgres import Slate
from tests.processes import PATIENCE_S

pytestmark = pytest.mark.postgres
Sending = Callable[[], object]


@pytest.fixture
def line(slate: Slate) -> Iterator[Line]:
    folder = slate.server.folder
    with tempfile.TemporaryDirectory() as own, line_to(folder, Path(own)) as line:
        yield line
        slate.clean()


@pytest.fixture(autouse=True)
def no_ping(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a file takes to be read, the next commit is that of its row."""
    monkeypatch.setattr(postgresql_connections, "IDLE_S", PATIENCE_S)


@pytest.fixture
def settings(line: Line, slate: Slate, tmp_path: Path) -> Settings:
    return settings_for(tmp_path, slate.url.replace(str(slate.server.folder), str(line.folder)))


def document(edition: Edition, data: Path) -> Sending:
    exhibitor = make_exhibitor(edition)
    return lambda: give(exhibitor, data)


def logo_of_application(edition: Edition, data: Path) -> Sending:
    make_terms(edition)
    token = make_exhibitor(edition, status="draft").private_token
    return lambda: give_logo(Act(SYSTEM), token, 1, picture(), FolderStore(data))


def logo_of_exhibitor(edition: Edition, data: Path) -> Sending:
    exhibitor, new = make_exhibitor(edition), profile(logo=picture())
    return lambda: change_profile(Act(BY), exhibitor, 1, new, FolderStore(data))


def look_of_fair(edition: Edition, data: Path) -> Sending:
    changes, stamp = {**look_of(edition), "logo": picture()}, stamp_of(look_of(edition))
    return lambda: change_look(act_in(edition, SYSTEM), changes, stamp, FolderStore(data))


@pytest.mark.parametrize(
    "prepare", [document, logo_of_application, logo_of_exhibitor, look_of_fair]
)
@pytest.mark.parametrize("moment", [REQUEST, ANSWER], ids=["before", "after"])
def test_a_file_stays_as_long_as_a_row_may_name_it(
    edition: Edition,
    line: Line,
    tmp_path: Path,
    moment: bytes,
    prepare: Callable[[Edition, Path], Sending],
) -> None:
    send = prepare(edition, tmp_path)
    current_session().rollback()
    line.breaks_at = moment
    with pytest.raises(OperationalError):
        send()
    assert line.breaks_at is None
    assert len(stored(tmp_path)) == 1
    is_saved = moment == ANSWER
    assert named_files() == set(stored(tmp_path) if is_saved else [])
    assert remove_orphans(FolderStore(tmp_path), real_now() + timedelta(days=2)) == (not is_saved)
