"""Forms that met an ended session: encrypted, for their author alone, for half an hour."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete

from salon.accounts.models import Account, SavedForm
from salon.platform.database.db import current_session, transaction
from salon.platform.files.encryption import Undecipherable, decrypt, encrypt
from salon.platform.settings.clock import real_now

FORM_LIFETIME = timedelta(minutes=30)
PURPOSE = "kept forms"
LONGEST = 200_000
"""Characters of a form that are saved; a longer one is lost, and its author is told."""


@dataclass(frozen=True)
class FormContent:
    """Path and full address of a form, its typed values, and the names of its files."""

    path: str
    address: str
    fields: Sequence[tuple[str, str]]
    files: Sequence[Mapping[str, str]]


def save_form(account: Account, form: FormContent) -> bool:
    """Save a form for its author, in place of the one saved before; False when it is too long."""
    text = json.dumps({"fields": form.fields, "files": form.files})
    if len(text) > LONGEST:
        return False
    with transaction(account) as session:
        session.merge(
            SavedForm(
                account_id=account.id,
                path=form.path,
                address=form.address,
                content=encrypt(text, PURPOSE),
                kept_at=real_now(),
            )
        )
    return True


def find_saved_form(account_id: int) -> FormContent | None:
    """Return the form saved for an account less than FORM_LIFETIME ago."""
    row = current_session().get(SavedForm, account_id)
    if row is None or real_now() - row.kept_at >= FORM_LIFETIME:
        return None
    try:
        content = json.loads(decrypt(row.content, PURPOSE, int(FORM_LIFETIME.total_seconds())))
    except Undecipherable:
        return None
    fields = [(name, value) for name, value in content["fields"]]
    return FormContent(row.path, row.address, fields, content["files"])


def drop_saved_forms(account_id: int) -> None:
    """Delete the form saved for an account. Idempotent."""
    with transaction() as session:
        session.execute(delete(SavedForm).where(SavedForm.account_id == account_id))
