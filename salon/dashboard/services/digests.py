"""The digest of an organiser: exactly one a day, written down with its message."""

from collections.abc import Mapping, Sequence
from datetime import date

from salon.accounts.models import Account
from salon.dashboard.queries.digests import is_due
from salon.platform.database.db import transaction
from salon.platform.mail.outbox import post


def post_digest(
    account: Account,
    today: date,
    sections: Sequence[Mapping[str, object]],
    counts: Mapping[str, Mapping[str, int]],
) -> int:
    """Note the morning and its counts, and post the digest if it has a section; return how many
    messages. Another worker may have done so before."""
    with transaction(account) as session:
        if not is_due(account, today) or account.disabled_at is not None:
            return 0
        account.digest_on, account.digest_counts = today, {**account.digest_counts, **counts}
        if not sections:
            return 0
        about = f"account:{account.id}"
        post(session, "digest", account.email, about, urgent=False, sections=sections)
    return 1
