"""People received from the queue of a stand, on paper tickets."""

import itertools
import secrets
from datetime import datetime

from salon.appointments.models import Ticket
from salon.appointments.models.queue import TicketStatus
from salon.fair.models import Stand
from salon.platform.database.db import transaction
from salon.platform.settings.clock import local

numbers = itertools.count(1)


def receive(stand: Stand, *spans: tuple[datetime, datetime]) -> None:
    """People called and met from one instant to another."""
    with transaction() as session:
        for began_at, ended_at in spans:
            session.add(
                Ticket(
                    edition_id=stand.edition_id,
                    stand_id=stand.id,
                    day_on=local(began_at).date(),
                    number=next(numbers),
                    private_token=secrets.token_urlsafe(12),
                    status=TicketStatus.MET,
                    taken_at=began_at,
                    queued_from=began_at,
                    called_at=began_at,
                    closed_at=ended_at,
                )
            )
