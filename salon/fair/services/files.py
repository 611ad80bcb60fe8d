"""Documents that the public downloads from a theme or from an item of the programme."""

from pathlib import Path

from salon.fair.models import Edition, FairFile, ProgrammeItem, Theme
from salon.fair.rules.files import check_room_for_file
from salon.platform.db import transaction
from salon.platform.files import SUFFIXES, check_document, clean_name, remove_file, save_file
from salon.platform.identity import Identity
from salon.platform.journal import write_entry
from salon.platform.submissions import earlier_row, settle_submission


def add_file(
    owner: Theme | ProgrammeItem,
    label: str,
    content: bytes,
    name: str,
    data: Path,
    key: str,
    actor: Identity,
) -> FairFile:
    """Add a PDF, JPEG or PNG. Idempotent by `key`; the file is written before its row.

    Raises DocumentRefused, TooManyFiles.
    """
    media_type = check_document(content, name)
    stored_name = save_file(data, content, SUFFIXES[media_type])
    file = FairFile(
        edition_id=owner.edition_id,
        theme_id=owner.id if isinstance(owner, Theme) else None,
        item_id=owner.id if isinstance(owner, ProgrammeItem) else None,
        label=label,
        name=clean_name(name, media_type),
        stored_name=stored_name,
        media_type=media_type,
        size=len(content),
    )
    saved = None
    try:
        saved = _save_row(owner, file, key, actor)
    finally:
        if saved is not file:
            remove_file(data, stored_name)
    return saved


def _save_row(owner: Theme | ProgrammeItem, file: FairFile, key: str, actor: Identity) -> FairFile:
    content = {"owner": f"{owner.__tablename__}:{owner.id}", "label": file.label, "size": file.size}
    with transaction(owner) as session:
        if earlier := earlier_row(session, FairFile, key, content):
            return earlier
        check_room_for_file(len(owner.files))
        session.add(file)
        session.flush()
        session.expire(owner, ["files"])
        subject = f"edition:{owner.edition_id}"
        write_entry(session, actor, "fair_file.added", subject, label=file.label)
        settle_submission(session, key, str(file.id))
    return file


def remove_fair_file(edition: Edition, file: FairFile, data: Path, actor: Identity) -> None:
    """Remove a document from its page, then from the disk."""
    with transaction(file) as session:
        session.delete(file)
        write_entry(session, actor, "fair_file.removed", f"edition:{edition.id}", label=file.label)
    delete_files(data, [file.stored_name])


def delete_files(data: Path, stored_names: list[str]) -> None:
    """Delete files whose rows are gone. Idempotent."""
    for stored_name in stored_names:
        remove_file(data, stored_name)
