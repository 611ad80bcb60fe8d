"""Forms of the day, to give up a shift, to exchange it, and to assign it."""

from wtforms import HiddenField, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, Regexp

from salon.platform.pages.fields import UNREADABLE, check_instant
from salon.platform.pages.forms import CreatingForm, InRange, SalonForm, SentField, line
from salon.platform.web.access import LAST_ROW

LONGEST = 200


class AskStandInForm(CreatingForm):
    reason = line("Pourquoi", length=LONGEST, autocomplete="off")


class AskNextForm(CreatingForm):
    """The button alone: on a double click, the next wave is asked once."""


class OpenStandInForm(AskStandInForm):
    """A request opened for an agent who cannot open it: ill, on the telephone."""

    shift = SelectField(
        "La vacation à remplacer",
        choices={},
        coerce=int,
        validators=[InputRequired("Choisissez une vacation de la liste.")],
    )


class AssignShiftForm(SalonForm):
    """`accepted`: the obstacles that were read, by their names."""

    accepted = SentField("Ce qui a été lu", validators=[Regexp(r"^[a-z_,]{0,200}\Z")])

    @property
    def obstacles(self) -> list[str]:
        return [obstacle for obstacle in str(self.accepted.data).split(",") if obstacle]


class AskExchangeForm(CreatingForm):
    requested_shift = RadioField(
        "La vacation que vous prendriez",
        choices={},
        coerce=int,
        validators=[InputRequired("Choisissez la vacation que vous prendriez.")],
    )
    words = line("Un mot pour votre collègue", length=LONGEST, autocomplete="off")


class ReinforceForm(SalonForm):
    """Send an agent to a stand."""

    agent_id = IntegerField("Agent", [InputRequired(UNREADABLE), InRange(1, LAST_ROW, UNREADABLE)])
    stand_id = IntegerField("Stand", [InputRequired(UNREADABLE), InRange(1, LAST_ROW, UNREADABLE)])
    starts_at = HiddenField("Début", [check_instant])
    ends_at = HiddenField("Fin", [check_instant])


class MyArrivalForm(SalonForm):
    """`tapped_at`: when the phone was tapped, if it sends later."""

    tapped_at = HiddenField("Heure")
