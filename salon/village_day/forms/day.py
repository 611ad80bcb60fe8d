"""Forms of the pages of the day."""

from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired

from salon.platform.access import LAST_ROW
from salon.platform.fields import UNREADABLE, check_instant
from salon.platform.forms import InRange, SalonForm


class ReinforceForm(SalonForm):
    """Send an agent to a stand."""

    agent_id = IntegerField("Agent", [InputRequired(UNREADABLE), InRange(1, LAST_ROW, UNREADABLE)])
    stand_id = IntegerField("Stand", [InputRequired(UNREADABLE), InRange(1, LAST_ROW, UNREADABLE)])
    starts_at = HiddenField("Début", [check_instant])
    ends_at = HiddenField("Fin", [check_instant])


class MyArrivalForm(SalonForm):
    """`tapped_at`: when the phone was tapped, if it sends later."""

    tapped_at = HiddenField("Heure")
