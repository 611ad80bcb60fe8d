"""Forms to give up a shift, to exchange it, and to assign it."""

from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, Regexp

from salon.platform.forms import CreatingForm, SalonForm, SentField, line

LONGEST = 200


class AskStandInForm(CreatingForm):
    reason = line("Pourquoi", length=LONGEST, autocomplete="off")


class AskNextForm(CreatingForm):
    """The button alone: on a double click, the next wave is asked once."""


class OpenStandInForm(AskStandInForm):
    """For an agent who cannot open it: ill, on the telephone."""

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
    wanted = RadioField(
        "La vacation que vous prendriez",
        choices={},
        coerce=int,
        validators=[InputRequired("Choisissez la vacation que vous prendriez.")],
    )
    words = line("Un mot pour votre collègue", length=LONGEST, autocomplete="off")
