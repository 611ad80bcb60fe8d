"""Documents that the public downloads from a theme or from an item of the programme."""

from functools import partial

from salon.fair.actions import FairAction
from salon.fair.models import FairFile, ProgrammeItem, Theme
from salon.fair.rules.files import check_room_for_file
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import earlier_row, save_new_row
from salon.platform.files.uploads import SentFile, remove_file, save_document
from salon.platform.storage.store import FileStore


def add_file(
    act: Act, owner: Theme | ProgrammeItem, label: str, sent: SentFile, store: FileStore, key: str
) -> FairFile:
    """Add a PDF, JPEG or PNG. Idempotent by `key`.

    Raises DocumentRefused, TooManyFiles.
    """
    make_row = partial(
        FairFile,
        edition_id=owner.edition_id,
        theme_id=owner.id if isinstance(owner, Theme) else None,
        item_id=owner.id if isinstance(owner, ProgrammeItem) else None,
        label=label,
    )
    return save_document(store, sent, make_row, lambda file: _save_row(act, owner, file, key))


def _save_row(act: Act, owner: Theme | ProgrammeItem, file: FairFile, key: str) -> FairFile:
    content = {"owner": f"{owner.__tablename__}:{owner.id}", "label": file.label, "size": file.size}
    with act.transaction(owner) as session:
        if earlier := earlier_row(session, FairFile, key, content):
            return earlier
        check_room_for_file(len(owner.files))
        save_new_row(session, key, file)
        session.expire(owner, ["files"])
        subject = f"edition:{owner.edition_id}"
        write_entry(session, act.actor, FairAction.FAIR_FILE_ADDED, subject, label=file.label)
    return file


def remove_fair_file(act: FairAct, file: FairFile, store: FileStore) -> None:
    """Remove a document from its page, then from the disk."""
    with act.transaction(file) as session:
        session.delete(file)
        write_entry(
            session,
            act.actor,
            FairAction.FAIR_FILE_REMOVED,
            f"edition:{act.edition.id}",
            label=file.label,
        )
    delete_files(store, [file.stored_name])


def delete_files(store: FileStore, stored_names: list[str]) -> None:
    """Delete files whose rows are gone. Idempotent."""
    for stored_name in stored_names:
        remove_file(store, stored_name)
