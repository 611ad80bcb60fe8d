"""Publish a version of the open data, withdraw it, put it back."""

from collections.abc import Sequence

from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.open_data import rules
from salon.open_data.actions import OpenDataAction
from salon.open_data.engine import ReleaseFile, count_moves
from salon.open_data.models import DataFile, DataRelease
from salon.open_data.queries.releases import next_number, tables_online
from salon.platform.database.act import Act
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import earlier_row, save_new_row


def publish(act: FairAct, number: int, files: Sequence[ReleaseFile], key: str = "") -> DataRelease:
    """Publish files as the version `number`. Idempotent per `key`.

    Raises FairIsNotOver, NothingChosen, DataChanged when another version was published meanwhile,
    CountMovesByFew, SubmissionDiffers.
    """
    rules.check_fair_is_over(act.edition, act.now)
    rules.check_chosen(files)
    names = [file.name for file in files if file.row_count is not None]
    with act.transaction(act.edition) as session:
        content = {"open_data": act.edition.id, "files": names}
        if earlier := earlier_row(session, DataRelease, key, content):
            return earlier
        rules.check_same(number, next_number(act.edition))
        _check_moves(act.edition, files)
        release = DataRelease(edition_id=act.edition.id, number=number, published_at=act.now)
        release.files = [
            DataFile(
                name=file.name,
                title=file.title,
                description=file.description,
                media_type=file.media_type,
                row_count=file.row_count,
                size=len(file.content),
                content=file.content,
            )
            for file in files
        ]
        save_new_row(session, key, release)
        about = f"edition:{act.edition.id}"
        write_entry(
            session,
            act.actor,
            OpenDataAction.OPEN_DATA_PUBLISHED,
            about,
            version=number,
            files=names,
        )
    return release


def withdraw(act: Act, release: DataRelease) -> None:
    """Stop serving the files of a version. Raises AlreadyWithdrawn."""
    with act.transaction(release) as session:
        rules.check_is_published(release.withdrawn_at)
        release.withdrawn_at = act.now
        about = f"edition:{release.edition_id}"
        write_entry(
            session, act.actor, OpenDataAction.OPEN_DATA_WITHDRAWN, about, version=release.number
        )


def restore(act: Act, release: DataRelease) -> None:
    """Serve the files of a withdrawn version again, as they were.

    Raises AlreadyPublished, CountMovesByFew.
    """
    with act.transaction(release.edition, release) as session:
        rules.check_is_withdrawn(release.withdrawn_at)
        _check_moves(release.edition, release.tables)
        release.withdrawn_at = None
        about = f"edition:{release.edition_id}"
        write_entry(
            session, act.actor, OpenDataAction.OPEN_DATA_RESTORED, about, version=release.number
        )


def _check_moves(edition: Edition, files: Sequence[ReleaseFile | DataFile]) -> None:
    """Compare files that go online with all that are. Raises CountMovesByFew."""
    for online in tables_online(edition):
        for file in files:
            moves = count_moves(online.name, online.content, file.name, file.content)
            rules.check_counts_move_by_many(file.name, online.number, moves)
