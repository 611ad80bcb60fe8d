"""Forms to give a stand, join a pavilion, accept a plan."""

from wtforms import HiddenField, IntegerField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from salon.platform.pages.forms import (
    FilterForm,
    InRange,
    SalonForm,
    VersionForm,
    line,
)

STORABLE = InRange(0, 2**31 - 1, "Rechargez la page, puis validez de nouveau.")


class FindForm(FilterForm):
    """The search of a list."""

    q = line("Nom de l’exposant", length=100, type="search", autocomplete="off")


class GiveStandForm(VersionForm):
    """`stand_id` comes from a select, or is fixed by the plan."""

    stand_id = IntegerField(
        "Stand", validators=[InputRequired("Choisissez un stand."), STORABLE], widget=HiddenInput()
    )


class ExchangeForm(VersionForm):
    """The other exhibitor, with the version of it that was read."""

    other_id = IntegerField(validators=[InputRequired(), STORABLE], widget=HiddenInput())
    other_version = IntegerField(validators=[InputRequired(), STORABLE], widget=HiddenInput())


class PavilionForm(VersionForm):
    parent_id = SelectField("Pavillon")

    @property
    def chosen(self) -> int | None:
        return int(self.parent_id.data) if self.parent_id.data else None


class AskProposalForm(SalonForm):
    """A button."""

    asked = HiddenField(default="1")


class AcceptProposalForm(SalonForm):
    """The rows left ticked; any whole number is accepted, the service filters them."""

    exhibitors = SelectMultipleField("Exposants", coerce=int, validate_choice=False)
