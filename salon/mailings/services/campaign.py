"""The plan of the campaign: its steps, written as drafts. Nothing leaves by itself."""

from collections.abc import Sequence
from dataclasses import asdict

from salon.fair.services.acts import FairAct
from salon.mailings.actions import MailingAction
from salon.mailings.models import Mailing
from salon.mailings.queries.campaign import campaign_of
from salon.mailings.services.drafts import Draft
from salon.platform.database.journal import write_entry


def prepare_campaign(act: FairAct, steps: Sequence[Draft]) -> int:
    """Write the steps of a campaign as drafts, unless the edition has one; return their number."""
    with act.transaction(act.edition) as session:
        if campaign_of(act.edition):
            return 0
        session.add_all(
            Mailing(
                edition_id=act.edition.id,
                author=act.actor.display_name,
                created_at=act.now,
                **asdict(step),
            )
            for step in steps
        )
        count = len(steps)
        subject = f"edition:{act.edition.id}"
        write_entry(session, act.actor, MailingAction.CAMPAIGN_PREPARED, subject, count=count)
    return count
