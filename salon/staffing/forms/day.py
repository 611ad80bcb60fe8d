"""Forms of the pages of the day."""

from datetime import UTC, datetime
from typing import Any

from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired, ValidationError

from salon.platform.access import LAST_ROW
from salon.platform.clock import local
from salon.platform.forms import InRange, SalonForm

UNREADABLE = "Rechargez la page, puis recommencez."


def instant(text: str | None) -> datetime | None:
    """Return the instant of an ISO 8601 text with an offset, or None when invalid."""
    try:
        read = datetime.fromisoformat(text or "")
        return None if read.tzinfo is None else local(read).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def check_instant(form: Any, field: Any) -> None:
    if instant(field.data) is None:
        raise ValidationError(UNREADABLE)


class ReinforceForm(SalonForm):
    """Send an agent to a stand."""

    agent_id = IntegerField("Agent", [InputRequired(UNREADABLE), InRange(1, LAST_ROW, UNREADABLE)])
    stand_id = IntegerField("Stand", [InputRequired(UNREADABLE), InRange(1, LAST_ROW, UNREADABLE)])
    starts_at = HiddenField("Début", [check_instant])
    ends_at = HiddenField("Fin", [check_instant])


class MyArrivalForm(SalonForm):
    """`tapped_at`: when the phone was tapped, if it sends later."""

    tapped_at = HiddenField("Heure")
